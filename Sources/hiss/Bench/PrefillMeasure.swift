import Engine
import Inference

/// How fast a prompt is read.
struct PrefillMeasure {
    /// Tokens of the prompt.
    var tokens: Int
    var repetitions: Int

    /// Returns tokens per second; the runner's state is left as it was.
    func run(_ runner: inout ModelRunner) throws -> Spread {
        let start = StartingState(runner)
        let prompt = MeasuredTokens.first(tokens, vocabSize: runner.vocabSize)
        let clock = ContinuousClock()
        var speeds: [Double] = []
        // The first is the warm-up.
        for repetition in 0...repetitions {
            start.restore(&runner)
            let time = try clock.measure { try runner.feed(prompt, wanting: .last) }
            if repetition > 0 { speeds.append(Double(tokens) / time.seconds) }
        }
        start.restore(&runner)
        return Spread(speeds)
    }
}
