import Engine
import TestSupport
import Testing
import Weights

/// Attention that sees the last tokens only.
@Suite struct SlidingWindowTests {
    private static let window = 48

    /// A Llama of one layer, whose receptive field is its window.
    private func model(window: Int?) throws -> Model {
        var builder = GGUFBuilder()
        var generator = SplitMix64(seed: 3)
        builder.add("general.architecture", .string("llama"))
        for (key, value) in [
            ("embedding_length", 16), ("block_count", 1), ("feed_forward_length", 32), ("context_length", 64),
            ("attention.head_count", 2),
        ] {
            builder.add("llama.\(key)", .uint32(UInt32(value)))
        }
        if let window { builder.add("llama.attention.sliding_window", .uint32(UInt32(window))) }
        for (name, shape) in [
            ("token_embd.weight", [40, 16]), ("output_norm.weight", [16]), ("blk.0.attn_norm.weight", [16]),
            ("blk.0.ffn_norm.weight", [16]), ("blk.0.ffn_gate.weight", [32, 16]), ("blk.0.ffn_up.weight", [32, 16]),
            ("blk.0.ffn_down.weight", [16, 32]), ("blk.0.attn_q.weight", [16, 16]), ("blk.0.attn_k.weight", [16, 16]),
            ("blk.0.attn_v.weight", [16, 16]), ("blk.0.attn_output.weight", [16, 16]),
        ] {
            let count = shape.reduce(1, *)
            builder.add(name, shape: shape, floats: (0..<count).map { _ in Float(generator.nextUnit()) - 0.5 })
        }
        let directory = try TemporaryDirectory()
        let path = try directory.write(builder.build(), "tiny.gguf")
        return try Model(WeightFile.open(path), precision: .exact, pool: WorkerPool(workers: 1))
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
            #expect(cache.byteCount == min(cache.count, window - 1) * 2 * 16 * 4)
            largest = max(largest, cache.pageByteCount)
        }
        #expect(runner.state.position == 2000)
        let pages = (window + ModelRunner.defaultChunkSize) / 256 + 2
        #expect(largest <= pages * 256 * 2 * 16 * 4)
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
