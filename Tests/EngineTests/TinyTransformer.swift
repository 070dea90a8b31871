import Engine
import TestSupport
import Weights

/// A small transformer with made-up weights, to be changed: Llama, Qwen, GPT-NeoX or Gemma 3 as a GGUF file.
struct TinyTransformer {
    static let dModel = 16
    static let vocabSize = 40
    /// Not dModel / heads, so that one key is as long as a summary's ends.
    static let headDim = 8

    var builder = GGUFBuilder()
    private let family: String
    private var generator = SplitMix64(seed: 3)

    init(_ family: String, layers: Int = 1, heads: Int = 4, kvHeads: Int = 1) {
        self.family = family
        builder.add("general.architecture", .string(family))
        for (key, value) in [
            ("embedding_length", Self.dModel), ("block_count", layers), ("feed_forward_length", 32),
            ("context_length", 64), ("attention.head_count", heads), ("attention.head_count_kv", kvHeads),
            ("attention.key_length", Self.headDim), ("attention.value_length", Self.headDim),
        ] {
            set(key, .uint32(UInt32(value)))
        }
        addMatrix("token_embd.weight", [Self.vocabSize, Self.dModel])
        addNorm("output_norm")
        let (rows, kvRows) = (heads * Self.headDim, kvHeads * Self.headDim)
        for layer in 0..<layers {
            let prefix = "blk.\(layer)"
            addNorm("\(prefix).attn_norm")
            addNorm("\(prefix).ffn_norm")
            addMatrix("\(prefix).attn_output.weight", [Self.dModel, rows])
            addMatrix("\(prefix).ffn_up.weight", [32, Self.dModel])
            addMatrix("\(prefix).ffn_down.weight", [Self.dModel, 32])
            if family == "gptneox" {
                addMatrix("\(prefix).attn_qkv.weight", [rows + 2 * kvRows, Self.dModel])
                continue
            }
            addMatrix("\(prefix).ffn_gate.weight", [32, Self.dModel])
            addMatrix("\(prefix).attn_q.weight", [rows, Self.dModel])
            addMatrix("\(prefix).attn_k.weight", [kvRows, Self.dModel])
            addMatrix("\(prefix).attn_v.weight", [kvRows, Self.dModel])
            if family == "gemma3" {
                addNorm("\(prefix).post_attention_norm")
                addNorm("\(prefix).post_ffw_norm")
            }
            if family == "gemma3" || family == "qwen3" {
                addNorm("\(prefix).attn_q_norm", Self.headDim)
                addNorm("\(prefix).attn_k_norm", Self.headDim)
            }
        }
    }

    private mutating func addNorm(_ name: String, _ count: Int = Self.dModel) {
        addMatrix("\(name).weight", [count])
        if family == "gptneox" { addMatrix("\(name).bias", [count]) }
    }

    private mutating func addMatrix(_ name: String, _ shape: [Int]) {
        let count = shape.reduce(1, *)
        builder.add(name, shape: shape, floats: (0..<count).map { _ in Float(generator.nextUnit()) - 0.5 })
    }

    /// Gives a hyperparameter of the family a value, or takes it away.
    mutating func set(_ key: String, _ value: GGUFBuilder.Value?) {
        builder.pairs.removeAll { $0.key == "\(family).\(key)" }
        if let value { builder.add("\(family).\(key)", value) }
    }

    /// The same with a hyperparameter of another value.
    func with(_ key: String, _ value: GGUFBuilder.Value?) -> TinyTransformer {
        var other = self
        other.set(key, value)
        return other
    }

    /// The same without a tensor.
    func without(_ tensor: String) -> TinyTransformer {
        var other = self
        other.builder.tensors.removeAll { $0.name == tensor }
        return other
    }

    /// The model in `exact` precision.
    func load() throws -> Model {
        let directory = try TemporaryDirectory()
        let path = try directory.write(builder.build(), "tiny.gguf")
        return try Model(WeightFile.open(path), precision: .exact, pool: WorkerPool(workers: 1))
    }

    /// The last token's logits.
    func logits(_ tokens: [Int32]) throws -> [Float] {
        var runner = ModelRunner(try load())
        try runner.feed(tokens)
        return runner.logits
    }

    /// The error that loading gives, or a sentence that says that there was none.
    func failure() -> String {
        do {
            _ = try load()
            return "it loaded"
        } catch {
            return String(describing: error)
        }
    }
}
