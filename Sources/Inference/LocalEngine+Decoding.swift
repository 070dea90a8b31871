import Chat
import Engine
import Tokenization

extension LocalEngine {
    /// Feeds the turn's prompt in pieces, so that progress shows, and returns it; nil when it was stopped before the end.
    func read(_ text: String, turn: inout Turn, events: Events) throws -> [Int32]? {
        let rereads = turn.options.rereadsHistory && conversationTokens > 0
        let prompt = try rereads ? wholePrompt(for: text) : prompt(for: text)
        if rereads {
            // All but the turn's own part was read before.
            let turnTokens = (try? self.prompt(for: text))?.count ?? loaded.tokenizer.encode([.text(text)]).count
            runner.state = loaded.model.architecture.makeState()
            conversationTokens = max(0, prompt.count - turnTokens)
        }
        return try read(prompt: prompt, turn: &turn, events: events) ? prompt : nil
    }

    /// Feeds a prompt's tokens in pieces; returns whether it was not stopped before the end.
    func read(prompt: [Int32], turn: inout Turn, events: Events) throws -> Bool {
        try checkRoom(for: prompt.count, options: turn.options)
        let clock = ContinuousClock()
        let start = clock.now
        for first in stride(from: 0, to: prompt.count, by: runner.chunkSize) {
            guard !turn.stop.isSet else { return false }
            let piece = Array(prompt[first..<min(first + runner.chunkSize, prompt.count)])
            try feed(piece, wanting: first + piece.count == prompt.count ? .last : .none, metrics: &turn.metrics)
            turn.metrics.promptTokens += piece.count
            turn.metrics.prefillSeconds = (clock.now - start).seconds
            events(.prefill(done: first + piece.count, total: prompt.count))
        }
        return true
    }

    /// The tokens of a turn's prompt: what is new in the conversation.
    private func prompt(for text: String) throws -> [Int32] {
        var pieces = try form.tail.pieces(for: text, after: history)
        if let rest = pieces.droppingPrefix(overrun) { pieces = rest }
        return try tokens(of: pieces, isContinuation: conversationTokens > 0)
    }

    /// The tokens of the whole conversation with a turn, as the template renders it.
    private func wholePrompt(for text: String) throws -> [Int32] {
        let pieces = try TurnPrompt.wholeConversation(with: text, after: history, template: form.template)
        return try tokens(of: pieces, isContinuation: false)
    }

    private func tokens(of pieces: [PromptPiece], isContinuation: Bool) throws -> [Int32] {
        let tokens = loaded.tokenizer.encode(pieces, isContinuation: isContinuation)
        // What the tokenizer wants in front of a text, unless the template has written it.
        let prefix = loaded.tokenizer.vocabulary.prefix
        let prompt = isContinuation || tokens.starts(with: prefix) ? tokens : prefix + tokens
        guard !prompt.isEmpty else {
            throw ChatFailure(
                what: "there is nothing to read", why: "the chat template makes no text of this conversation",
                advice: "--template NAME", isRefusal: true)
        }
        return prompt
    }

    /// Throws where keys and values of `count` more tokens would pass the limit.
    private func checkRoom(for count: Int, options: GenerationOptions) throws {
        guard !runner.state.hasRoom(for: count, within: options.maxKeyValueBytes) else { return }
        let (held, limit) = (runner.state.growingBytes, options.maxKeyValueBytes >> 20)
        let needed = held + min(runner.state.growth(by: count), .max - held)
        throw ChatFailure(
            what: "there is no room for this turn",
            why:
                "the keys and values of the \(runner.state.position) tokens read so far take \(mebibytes(held)) MiB, with "
                + "this turn's \(count) tokens \(mebibytes(needed)) MiB; the limit is \(limit) MiB",
            advice: "/reset, or --kv-max-mb \(max(limit * 2, (needed >> 20) * 2 + 1))", isRefusal: true)
    }

    /// Samples and feeds tokens until the answer ends.
    func decode(turn: inout Turn, events: Events) throws -> FinishReason {
        var sampler = sampler ?? Sampler(SamplerSettings(turn.options.sampling), seed: 0)
        defer { self.sampler = sampler }
        let clock = ContinuousClock()
        let start = clock.now
        let secondsBefore = turn.metrics.decodeSeconds
        runner.notesSteps = turn.options.keepsPlaces
        while true {
            guard !turn.stop.isSet else { return finish(.cancelled, turn: &turn, events: events) }
            if let limit = turn.options.maxTokens, turn.metrics.completionTokens >= limit {
                return finish(.limit, turn: &turn, events: events)
            }
            guard runner.state.hasRoom(for: 1, within: turn.options.maxKeyValueBytes) else {
                return finish(.memoryLimit, turn: &turn, events: events)
            }
            keepPlace(last?.tokens.count ?? 0, sampler: sampler, options: turn.options)
            let token = runner.choose(by: &sampler)
            if turn.metrics.timeToFirstToken == nil {
                turn.metrics.timeToFirstToken = (clock.now - turn.asked).seconds
            }
            guard !loaded.tokenizer.endOfTurn.contains(token) else {
                return finish(.endOfTurn, turn: &turn, events: events)
            }
            let prediction = runner.prediction(of: token)
            let alternatives = turn.options.traces ? choices(Self.choiceCount, logits: runner.logits) : []
            sampler.observe(token)
            let text = turn.take(loaded.tokenizer.bytes(of: token))
            if let channel = turn.channel {
                let offered = clock.now
                channel.offer(.token(token, logits: runner.logits))
                turn.secondsWaited += (clock.now - offered).seconds
            }
            try feedAnswer(token, metrics: &turn.metrics)
            turn.metrics.decodeSeconds = secondsBefore + (clock.now - start).seconds - turn.secondsWaited
            turn.metrics = metrics(turn.metrics)
            let chosen = SampledToken(
                id: token, text: text, probability: prediction.probability, entropy: prediction.entropy,
                alternatives: alternatives)
            events(.token(chosen, turn.metrics))
            if turn.isStopped { return .stopText }
        }
    }

    /// Passes on text that was held back: of an incomplete character, or of what might have become a stop text.
    func finish(_ reason: FinishReason, turn: inout Turn, events: Events) -> FinishReason {
        let rest = turn.finish(isCutOff: reason != .endOfTurn)
        if !rest.isEmpty { events(.text(rest)) }
        return reason
    }

    /// Notes the place before the answer's next token.
    func keepPlace(_ index: Int, sampler: Sampler, options: GenerationOptions) {
        if options.keepsPlaces { ring.add(&runner, sampler: sampler, index: index) }
        last?.draws.note(sampler.generatorState, at: index)
    }

    /// Feeds a token of the answer.
    func feedAnswer(_ token: Int32, metrics: inout Metrics) throws {
        try feed([token], wanting: .last, metrics: &metrics)
        last?.tokens.append(token)
        fed.completion.append(token)
        metrics.completionTokens += 1
    }

    /// Feeds tokens, and counts those that the conversation had read before.
    private func feed(_ tokens: [Int32], wanting: ModelRunner.WantedLogits, metrics: inout Metrics) throws {
        let position = runner.state.position
        if observation.isMade { observation = Observation() }
        try runner.feed(tokens, wanting: wanting)
        metrics.recomputedTokens += max(0, min(conversationTokens - position, tokens.count))
        conversationTokens = max(conversationTokens, runner.state.position)
    }

    /// Gives the conversation's sampler this turn's settings; another seed starts it over.
    func resumeSampler(with options: SamplingOptions) {
        let settings = SamplerSettings(options)
        if sampler != nil, options.seed == samplerSeed {
            sampler?.settings = settings
        } else {
            samplerSeed = options.seed
            sampler = Sampler(settings, seed: options.seed ?? UInt64.random(in: .min ... .max))
        }
    }

    /// Makes the sampler ready for an answer's first token.
    func beginAnswer(with options: SamplingOptions) {
        resumeSampler(with: options)
        sampler?.beginAnswer()
    }

    /// `metrics` with the state's present size.
    func metrics(_ metrics: Metrics) -> Metrics {
        var metrics = metrics
        metrics.stateBytes = runner.state.byteCount
        metrics.tokensSeen = runner.state.position
        if let trace = runner.trace, !trace.positions.isEmpty {
            metrics.layers = readings(of: trace, position: trace.positions.upperBound - 1)
            metrics.tracedTokens = trace.positions.count
            metrics.traceBytes = trace.byteCount
        }
        return metrics
    }
}

extension [PromptPiece] {
    /// The pieces without a text at their beginning, nil if they don't begin with it.
    fileprivate func droppingPrefix(_ prefix: String) -> [PromptPiece]? {
        var rest = prefix[...]
        var pieces = self[...]
        while !rest.isEmpty {
            guard case .markup(let text)? = pieces.popFirst() else { return nil }
            if text.hasPrefix(rest) {
                return [.markup(String(text.dropFirst(rest.count)))] + pieces
            }
            guard rest.hasPrefix(text) else { return nil }
            rest = rest.dropFirst(text.count)
        }
        return Array(pieces)
    }
}

/// A number of MiB with one digit after the point.
private func mebibytes(_ bytes: Int) -> Double {
    (Double(bytes) / 1_048_576 * 10).rounded() / 10
}
