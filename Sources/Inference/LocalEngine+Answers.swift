import Chat
import Engine
import Tokenization

extension LocalEngine {
    /// Makes one turn, and leaves everything as it was if the turn's prompt can't be read to its end.
    ///
    /// - Parameter channel: where another engine is told of its tokens, if one follows
    func answer(
        _ text: String, options: GenerationOptions, stop: StopFlag, channel: LeadChannel? = nil, events: Events
    ) {
        let before = (state: runner.state, tokens: conversationTokens)
        setTraces(options.traces)
        var turn = Turn(options: options, form: form, stop: stop)
        turn.channel = channel
        do {
            if let prompt = try read(text, turn: &turn, events: events) {
                noteQuestion(text, prompt: prompt, startsOver: options.rereadsHistory && before.tokens > 0)
                channel?.offer(.prompt(prompt))
                try finishTurn(text, turn: &turn, events: events) { turn in
                    let reason = try makeAnswer(turn: &turn, events: events)
                    channel?.offer(.finished(reason))
                    return reason
                }
            } else {
                (runner.state, conversationTokens) = before
                events(.finished(.withdrawn, metrics(turn.metrics)))
            }
        } catch {
            (runner.state, conversationTokens) = before
            events(.failed(ChatFailure(error)))
        }
    }

    /// Makes another answer to the last question; the sampler goes on, so that it can be another one.
    func answerAgain(options: GenerationOptions, stop: StopFlag, events: Events) {
        guard var asked = last, let place = asked.prompt, let question = place.question else {
            events(.failed(ChatFailure(what: "there is no answer to make again", why: "nothing has been asked yet")))
            return
        }
        setTraces(options.traces)
        let before = standing
        var turn = Turn(options: options, form: form, stop: stop)
        restore(place)
        (sampler, samplerSeed) = (before.sampler, before.snapshot.seed)
        (asked.tokens, asked.draws) = ([], DrawLog())
        last = asked
        do {
            try finishTurn(question, turn: &turn, events: events) {
                try makeAnswer(turn: &$0, events: events)
            }
        } catch {
            stand(at: before)
            events(.failed(ChatFailure(error)))
        }
    }

    /// Notes the place where a question has been read, for answers that begin there.
    func noteQuestion(_ text: String, prompt: [Int32], startsOver: Bool) {
        cutOff = nil
        var place = snapshot()
        place.question = text
        last = LastAnswer(prompt: place, promptTokens: prompt, startsOver: startsOver)
    }

    /// Answers a question whose prompt has been read.
    ///
    /// - Parameter decode: feeds the answer's tokens, and returns why they end
    func finishTurn(
        _ text: String, turn: inout Turn, events: Events, decode: (inout Turn) throws -> FinishReason
    ) throws {
        ring.clear()
        reread.clear()
        fed = FedTokens(prompt: last?.promptTokens ?? [], chunkSize: runner.chunkSize)
        beginAnswer(with: turn.options.sampling)
        let reason = try decode(&turn)
        history += [ChatMessage(role: .user, text: text), ChatMessage(role: .assistant, text: turn.text)]
        finish(turn, reason, events: events)
    }

    /// Goes on with an answer that was cut off: sampler and penalties' window, too.
    func continueAnswer(options: GenerationOptions, stop: StopFlag, events: Events) {
        guard let place = cutOff, let message = history.last, message.role == .assistant else {
            let why = last == nil ? "nothing has been asked yet" : "the last answer is complete"
            events(.failed(ChatFailure(what: "there is no answer to go on with", why: why, isRefusal: true)))
            return
        }
        let before = standing
        var turn = Turn(continuing: message.text, cutOff: place, options: options, form: form, stop: stop)
        fed = FedTokens(chunkSize: runner.chunkSize)
        reread.clear()
        do {
            resumeSampler(with: options.sampling)
            let reason = try decode(turn: &turn, events: events)
            history[history.count - 1].text = turn.text
            finish(turn, reason, events: events)
        } catch {
            stand(at: before)
            events(.failed(ChatFailure(error)))
        }
    }

    /// Answers on a copy: afterwards all is as before.
    func ask(_ text: String, options: GenerationOptions, stop: StopFlag, events: Events) {
        let before = standing
        defer { stand(at: before) }
        func unmoved(_ metrics: Metrics) -> Metrics {
            var metrics = metrics
            metrics.stateBytes = before.snapshot.state.byteCount
            metrics.tokensSeen = before.snapshot.state.position
            return metrics
        }
        answer(text, options: options, stop: stop) { event in
            switch event {
            case .token(let token, let metrics): events(.token(token, unmoved(metrics)))
            case .finished(let reason, let metrics): events(.finished(reason, unmoved(metrics)))
            case .prefill, .text, .failed: events(event)
            }
        }
    }

    /// Notes where an answer's text ended, and says that it did.
    func finish(_ turn: Turn, _ reason: FinishReason, events: Events) {
        overrun = turn.overrun
        cutOff = turn.cutOff
        events(.finished(reason, metrics(turn.metrics)))
    }
}
