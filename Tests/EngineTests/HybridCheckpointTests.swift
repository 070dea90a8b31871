import Engine
import Foundation
import TestSupport
import Testing
import Weights

/// Hugging Face checkpoints of hybrids with options that the reference models don't have.
@Suite struct HybridCheckpointTests {
    private static let ids: [Int32] = [3, 1, 41, 59, 26, 53, 58, 97, 93, 23]

    /// A checkpoint of `Golden` to be changed: its configuration, and its tensors as float32.
    private struct Source {
        var config: String
        var tensors: [(name: String, shape: [Int], floats: [Float])]

        init(_ name: String) throws {
            let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/models/\(name)")
            config = try String(contentsOf: folder.appending(path: "config.json"), encoding: .utf8)
            tensors = try WeightFile.open(folder.path).tensors.map {
                ($0.name, $0.shape, HybridCheckpointTests.floats(of: $0))
            }
        }

        /// Gives keys of the configuration other values, in JSON.
        mutating func set(_ key: String, _ value: String) {
            config.replace(#/"(\w+)": (\[[^\]]*\]|[^,\n]+)/#) { match in
                match.1 == key ? "\"\(key)\": \(value)" : String(match.0)
            }
        }

        func floats(_ name: String) -> [Float] { tensors.first { $0.name == name }?.floats ?? [] }

        func load() throws -> Model {
            var builder = SafetensorsBuilder()
            for tensor in tensors { builder.add(tensor.name, shape: tensor.shape, floats: tensor.floats) }
            let directory = try TemporaryDirectory()
            _ = try directory.write(Array(config.utf8), "config.json")
            _ = try directory.write(builder.build(), "model.safetensors")
            return try Model(WeightFile.open(directory.url.path), precision: .exact, pool: WorkerPool(workers: 1))
        }

        func logits() throws -> [Float] {
            var runner = ModelRunner(try load())
            try runner.feed(HybridCheckpointTests.ids, wanting: .all)
            return runner.logits
        }
    }

    private static func floats(of tensor: Tensor) -> [Float] {
        tensor.withBytes { bytes in
            (0..<tensor.elementCount).map { index in
                tensor.type == .bf16
                    ? Float(bitPattern: UInt32(bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)) << 16)
                    : bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
            }
        }
    }

    private func worst(_ a: [Float], _ b: [Float]) -> Float {
        a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? .infinity : .infinity
    }

    // MARK: - Zamba2

    private static let layer = "model.layers.1.shared_transformer"

    @Test func sharedBlocksTakeTurns() throws {
        let one = try Source("zamba2")
        // A second block with the first one's weights, and its additions for the second layer that has a block.
        var two = one
        two.set("num_mem_blocks", "2")
        for (name, shape, floats) in one.tensors where name.hasPrefix(Self.layer) {
            let copy = name.replacing(Self.layer, with: "model.layers.3.shared_transformer")
            if !name.contains("adapter_list.0") { two.tensors.append((copy, shape, floats)) }
        }
        two.tensors.removeAll { $0.name.hasPrefix(Self.layer) && $0.name.contains("adapter_list.1") }
        #expect(try two.logits() == one.logits())

        // With other weights it is another model.
        let index = try #require(
            two.tensors.firstIndex { $0.name.hasPrefix("model.layers.3") && $0.name.hasSuffix("o_proj.weight") })
        two.tensors[index].floats = two.tensors[index].floats.map { -$0 }
        #expect(try two.logits() != one.logits())
    }

    @Test func additionsToAttentionAreAdded() throws {
        // A of ones, B of different halves: the same everywhere as in the matrix itself.
        let (rank, width) = (8, 128)
        var adapted = try Source("zamba2")
        var merged = adapted
        adapted.set("use_shared_attention_adapter", "true")
        let A = [Float](repeating: 0.015625, count: rank * width)
        for (offset, name) in ["q", "k", "v"].enumerated() {
            let B = (0..<(width * rank)).map { Float($0 / rank % (5 + offset)) / 8 - 0.25 }
            for turn in 0...1 {
                let list = "\(Self.layer).self_attn.linear_\(name)_adapter_list.\(turn)"
                adapted.tensors.append(("\(list).0.weight", [rank, width], A))
                adapted.tensors.append(("\(list).1.weight", [width, rank], B))
            }
            let target = "\(Self.layer).self_attn.\(name)_proj.weight"
            let index = try #require(merged.tensors.firstIndex { $0.name == target })
            for place in 0..<(width * width) {
                merged.tensors[index].floats[place] += Float(rank) * B[place / width * rank] * 0.015625
            }
        }
        let (first, second) = (try adapted.logits(), try merged.logits())
        #expect(worst(first, second) < 1e-4)
        #expect(try worst(first, Source("zamba2").logits()) > 1e-2)
    }

    // MARK: - Falcon-H1

    @Test func multipliersAndBiasesAreThoseOfTheReference() throws {
        // Multipliers of outputs multiply biases as well, those of inputs don't.
        var biased = try Source("falcon-h1")
        var folded = biased
        for key in ["attention_in_multiplier", "key_multiplier"] { folded.set(key, "1.0") }
        for layer in 0..<2 {
            let prefix = "model.layers.\(layer).self_attn"
            for (name, rows, factor, biasFactor) in [
                ("q_proj", 64, 1.3, 1), ("k_proj", 32, 1.3 * 0.7, 0.7), ("v_proj", 32, 1.3, 1),
            ] as [(String, Int, Float, Float)] {
                let bias = (0..<rows).map { Float($0 % 7) / 7 - 0.4 }
                biased.tensors.append(("\(prefix).\(name).bias", [rows], bias))
                folded.tensors.append(("\(prefix).\(name).bias", [rows], bias.map { $0 * biasFactor }))
                let index = try #require(folded.tensors.firstIndex { $0.name == "\(prefix).\(name).weight" })
                folded.tensors[index].floats = folded.tensors[index].floats.map { $0 * factor }
            }
        }
        let (first, second) = (try biased.logits(), try folded.logits())
        #expect(worst(first, second) < 1e-4)
        #expect(try worst(first, Source("falcon-h1").logits()) > 1e-2)
    }

    // MARK: - Bamba

    /// GGUF's converter permutes whole heads, of which Bamba rotates half.
    @Test func bambaRunsFromGGUFAsFromItsCheckpoint() throws {
        let source = try Source("bamba-hybrid-g2")
        var builder = GGUFBuilder()
        builder.add("general.architecture", .string("granitehybrid"))
        for (key, value) in [
            ("block_count", 3), ("embedding_length", 64), ("context_length", 262_144), ("feed_forward_length", 96),
            ("attention.head_count", 4), ("rope.dimension_count", 8), ("ssm.conv_kernel", 4), ("ssm.state_size", 16),
            ("ssm.group_count", 2), ("ssm.inner_size", 128), ("ssm.time_step_rank", 8),
        ] as [(String, UInt32)] {
            builder.add("granitehybrid.\(key)", .uint32(value))
        }
        builder.add("granitehybrid.attention.head_count_kv", .array([.int32(0), .int32(2), .int32(0)]))
        builder.add("granitehybrid.attention.layer_norm_rms_epsilon", .float32(1e-5))
        builder.add("granitehybrid.rope.scaling.finetuned", .bool(true))
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/models/bamba-hybrid-g2")
        for tensor in try Architectures.canonical(WeightFile.open(path.path)).tensors {
            var floats = Self.floats(of: tensor)
            if tensor.name.contains("attn_q.") || tensor.name.contains("attn_k.") {
                let (values, width) = (floats, tensor.shape[1])
                for row in 0..<tensor.shape[0] {
                    let place = row % 16
                    let from = row - place + place % 2 * 8 + place / 2
                    for column in 0..<width { floats[row * width + column] = values[from * width + column] }
                }
            }
            builder.add(tensor.name, shape: tensor.shape, floats: floats)
        }
        let directory = try TemporaryDirectory()
        let file = try WeightFile.open(directory.write(builder.build(), "bamba.gguf"))
        var runner = ModelRunner(try Model(file, precision: .exact, pool: WorkerPool(workers: 1)))
        try runner.feed(Self.ids, wanting: .all)
        #expect(try worst(runner.logits, source.logits()) < 1e-4)
        let state = try stateOf(source.load(), layer: 1)
        for (found, expected) in zip(runner.state.layers[1].summaries(), state) {
            #expect(worst(found.first8 + found.last8, expected.first8 + expected.last8) < 1e-4)
        }
    }

    private func stateOf(_ model: Model, layer: Int) throws -> [StateSummary] {
        var runner = ModelRunner(model)
        try runner.feed(Self.ids, wanting: .none)
        return runner.state.layers[layer].summaries()
    }

    // MARK: - What is refused

    @Test(arguments: [
        ("zamba2", "use_long_context", "true"), ("zamba2", "hidden_act", "\"relu\""), ("zamba2", "num_mem_blocks", "0"),
        ("zamba2", "adapter_rank", "0"), ("zamba2", "hybrid_layer_ids", "[1, 2]"),
        ("nemotron-h-moe", "moe_latent_size", "32"), ("nemotron-h-moe", "mlp_hidden_act", "\"gelu\""),
        ("nemotron-h-moe", "sliding_window", "128"), ("nemotron-h-moe", "topk_group", "2"),
        ("nemotron-h-moe", "num_experts_per_tok", "5"), ("nemotron-h-moe", "n_routed_experts", "1048576"),
        ("granite-moe-hybrid-nope", "position_embedding_type", "\"alibi\""),
        ("granite-moe-hybrid-nope", "num_experts_per_tok", "0"), ("granite-moe-hybrid-nope", "mamba_d_head", "15"),
        ("granite-moe-hybrid-nope", "logits_scaling", "0"), ("jamba-moe", "attn_layer_period", "0"),
        ("jamba-moe", "hidden_act", "\"gelu\""), ("falcon-h1", "ssm_multipliers", "[1, 1, 1, 1]"),
        ("falcon-h1", "lm_head_multiplier", "0"),
    ])
    func whatWouldBeComputedWronglyIsRefused(name: String, key: String, value: String) throws {
        var source = try Source(name)
        source.set(key, value)
        #expect { try source.load() } throws: { String(describing: $0).contains(key) }
    }

    @Test func aWordForALayerThatNobodyKnowsIsRefused() throws {
        var source = try Source("granite-moe-hybrid-nope")
        source.set("layer_types", #"["linear_attention", "convolution", "linear_attention"]"#)
        #expect { try source.load() } throws: { String(describing: $0).contains("layer_types") }
    }
}
