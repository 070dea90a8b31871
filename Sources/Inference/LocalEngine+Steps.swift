package import Chat
import Engine
import Tokenization

extension LocalEngine {
    package func look(back: Int, top: Int) throws -> TokenPlace {
        let last = try answerToStepThrough(back: back)
        let index = last.tokens.count - back
        let (place, recomputed) = try place(at: index, of: last, stop: beginStoppable())
        let next = NextToken(place.logits)
        func choice(_ token: Int32, _ probability: Double) -> TokenChoice {
            TokenChoice(id: token, text: loaded.tokenizer.text(of: token), probability: Float(probability))
        }
        let text = self.text(of: last.tokens.prefix(index))
        let whole = history.last?.text ?? ""
        return TokenPlace(
            turn: "", index: index, count: last.tokens.count, text: text,
            rest: whole.hasPrefix(text) ? String(whole.dropFirst(text.count)) : "",
            chosen: index < last.tokens.count
                ? choice(last.tokens[index], next.probability(of: last.tokens[index])) : nil,
            alternatives: next.top(top).map(choice), recomputedTokens: recomputed)
    }

    /// Goes into the last answer, takes a token there and goes on.
    func pick(_ token: Int32, back: Int, options: GenerationOptions, stop: StopFlag, events: Events) {
        let before = standing
        do {
            let last = try answerToStepThrough(back: back)
            guard token >= 0, Int(token) < runner.vocabSize else {
                throw ChatFailure(
                    what: "can't take the token \(token)", why: "the model's tokens are 0 to \(runner.vocabSize - 1)",
                    isRefusal: true)
            }
            let index = last.tokens.count - back
            let (place, recomputed) = try place(at: index, of: last, stop: stop)
            try takeUp(last, at: place)
            var turn = Turn(options: options, form: form, stop: stop)
            turn.metrics.recomputedTokens = recomputed
            let prefix = last.tokens.prefix(index).reduce("") { $0 + turn.take(loaded.tokenizer.bytes(of: $1)) }
            guard !turn.isStopped else {
                throw ChatFailure(what: "can't go on there", why: "a stop text ended the answer", isRefusal: true)
            }
            if !prefix.isEmpty { events(.text(prefix)) }
            resumeSampler(with: options.sampling)
            let reason = try take(token, at: place, turn: &turn, events: events) ?? decode(turn: &turn, events: events)
            history[history.count - 1].text = turn.text
            finish(turn, reason, events: events)
        } catch {
            stand(at: before)
            events(.failed(ChatFailure(error)))
        }
    }

    /// Stands inside the last answer.
    private func takeUp(_ last: LastAnswer, at place: AnswerRing.Place) throws {
        runner.restore(place.state, logits: place.logits)
        conversationTokens = place.state.position
        sampler = place.sampler
        self.last = last
        self.last?.tokens = Array(last.tokens.prefix(place.index))
        self.last?.draws.truncate(to: place.index)
        self.last?.draws.note(place.sampler.generatorState, at: place.index)
        fed = FedTokens(prompt: last.promptTokens, chunkSize: runner.chunkSize, completion: self.last?.tokens ?? [])
        guard history.last?.role == .assistant else {
            throw ChatFailure(what: "can't go on there", why: "the conversation does not end with an answer")
        }
    }

    /// Reads a token that the reader chose; returns why the answer ends, if it does.
    private func take(
        _ token: Int32, at place: AnswerRing.Place, turn: inout Turn, events: Events
    ) throws -> FinishReason? {
        if loaded.tokenizer.endOfTurn.contains(token) {
            let rest = turn.finish(isCutOff: false)
            if !rest.isEmpty { events(.text(rest)) }
            return .endOfTurn
        }
        let prediction = runner.prediction(of: token)
        sampler?.observe(token)
        let text = turn.take(loaded.tokenizer.bytes(of: token))
        try feedAnswer(token, metrics: &turn.metrics)
        turn.metrics = metrics(turn.metrics)
        let chosen = SampledToken(
            id: token, text: text, probability: prediction.probability, entropy: prediction.entropy)
        events(.token(chosen, turn.metrics))
        return turn.isStopped ? .stopText : nil
    }

    private func answerToStepThrough(back: Int) throws -> LastAnswer {
        guard let last else {
            throw ChatFailure(
                what: "there is no answer to step through", why: "nothing has been asked yet", isRefusal: true)
        }
        guard (0...last.tokens.count).contains(back) else {
            throw ChatFailure(
                what: "can't step back \(back) tokens", why: "the answer has \(last.tokens.count)", isRefusal: true)
        }
        return last
    }

    /// The place inside an answer at which it had `index` tokens; further back than the last ones the answer is read
    /// again from its question on.
    private func place(at index: Int, of last: LastAnswer, stop: StopFlag) throws
        -> (AnswerRing.Place, recomputed: Int)
    {
        if let place = ring.place(at: index, model: loaded.model) ?? reread.place(at: index, model: loaded.model) {
            return (place, 0)
        }
        // Penalties look at all that was said; the next answer brings the length of their window.
        var settings = SamplerSettings(.greedy)
        settings.penaltyWindow = .max
        var sampler = Sampler(settings, seed: sampler?.generatorState ?? 0)
        if index == last.tokens.count {
            for token in last.tokens { sampler.observe(token) }
            sampler.generatorState = last.draws.generator(at: index) ?? sampler.generatorState
            return (AnswerRing.Place(state: runner.state, logits: runner.logits, sampler: sampler, index: index), 0)
        }
        guard let prompt = last.prompt else {
            throw ChatFailure(
                what: "can't step back so far", why: "the place where the question had been read is kept nowhere",
                isRefusal: true)
        }
        var runner = ModelRunner(loaded.model, chunkSize: 1)
        runner.restore(prompt.state, logits: prompt.logits)
        runner.notesSteps = true
        reread.clear()
        for number in 0...index {
            guard !stop.isSet else { throw ChatFailure(what: "stepping back was stopped", isRefusal: true) }
            sampler.generatorState = last.draws.generator(at: number) ?? sampler.generatorState
            reread.add(&runner, sampler: sampler, index: number)
            guard number < index else { break }
            sampler.observe(last.tokens[number])
            try runner.feed([last.tokens[number]])
        }
        guard let place = reread.place(at: index, model: loaded.model) else {
            throw ChatFailure(what: "can't step back so far")
        }
        return (place, index)
    }

    /// The text of an answer's first tokens.
    private func text(of tokens: ArraySlice<Int32>) -> String {
        var turn = Turn(options: GenerationOptions(), form: form, stop: StopFlag())
        return tokens.reduce("") { $0 + turn.take(loaded.tokenizer.bytes(of: $1)) }
    }
}

extension Tokenizer {
    /// A token's text alone; a part of a character is shown as one that is unknown.
    func text(of token: Int32) -> String { String(decoding: bytes(of: token), as: UTF8.self) }
}
