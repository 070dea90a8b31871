import ArgumentParser
import Engine
import Inference

/// How many tokens the state has read before each measurement: `0,2048,8192`.
struct Depths: ExpressibleByArgument {
    var values: [Int]

    init(_ values: [Int]) {
        self.values = values
    }

    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        values = numbers.compactMap { $0 }
        guard values.count == numbers.count, values.allSatisfy({ $0 >= 0 }) else { return nil }
    }

    var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}

/// Speeds after a number of tokens.
struct DepthMeasure {
    var depth, promptTokens, decodeTokens, repetitions: Int

    /// Brings a fresh runner to the depth and measures.
    func run(_ runner: inout ModelRunner) throws -> DepthSpeeds {
        let isMadeUp = try Self.descend(&runner, to: depth)
        let prefill = try PrefillMeasure(tokens: promptTokens, repetitions: repetitions).run(&runner)
        let decode = try DecodeMeasure(tokens: decodeTokens, repetitions: repetitions).run(&runner)
        return DepthSpeeds(
            depth: depth, cacheIsMadeUp: isMadeUp, prefill: prefill, decode: decode.speed,
            stateBytes: decode.stateBytes, stateBytesPerToken: decode.stateTraffic)
    }

    /// Brings a runner to a depth that is not less than its own, and returns whether keys and values were made up.
    ///
    /// Where layers have attention, all whole pages of their caches are made up, since reading them would take most of
    /// the time.
    static func descend(_ runner: inout ModelRunner, to depth: Int) throws -> Bool {
        let pages = depth / KeyValueCache.pageTokens * KeyValueCache.pageTokens
        let isMadeUp = pages > 0 && runner.state.layers.contains { $0.cache != nil }
        if isMadeUp {
            runner.state = runner.model.architecture.makeState()
            let pool = runner.model.pool
            for index in runner.state.layers.indices {
                runner.state.layers[index].cache?.fillWithMadeUpPages(tokens: pages, pool: pool)
            }
            runner.state.position = pages
        }
        let left = depth - runner.state.position
        try runner.feed(MeasuredTokens.first(left, vocabSize: runner.vocabSize), wanting: .none)
        return isMadeUp
    }
}

/// What was measured after `depth` tokens.
struct DepthSpeeds {
    var depth: Int
    /// Whether keys and values were made up to get there.
    var cacheIsMadeUp: Bool
    /// Tokens per second.
    var prefill, decode: Spread
    /// Bytes of the state at the end.
    var stateBytes: Int
    /// Bytes of it that decoding a token reads and writes.
    var stateBytesPerToken: Int
}
