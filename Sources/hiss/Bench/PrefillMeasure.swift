import Engine
import Inference

/// How fast a prompt is read.
struct PrefillMeasure {
    /// Tokens of the prompt.
    var tokens: Int

    /// Reads it once from `start`, and returns tokens per second.
    func once(_ runner: inout ModelRunner, from start: StartingState) throws -> Double {
        start.restore(&runner)
        let prompt = MeasuredTokens.first(tokens, vocabSize: runner.vocabSize)
        let time = try ContinuousClock().measure { try runner.feed(prompt, wanting: .last) }
        return Double(tokens) / time.seconds
    }
}
