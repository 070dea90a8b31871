import Chat
import Dispatch
import Engine
import Inference
import Synchronization

/// How fast two sessions of one model decode at the same time, on one pool, beside one that has it alone.
struct SideBySideMeasure {
    /// What was measured, in tokens per second.
    struct Outcome {
        /// One session that has the pool for itself.
        var alone: Spread
        /// Both sessions at the same time, added up.
        var together: Spread
        /// The slower one of them, and the faster one.
        var slower, faster: Spread
    }

    var tokens: Int
    var repetitions: Int

    /// Measures in turn, one session and two: machines drift.
    func run(_ model: Model) throws -> Outcome {
        var session = Session(model)
        try session.decode(tokens)
        var alone: [Double] = []
        var pairs: [[Double]] = []
        for _ in 0..<repetitions {
            alone.append(try session.rate(tokens))
            pairs.append(try together(model))
        }
        return Outcome(
            alone: Spread(alone), together: Spread(pairs.map { $0.reduce(0, +) }),
            slower: Spread(pairs.map { $0.min() ?? 0 }), faster: Spread(pairs.map { $0.max() ?? 0 }))
    }

    /// Decodes with two sessions until one has as many tokens as the measurement is long, and returns the rates until then.
    private func together(_ model: Model) throws -> [Double] {
        let race = Race(tokens: tokens)
        let results = Mutex<[Result<Double, any Error>]>([])
        let group = DispatchGroup()
        for number in 1...2 {
            DispatchQueue(label: "session \(number)").async(group: group) {
                let result = Result { try race.run(model) }
                results.withLock { $0.append(result) }
            }
        }
        group.wait()
        return try results.withLock { $0 }.map { try $0.get() }
    }
}

/// What begins for two sessions when both are ready, and ends when one has enough tokens.
private final class Race: Sendable {
    private let tokens: Int
    private let isOver = Mutex(false)
    private let ready = DispatchGroup()

    init(tokens: Int) {
        self.tokens = tokens
        for _ in 1...2 { ready.enter() }
    }

    /// Returns the tokens per second of a session.
    func run(_ model: Model) throws -> Double {
        defer { isOver.withLock { $0 = true } }
        var session = Session(model)
        let warmUp = Result { try session.decode(8) }
        ready.leave()
        try warmUp.get()
        ready.wait()
        var count = 0
        let clock = ContinuousClock()
        let start = clock.now
        while count < tokens, !isOver.withLock({ $0 }) {
            try session.decode(1)
            count += 1
        }
        return Double(count) / (clock.now - start).seconds
    }
}

/// A sequence that is decoded as an answer is: choose, read what the choice was worth, feed.
private struct Session {
    private var runner: ModelRunner
    private var sampler: Sampler

    init(_ model: Model) {
        runner = ModelRunner(model)
        sampler = Sampler(SamplerSettings(SamplingOptions()), seed: 1)
    }

    mutating func decode(_ count: Int) throws {
        if runner.logits.isEmpty { try runner.feed(MeasuredTokens.first(1, vocabSize: runner.vocabSize)) }
        for _ in 0..<count {
            let token = runner.choose(by: &sampler)
            _ = runner.prediction(of: token)
            try runner.feed([token])
        }
    }

    /// Tokens per second of `count` tokens.
    mutating func rate(_ count: Int) throws -> Double {
        let time = try ContinuousClock().measure { try decode(count) }
        return Double(count) / time.seconds
    }
}
