import Chat
import Engine
import Tokenization

extension LocalEngine {
    /// Makes an answer that begins with the text that the options say, if they do.
    func makeAnswer(turn: inout Turn, events: Events) throws -> FinishReason {
        try takeOpening(turn: &turn, events: events) ?? decode(turn: &turn, events: events)
    }

    /// Feeds the answer's opening token by token, as if the model had chosen it; returns why the answer ends in it, if it
    /// does.
    private func takeOpening(turn: inout Turn, events: Events) throws -> FinishReason? {
        let opening = turn.options.opening
        guard !opening.isEmpty else { return nil }
        let clock = ContinuousClock()
        let start = clock.now
        runner.notesSteps = turn.options.keepsPlaces
        for token in loaded.tokenizer.encode([.text(form.answerLead + opening)], isContinuation: true) {
            guard !turn.stop.isSet else { return finish(.cancelled, turn: &turn, events: events) }
            if let limit = turn.options.maxTokens, turn.metrics.completionTokens >= limit {
                return finish(.limit, turn: &turn, events: events)
            }
            guard runner.state.hasRoom(for: 1, within: turn.options.maxKeyValueBytes) else {
                return finish(.memoryLimit, turn: &turn, events: events)
            }
            if let sampler { keepPlace(last?.tokens.count ?? 0, sampler: sampler, options: turn.options) }
            if turn.metrics.timeToFirstToken == nil {
                turn.metrics.timeToFirstToken = (clock.now - turn.asked).seconds
            }
            let prediction = runner.prediction(of: token)
            sampler?.observe(token)
            let text = turn.take(loaded.tokenizer.bytes(of: token))
            turn.channel?.offer(.token(token, logits: runner.logits))
            try feedAnswer(token, metrics: &turn.metrics)
            turn.metrics.decodeSeconds = (clock.now - start).seconds
            turn.metrics = metrics(turn.metrics)
            let chosen = SampledToken(
                id: token, text: text, probability: prediction.probability, entropy: prediction.entropy)
            events(.token(chosen, turn.metrics))
            if turn.isStopped { return .stopText }
        }
        return nil
    }
}
