import Engine
import Inference

/// How fast tokens are fed one by one, each with its logits.
struct DecodeMeasure {
    /// What was measured.
    struct Outcome {
        /// Tokens per second.
        var speed: Spread
        /// Bytes of the state at the end.
        var stateBytes: Int
        /// Bytes of it that a token reads and writes, in the middle between begin and end.
        var stateTraffic: Int
    }

    var tokens: Int
    var repetitions: Int

    /// Measures; the runner's state is left as it was.
    func run(_ runner: inout ModelRunner) throws -> Outcome {
        let start = StartingState(runner)
        let trafficBefore = runner.state.trafficPerToken
        let ids = MeasuredTokens.first(tokens, vocabSize: runner.vocabSize)
        let clock = ContinuousClock()
        var speeds: [Double] = []
        // The first is the warm-up.
        for repetition in 0...repetitions {
            start.restore(&runner)
            let time = try clock.measure {
                for id in ids { try runner.feed([id], wanting: .last) }
            }
            if repetition > 0 { speeds.append(Double(tokens) / time.seconds) }
        }
        defer { start.restore(&runner) }
        return Outcome(
            speed: Spread(speeds), stateBytes: runner.state.byteCount,
            stateTraffic: (trafficBefore + runner.state.trafficPerToken) / 2)
    }
}
