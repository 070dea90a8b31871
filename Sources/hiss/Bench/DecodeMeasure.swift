import Engine
import Inference

/// How fast tokens are fed one by one, each with its logits.
struct DecodeMeasure {
    var tokens: Int

    /// Feeds them once from `start`, and returns tokens per second.
    func once(_ runner: inout ModelRunner, from start: StartingState) throws -> Double {
        start.restore(&runner)
        let ids = MeasuredTokens.first(tokens, vocabSize: runner.vocabSize)
        let time = try ContinuousClock().measure {
            for id in ids { try runner.feed([id], wanting: .last) }
        }
        return Double(tokens) / time.seconds
    }

    /// The speeds of some repetitions after one to warm up; the runner's state is left as it was.
    func run(_ runner: inout ModelRunner, repetitions: Int) throws -> Spread {
        let start = StartingState(runner)
        defer { start.restore(&runner) }
        let speeds = try (0...repetitions).map { _ in try once(&runner, from: start) }
        return Spread(Array(speeds.dropFirst()))
    }
}
