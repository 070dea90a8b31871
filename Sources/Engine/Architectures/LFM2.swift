import Weights

/// LFM2, dense: short convolutions and attention layers mixed, a gated MLP in each.
///
/// Follows Hugging Face `transformers` `models/lfm2/modeling_lfm2.py`. `attention.head_count_kv` is 0 for layers with a
/// convolution. Attention norms each query's and key's head before RoPE. GGUF calls the last norm `token_embd_norm`.
struct LFM2: ResidualArchitecture {
    static let names = ["lfm2"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let nLayers = try read.int(.nLayers)
        let kvHeads = try read.perLayer(.nKVHeads, layers: nLayers)
        let normEpsilon = try read.float(.normEpsilon, default: 1e-5)
        let dFeedForward = try read.int(.dFeedForward)
        var shape = try Attention.Shape(loader, dModel: dModel, nKVHeads: kvHeads.max() ?? 0, order: .halves)
        let rotary = try RotaryEmbedding(loader, headDim: shape.headDim)
        shape.rotary = rotary
        shape.headNormEpsilon = normEpsilon
        let layers = try (0..<nLayers).map { layer in
            let prefix = "blk.\(layer)"
            shape.nKVHeads = kvHeads[layer]
            let mixer: ResidualBlock.Mixer =
                kvHeads[layer] == 0
                ? .shortConvolution(try ShortConvolution(loader, prefix: prefix, dModel: dModel))
                : .attention(try Attention(loader, prefix: prefix, dModel: dModel, shape: shape))
            return ResidualBlock(
                mixer: .init(
                    norm: try .rms(loader, "\(prefix).attn_norm", count: dModel, epsilon: normEpsilon), content: mixer),
                feedForward: .init(
                    norm: try .rms(loader, "\(prefix).ffn_norm", count: dModel, epsilon: normEpsilon),
                    content: .gated(
                        try GatedMLP(loader, prefix: prefix, dModel: dModel, dFeedForward: dFeedForward))))
        }
        let outputNorm = loader.has("output_norm.weight") ? "output_norm" : "token_embd_norm"
        let embedding = try Embedding(
            loader, dModel: dModel, outputNorm: .rms(loader, outputNorm, count: dModel, epsilon: normEpsilon))
        trainedContext = try read.optionalInt(.trainedContext)
        stack = ResidualStack(embedding: embedding, layers: layers, rotaries: [rotary])
    }
}

extension LFM2: HuggingFaceArchitecture {
    static let modelTypes = ["lfm2"]

    static func translate(_ checkpoint: inout CheckpointTranslator) throws {
        let config = checkpoint.config
        let dModel = try checkpoint.setInt(.dModel, from: "hidden_size")
        try checkpoint.setInt(.nLayers, from: "num_hidden_layers")
        let nHeads = try checkpoint.setInt(.nHeads, from: "num_attention_heads")
        let nKVHeads = try config.int("num_key_value_heads") ?? 8
        let hasAttention = try attentionLayers(checkpoint)
        checkpoint.set(
            .nKVHeads, .integers(hasAttention.map { $0 ? Int64(nKVHeads) : 0 }), from: "num_key_value_heads")
        checkpoint.set(.dFeedForward, .integer(Int64(try feedForwardSize(config))), from: "intermediate_size")
        try checkpoint.setInt(.shortConvolutionWidth, from: "conv_L_cache", default: 3)
        try checkpoint.setInt(.trainedContext, from: "max_position_embeddings", default: 128_000)
        try checkpoint.setFloat(.normEpsilon, from: "norm_eps", default: 1e-5)
        try checkpoint.translateRope(headDim: dModel / max(nHeads, 1), defaultBase: 1_000_000)
        try checkpoint.translateEmbedding(
            "model.embed_tokens.weight", outputNorm: "model.embedding_norm.weight",
            tiedByDefault: try config.bool("tie_embedding") ?? true)
        try checkpoint.translateAttention("model.layers.{n}.self_attn")
        try checkpoint.rename([
            "model.layers.{n}.operator_norm.weight": "blk.{n}.attn_norm.weight",
            "model.layers.{n}.ffn_norm.weight": "blk.{n}.ffn_norm.weight",
            "model.layers.{n}.self_attn.out_proj.weight": "blk.{n}.attn_output.weight",
            "model.layers.{n}.self_attn.q_layernorm.weight": "blk.{n}.attn_q_norm.weight",
            "model.layers.{n}.self_attn.k_layernorm.weight": "blk.{n}.attn_k_norm.weight",
            "model.layers.{n}.feed_forward.w1.weight": "blk.{n}.ffn_gate.weight",
            "model.layers.{n}.feed_forward.w2.weight": "blk.{n}.ffn_down.weight",
            "model.layers.{n}.feed_forward.w3.weight": "blk.{n}.ffn_up.weight",
            "model.layers.{n}.conv.conv.bias": "blk.{n}.shortconv.conv.bias",
            "model.layers.{n}.conv.in_proj.weight": "blk.{n}.shortconv.in_proj.weight",
            "model.layers.{n}.conv.in_proj.bias": "blk.{n}.shortconv.in_proj.bias",
            "model.layers.{n}.conv.out_proj.weight": "blk.{n}.shortconv.out_proj.weight",
            "model.layers.{n}.conv.out_proj.bias": "blk.{n}.shortconv.out_proj.bias",
        ])
        try checkpoint.translateFilter("model.layers.{n}.conv.conv.weight", to: "blk.{n}.shortconv.conv.weight")
    }

    /// Which layers have attention: `layer_types`, or the older `full_attn_idxs`, or all.
    private static func attentionLayers(_ checkpoint: CheckpointTranslator) throws -> [Bool] {
        if let types = try checkpoint.layerTypes(["conv", "full_attention"]) {
            return types.map { $0 == "full_attention" }
        }
        let indices = try checkpoint.config.ints("full_attn_idxs") ?? Array(0..<checkpoint.nLayers)
        return (0..<checkpoint.nLayers).map { indices.contains($0) }
    }

    /// The MLP's size as the reference computes it: two thirds of the stated one, rounded up.
    private static func feedForwardSize(_ config: CheckpointConfig) throws -> Int {
        guard let stated = try config.int("block_ff_dim", "intermediate_size"), (1...1 << 24).contains(stated) else {
            throw config.wrong("intermediate_size", expected: "the size of the MLP")
        }
        guard try config.bool("block_auto_adjust_ff_dim") ?? true else { return stated }
        let factor = try config.float("block_ffn_dim_multiplier") ?? 1
        let multiple = try config.int("block_multiple_of") ?? 256
        guard factor > 0, factor <= 64 else {
            throw config.wrong("block_ffn_dim_multiplier", expected: "a factor up to 64")
        }
        guard (1...1 << 20).contains(multiple) else {
            throw config.wrong("block_multiple_of", expected: "a positive size")
        }
        let size = Int(factor * Double(2 * stated / 3))
        return (size + multiple - 1) / multiple * multiple
    }
}
