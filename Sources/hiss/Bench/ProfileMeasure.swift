import Chat
import Engine
import Inference

/// Where the time of reading a prompt and of decoding goes.
struct ProfileMeasure {
    var promptTokens, decodeTokens, repetitions: Int

    /// Times of a prompt and of decoding with sampling; the runner's state is left as it was.
    ///
    /// - Parameter timer: the observer of the runner's model
    func run(_ runner: inout ModelRunner, timer: OperationTimer) throws -> Profile {
        let start = StartingState(runner)
        let prompt = MeasuredTokens.first(promptTokens, vocabSize: runner.vocabSize)
        let pool = runner.model.pool
        // As the chat samples unless it is told otherwise.
        var sampler = Sampler(SamplerSettings(SamplingOptions()), seed: 1)
        let prefill = try timer.measure {
            for _ in 0..<repetitions {
                start.restore(&runner)
                try runner.feed(prompt, wanting: .last)
            }
        }
        start.restore(&runner)
        try runner.feed([prompt[0]], wanting: .last)
        let decode = try timer.measure {
            for _ in 0..<repetitions * decodeTokens {
                let token = pool.observed(.sampling) {
                    let token = runner.choose(by: &sampler)
                    // What the chat shows of each choice.
                    _ = runner.prediction(of: token)
                    return token
                }
                sampler.observe(token)
                try runner.feed([token], wanting: .last)
            }
        }
        start.restore(&runner)
        return Profile(
            prefill: prefill, promptTokens: repetitions * promptTokens, decode: decode,
            decodedTokens: repetitions * decodeTokens)
    }
}

/// Times of all tokens of a profile.
struct Profile {
    var prefill: OperationTimes
    var promptTokens: Int
    var decode: OperationTimes
    var decodedTokens: Int

    /// Titles, keys for JSON, times and tokens of both parts.
    var parts: [(title: String, key: String, times: OperationTimes, tokens: Int)] {
        [
            ("reading a prompt", "prefill", prefill, promptTokens),
            ("decoding, sampling included", "decode", decode, decodedTokens),
        ]
    }
}
