import Engine
import TestSupport
import Weights

/// A Granite hybrid of one Mamba-2 and one attention layer with made-up weights, to be changed into wrong ones.
struct TinyModel {
    var builder = GGUFBuilder()
    private var generator = SplitMix64(seed: 1)

    init() {
        builder.add("general.architecture", .string("granitehybrid"))
        for (key, value) in [
            ("embedding_length", 32), ("block_count", 2), ("vocab_size", 40), ("feed_forward_length", 48),
            ("context_length", 64), ("attention.head_count", 2), ("ssm.inner_size", 32), ("ssm.state_size", 8),
            ("ssm.conv_kernel", 4), ("ssm.group_count", 1), ("ssm.time_step_rank", 2),
        ] {
            builder.add("granitehybrid.\(key)", .uint32(UInt32(value)))
        }
        builder.add("granitehybrid.attention.head_count_kv", .array([.int32(0), .int32(1)]))
        addTensor("token_embd.weight", [40, 32])
        addTensor("output_norm.weight", [32])
        for layer in 0..<2 {
            let prefix = "blk.\(layer)"
            addTensor("\(prefix).attn_norm.weight", [32])
            addTensor("\(prefix).ffn_norm.weight", [32])
            addTensor("\(prefix).ffn_gate.weight", [48, 32])
            addTensor("\(prefix).ffn_up.weight", [48, 32])
            addTensor("\(prefix).ffn_down.weight", [32, 48])
        }
        addTensor("blk.0.ssm_in.weight", [32 + 48 + 2, 32])
        addTensor("blk.0.ssm_out.weight", [32, 32])
        addTensor("blk.0.ssm_conv1d.weight", [48, 4])
        addTensor("blk.0.ssm_conv1d.bias", [48])
        addTensor("blk.0.ssm_norm.weight", [1, 32])
        addTensor("blk.0.ssm_dt.bias", [2])
        addTensor("blk.0.ssm_d", [2, 1])
        builder.add("blk.0.ssm_a", shape: [2, 1], floats: [-1, -2])
        addTensor("blk.1.attn_q.weight", [32, 32])
        addTensor("blk.1.attn_k.weight", [16, 32])
        addTensor("blk.1.attn_v.weight", [16, 32])
        addTensor("blk.1.attn_output.weight", [32, 32])
    }

    private mutating func addTensor(_ name: String, _ shape: [Int]) {
        let count = shape.reduce(1, *)
        builder.add(name, shape: shape, floats: (0..<count).map { _ in Float(generator.nextUnit()) - 0.5 })
    }

    /// Gives a metadata key another value.
    mutating func set(_ key: String, _ value: GGUFBuilder.Value?) {
        builder.pairs.removeAll { $0.key == key }
        if let value { builder.add(key, value) }
    }

    /// Gives a tensor another shape, with zeros.
    mutating func reshape(_ name: String, _ shape: [Int]) {
        builder.tensors.removeAll { $0.name == name }
        builder.add(name, shape: shape, floats: Array(repeating: 0, count: shape.reduce(1, *)))
    }

    func load() throws -> Model {
        let directory = try TemporaryDirectory()
        let path = try directory.write(builder.build(), "tiny.gguf")
        return try Model(WeightFile.open(path), precision: .fast, pool: WorkerPool(workers: 1))
    }
}
