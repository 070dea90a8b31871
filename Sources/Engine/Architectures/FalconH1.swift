import Weights

/// Falcon-H1: attention and a Mamba-2 mixer side by side on one norm, then a gated MLP.
///
/// Follows Hugging Face `transformers` `models/falcon_h1/modeling_falcon_h1.py`. Its multipliers are part of the weights
/// in GGUF files; checkpoints have them in the configuration.
struct FalconH1: ResidualArchitecture {
    static let names = ["falcon-h1"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let normEpsilon = try read.float(.normEpsilon, default: 1e-5)
        let logitScale = try read.float(.logitScale, default: 1)
        guard logitScale != 0 else { throw read.wrong(.logitScale, expected: "a number other than 0") }
        var shape = try Attention.Shape(loader, dModel: dModel, order: .halves)
        let rotary = try RotaryEmbedding(loader, headDim: shape.headDim)
        shape.rotary = rotary
        let dFeedForward = try read.int(.dFeedForward)
        let layers = try (0..<read.int(.nLayers)).map { layer in
            let prefix = "blk.\(layer)"
            let attention = try Attention(loader, prefix: prefix, dModel: dModel, shape: shape)
            let mamba = try Mamba2Mixer(
                loader, prefix: prefix, dModel: dModel, normEpsilon: normEpsilon, normIsOptional: true)
            // The converter calls this norm by a name without `.weight`.
            let mlpNorm = loader.has("\(prefix).ffn_norm") ? "\(prefix).ffn_norm" : "\(prefix).ffn_norm.weight"
            return ResidualBlock(
                mixer: .init(
                    norm: try .rms(loader, "\(prefix).attn_norm", count: dModel, epsilon: normEpsilon),
                    content: .parallel(attention, mamba)),
                feedForward: .init(
                    norm: try .rms(loader, tensor: mlpNorm, count: dModel, epsilon: normEpsilon),
                    content: .gated(
                        try GatedMLP(loader, prefix: prefix, dModel: dModel, dFeedForward: dFeedForward))))
        }
        let embedding = try Embedding(
            loader, dModel: dModel, outputNorm: .rms(loader, "output_norm", count: dModel, epsilon: normEpsilon),
            scale: try read.float(.embeddingScale, default: 1), logitFactor: 1 / logitScale)
        trainedContext = try read.optionalInt(.trainedContext)
        stack = ResidualStack(embedding: embedding, layers: layers, rotaries: [rotary])
    }
}

extension FalconH1: HuggingFaceArchitecture {
    static let modelTypes = ["falcon_h1"]

    static func translate(_ checkpoint: inout CheckpointTranslator) throws {
        let config = checkpoint.config
        try config.check("hidden_act", isOneOf: ["silu", "swish"])
        let dModel = try checkpoint.setInt(.dModel, from: "hidden_size")
        try checkpoint.setInt(.nLayers, from: "num_hidden_layers")
        try checkpoint.setFloat(.normEpsilon, from: "rms_norm_eps", default: 1e-5)
        try checkpoint.setInt(.trainedContext, from: "max_position_embeddings")
        let dFeedForward = try checkpoint.setInt(.dFeedForward, from: "intermediate_size")
        try checkpoint.translateMamba2Sizes()
        checkpoint.set(
            .normsBeforeGate, .bool(try config.bool("mamba_norm_before_gate") ?? true), from: "mamba_norm_before_gate")
        try checkpoint.translateMamba2Mixer("model.layers.{n}.mamba")
        let headDim = try checkpoint.translateAttentionSizes()
        try checkpoint.translateAttention("model.layers.{n}.self_attn")
        try checkpoint.translateRope(headDim: headDim)
        try checkpoint.translateGatedMLP("model.layers.{n}.feed_forward")
        try checkpoint.rename([
            "model.layers.{n}.input_layernorm.weight": "blk.{n}.attn_norm.weight",
            "model.layers.{n}.pre_ff_layernorm.weight": "blk.{n}.ffn_norm.weight",
        ])
        try checkpoint.translateEmbedding(
            "model.embed_tokens.weight", outputNorm: "model.final_layernorm.weight", tiedByDefault: false)
        try checkpoint.setFloat(.embeddingScale, from: "embedding_multiplier", default: 1)
        let head = try config.float("lm_head_multiplier") ?? 1
        guard head != 0 else { throw config.wrong("lm_head_multiplier", expected: "a number other than 0") }
        checkpoint.set(.logitScale, .double(1 / head), from: "lm_head_multiplier")
        try scaleAttention(&checkpoint, dModel: dModel)
        try scaleMixer(&checkpoint, dModel: dModel)
        let mlp = try multipliers(config, "mlp_multipliers", count: 2)
        try checkpoint.scale(
            "blk.{n}.ffn_gate", rows: [(dFeedForward, mlp[0])], bias: [(dFeedForward, mlp[0])])
        try checkpoint.scale("blk.{n}.ffn_down", rows: [(dModel, mlp[1])], bias: [(dModel, mlp[1])])
    }

    /// Inputs of queries, keys and values are multiplied, keys again, and outputs.
    private static func scaleAttention(_ checkpoint: inout CheckpointTranslator, dModel: Int) throws {
        let config = checkpoint.config
        let nHeads = try config.requireInt("num_attention_heads")
        let headDim = try config.int("head_dim") ?? dModel / max(nHeads, 1)
        let kvRows = (try config.int("num_key_value_heads") ?? nHeads) * headDim
        let input = try config.float("attention_in_multiplier") ?? 1
        let key = try config.float("key_multiplier") ?? 1
        let output = try config.float("attention_out_multiplier") ?? 1
        try checkpoint.scale("blk.{n}.attn_q", rows: [(nHeads * headDim, input)], bias: [])
        try checkpoint.scale("blk.{n}.attn_k", rows: [(kvRows, input * key)], bias: [(kvRows, key)])
        try checkpoint.scale("blk.{n}.attn_v", rows: [(kvRows, input)], bias: [])
        try checkpoint.scale("blk.{n}.attn_output", rows: [(dModel, output)], bias: [(dModel, output)])
    }

    /// Inputs of the mixer are multiplied, then z, x, B, C and dt each on its own, and outputs.
    private static func scaleMixer(_ checkpoint: inout CheckpointTranslator, dModel: Int) throws {
        let config = checkpoint.config
        let dInner = try config.int("mamba_d_ssm") ?? (config.int("mamba_expand") ?? 2) * dModel
        let groupStates = (try config.int("mamba_n_groups") ?? 1) * (try config.requireInt("mamba_d_state"))
        let counts = [dInner, dInner, groupStates, groupStates, try config.requireInt("mamba_n_heads")]
        let factors = try multipliers(config, "ssm_multipliers", count: 5)
        let input = try config.float("ssm_in_multiplier") ?? 1
        let output = try config.float("ssm_out_multiplier") ?? 1
        try checkpoint.scale(
            "blk.{n}.ssm_in", rows: zip(counts, factors).map { ($0, $1 * input) },
            bias: zip(counts, factors).map { ($0, $1) })
        try checkpoint.scale("blk.{n}.ssm_out", rows: [(dModel, output)], bias: [(dModel, output)])
    }

    private static func multipliers(_ config: CheckpointConfig, _ name: String, count: Int) throws -> [Double] {
        let values = try config.floats(name) ?? Array(repeating: 1, count: count)
        guard values.count == count else { throw config.wrong(name, expected: "a list of \(count) numbers") }
        return values
    }
}
