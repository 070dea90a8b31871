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

/// Speeds after each of some numbers of tokens, which are measured in turn, as machines drift.
struct DepthMeasure {
    var depths: [Int]
    var promptTokens, decodeTokens, repetitions: Int

    func run(_ model: Model) throws -> [DepthSpeeds] {
        var runner = ModelRunner(model)
        var starts: [(place: StartingState, isMadeUp: Bool, traffic: Int)] = []
        for depth in depths {
            StartingState.begin(&runner)
            let isMadeUp = try Self.descend(&runner, to: depth)
            starts.append((StartingState(runner), isMadeUp, runner.state.trafficPerToken))
        }
        var prefill: [[Double]] = depths.map { _ in [] }, decode = prefill
        var ends = depths.map { _ in (bytes: 0, traffic: 0) }
        // The first is the warm-up.
        for repetition in 0...repetitions {
            for (index, start) in starts.enumerated() {
                let reading = try PrefillMeasure(tokens: promptTokens).once(&runner, from: start.place)
                let decoding = try DecodeMeasure(tokens: decodeTokens).once(&runner, from: start.place)
                ends[index] = (runner.state.byteCount, runner.state.trafficPerToken)
                guard repetition > 0 else { continue }
                prefill[index].append(reading)
                decode[index].append(decoding)
            }
        }
        return depths.indices.map {
            DepthSpeeds(
                depth: depths[$0], cacheIsMadeUp: starts[$0].isMadeUp, prefill: Spread(prefill[$0]),
                decode: Spread(decode[$0]), stateBytes: ends[$0].bytes,
                stateBytesPerToken: (starts[$0].traffic + ends[$0].traffic) / 2)
        }
    }

    /// Brings a runner to a depth that is not less than its own, and returns whether keys and values were made up.
    ///
    /// Where layers have attention, all whole pages of their caches are made up, since reading them would take most of
    /// the time.
    static func descend(_ runner: inout ModelRunner, to depth: Int) throws -> Bool {
        let pages = depth / KeyValueCache.pageTokens * KeyValueCache.pageTokens
        let isMadeUp = pages > 0 && runner.state.layers.contains { $0.cache != nil }
        if isMadeUp {
            StartingState.begin(&runner)
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
    /// Bytes of it that decoding a token reads and writes, in the middle between begin and end.
    var stateBytesPerToken: Int
}
