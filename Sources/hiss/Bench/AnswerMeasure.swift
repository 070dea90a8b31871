import Chat
import Engine
import Inference

/// What an answer takes beside feeding its tokens: choosing them, and keeping the last places to go back to.
struct AnswerMeasure {
    /// What was measured, in tokens per second.
    struct Outcome {
        /// Tokens that are fed one by one.
        var fed: Spread
        /// Tokens that are chosen, with what the chat shows of each choice, and fed.
        var chosen: Spread
        /// Tokens that are chosen and fed, and whose places are kept, as a chat does it.
        var kept: Spread
        /// Of a chosen token's time, the part that choosing took; of a kept one's, the part that keeping took.
        var choosingPart, keepingPart: Double
    }

    var tokens: Int
    var repetitions: Int

    /// Measures the three in turn, since machines drift.
    func run(_ model: Model) throws -> Outcome {
        var runner = ModelRunner(model)
        let start = runner.state
        var times: [[Double]] = [[], [], []]
        // The first is the warm-up.
        for repetition in 0...repetitions {
            for (kind, isChosen, isKept) in [(0, false, false), (1, true, false), (2, true, true)] {
                runner.state = start
                try runner.feed(MeasuredTokens.first(1, vocabSize: runner.vocabSize))
                let seconds = try seconds(&runner, isChosen: isChosen, isKept: isKept)
                if repetition > 0 { times[kind].append(seconds) }
            }
        }
        let more = { (longer: Int, shorter: Int) in
            Spread(zip(times[longer], times[shorter]).map { 1 - $1 / $0 }).median
        }
        let speeds = times.map { Spread($0.map { Double(tokens) / $0 }) }
        return Outcome(
            fed: speeds[0], chosen: speeds[1], kept: speeds[2], choosingPart: more(1, 0), keepingPart: more(2, 1))
    }

    private func seconds(_ runner: inout ModelRunner, isChosen: Bool, isKept: Bool) throws -> Double {
        let ids = MeasuredTokens.first(tokens, vocabSize: runner.vocabSize)
        // As the chat samples unless it is told otherwise.
        var sampler = Sampler(SamplerSettings(SamplingOptions()), seed: 1)
        var ring = AnswerRing()
        runner.notesSteps = isKept
        return try ContinuousClock().measure {
            for (index, id) in ids.enumerated() {
                if isKept { ring.add(&runner, sampler: sampler, index: index) }
                if isChosen {
                    let token = runner.choose(by: &sampler)
                    _ = runner.prediction(of: token)
                    sampler.observe(token)
                }
                // The same ones each time, so that all three do the same work.
                try runner.feed([id])
            }
        }.seconds
    }
}
