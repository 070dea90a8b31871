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
        let start = runner.state
        let ids = MeasuredTokens.first(tokens, vocabSize: runner.vocabSize)
        let clock = ContinuousClock()
        var speeds: [Double] = []
        // The first is the warm-up.
        for repetition in 0...repetitions {
            runner.state = start
            let time = try clock.measure {
                for id in ids { try runner.feed([id], wanting: .last) }
            }
            if repetition > 0 { speeds.append(Double(tokens) / time.seconds) }
        }
        let end = runner.state
        runner.state = start
        return Outcome(
            speed: Spread(speeds), stateBytes: end.byteCount,
            stateTraffic: (start.trafficPerToken + end.trafficPerToken) / 2)
    }
}
