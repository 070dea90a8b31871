import Engine
import TestSupport
import Testing

/// Attention that sees the last tokens only.
@Suite struct SlidingWindowTests {
    private static let window = 48

    /// A Llama of one layer, whose receptive field is its window.
    private func model(window: Int?) throws -> Model {
        let model = TinyTransformer("llama")
        return try model.with("attention.sliding_window", window.map { .uint32(UInt32($0)) }).load()
    }

    private func tokens(_ count: Int) -> [Int32] {
        (0..<count).map { Int32($0 * $0 % 39) }
    }

    private func logits(_ model: Model, _ tokens: [Int32]) throws -> [Float] {
        var runner = ModelRunner(model)
        try runner.feed(tokens)
        return runner.logits
    }

    @Test func tokensBeforeTheWindowChangeNothing() throws {
        let windowed = try model(window: Self.window)
        for count in [Self.window, Self.window + 1, 400] {
            let tokens = tokens(count)
            var before = tokens
            for index in 0..<(count - Self.window) { before[index] = 39 }
            var inside = tokens
            inside[count - Self.window] = 39
            let found = try logits(windowed, tokens)
            #expect(try logits(windowed, before) == found)
            #expect(try logits(windowed, inside) != found)
        }
    }

    @Test func aSequenceWithinTheWindowIsReadAsIfThereWereNone() throws {
        let (windowed, unlimited) = (try model(window: Self.window), try model(window: nil))
        #expect(try logits(windowed, tokens(Self.window)) == logits(unlimited, tokens(Self.window)))
        #expect(try logits(windowed, tokens(Self.window + 1)) != logits(unlimited, tokens(Self.window + 1)))
    }

    @Test(arguments: [1, 47, 48, 255, 256, 257, 300])
    func memoryStaysBounded(window: Int) throws {
        var runner = ModelRunner(try model(window: window))
        var largest = 0
        for piece in [100, 28, 128, 1, 255, 1, 700, 3, 784] {
            try runner.feed(tokens(piece), wanting: .none)
            let cache = try #require(runner.state.layers[0].cache)
            #expect(cache.byteCount == min(cache.count, window - 1) * 2 * 8 * 4)
            largest = max(largest, cache.pageByteCount)
        }
        #expect(runner.state.position == 2000)
        let pages = (window + ModelRunner.defaultChunkSize) / 256 + 2
        #expect(largest <= pages * 256 * 2 * 8 * 4)
    }

    @Test func aCheckpointKeepsThePagesThatALaterStateDrops() throws {
        var runner = ModelRunner(try model(window: Self.window))
        try runner.feed(tokens(250))
        let checkpoint = runner.state
        try runner.feed(tokens(100))
        let (state, logits) = (runner.state, runner.logits)
        try runner.feed(tokens(900), wanting: .none)
        runner.state = checkpoint
        try runner.feed(tokens(100))
        #expect(runner.state == state)
        #expect(runner.logits == logits)
    }
}
