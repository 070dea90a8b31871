package import Chat
import Engine
import Tokenization

extension LocalEngine {
    package nonisolated func lead(
        _ text: String, options: GenerationOptions, channel: LeadChannel
    ) -> AsyncStream<GenerationEvent> {
        stream { stop, events in
            await self.answer(text, options: options, stop: stop, channel: channel, events: events)
            channel.close()
        }
    }

    package nonisolated func follow(
        _ text: String, options: GenerationOptions, channel: LeadChannel
    ) -> AsyncStream<GenerationEvent> {
        stream { stop, events in
            await self.follow(text, options: options, stop: stop, channel: channel, events: events)
            channel.close()
        }
    }

    /// Makes a turn of what the leader feeds, and says of each token what this model makes of it.
    private func follow(
        _ text: String, options: GenerationOptions, stop: StopFlag, channel: LeadChannel, events: Events
    ) {
        let before = standing
        setTraces(options.traces)
        var turn = Turn(options: options, form: form, stop: stop)
        do {
            guard let prompt = try followPrompt(turn: &turn, channel: channel, events: events) else {
                stand(at: before)
                return events(.finished(.withdrawn, metrics(turn.metrics)))
            }
            noteQuestion(text, prompt: prompt, startsOver: false)
            try finishTurn(text, turn: &turn, events: events) { turn in
                try followAnswer(turn: &turn, channel: channel, events: events)
            }
        } catch {
            stand(at: before)
            events(.failed(ChatFailure(error)))
        }
    }

    /// Reads the question's tokens; nil where it was stopped before the end.
    private func followPrompt(turn: inout Turn, channel: LeadChannel, events: Events) throws -> [Int32]? {
        var read: [Int32]?
        _ = try channel.take(unless: { turn.stop.isSet }) { step in
            guard case .prompt(let prompt) = step else { return }
            if try self.read(prompt: prompt, turn: &turn, events: events) { read = prompt }
        }
        return read
    }

    private func followAnswer(turn: inout Turn, channel: LeadChannel, events: Events) throws -> FinishReason {
        var reason: FinishReason?
        while reason == nil {
            let isThere = try channel.take(unless: { turn.stop.isSet }) { step in
                switch step {
                case .prompt: break
                case .finished(let end): reason = end
                case .token(let token, let logits):
                    try follow(token, leading: NextToken(logits), turn: &turn, events: events)
                }
            }
            if !isThere { reason = .cancelled }
        }
        let end = reason ?? .cancelled
        return turn.isStopped ? end : finish(end, turn: &turn, events: events)
    }

    private func follow(_ token: Int32, leading: NextToken, turn: inout Turn, events: Events) throws {
        let comparison = comparison(of: token, leading: leading)
        let prediction = runner.prediction(of: token)
        if turn.metrics.timeToFirstToken == nil { turn.metrics.timeToFirstToken = turn.metrics.prefillSeconds }
        let index = last?.tokens.count ?? 0
        if let sampler { last?.draws.note(sampler.generatorState, at: index) }
        sampler?.observe(token)
        let text = turn.take(loaded.tokenizer.bytes(of: token))
        let clock = ContinuousClock()
        let start = clock.now
        try feedAnswer(token, metrics: &turn.metrics)
        turn.metrics.decodeSeconds += (clock.now - start).seconds
        turn.metrics = metrics(turn.metrics)
        events(
            .token(
                SampledToken(
                    id: token, text: text, probability: prediction.probability, entropy: prediction.entropy,
                    comparison: comparison), turn.metrics))
    }

    private func comparison(of token: Int32, leading: NextToken) -> PredictionComparison {
        let own = NextToken(runner.logits)
        let (best, _) = runner.best()
        return PredictionComparison(
            choice: TokenChoice(
                id: best, text: loaded.tokenizer.text(of: best), probability: Float(own.probability(of: best))),
            agrees: leading.top(1).first?.token == best, divergence: leading.divergence(from: own),
            leaderProbability: leading.probability(of: token), followerProbability: own.probability(of: token))
    }
}
