import Weights

/// Jamba: Mamba-1 mixers whose dt, B and C are normed, attention without position embedding, and experts in some layers.
///
/// Follows Hugging Face `transformers` `models/jamba/modeling_jamba.py`. A token's experts are weighed by the softmax over
/// all experts, and the weights are not made to add up to 1.
struct Jamba: ResidualArchitecture {
    static let names = ["jamba"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let nLayers = try read.int(.nLayers)
        let kvHeads = try read.perLayer(.nKVHeads, layers: nLayers)
        let normEpsilon = try read.float(.normEpsilon, default: 1e-6)
        var shape = try Attention.Shape(loader, dModel: dModel, nKVHeads: kvHeads.max() ?? 0, order: .halves)
        let layers = try (0..<nLayers).map { layer in
            let prefix = "blk.\(layer)"
            shape.nKVHeads = kvHeads[layer]
            let mixer: ResidualBlock.Mixer =
                kvHeads[layer] == 0
                ? .mamba(
                    try MambaMixer(
                        loader, prefix: prefix, dModel: dModel,
                        norms: SelectionNorms(loader, prefix: prefix, epsilon: normEpsilon)))
                : .attention(try Attention(loader, prefix: prefix, dModel: dModel, shape: shape))
            return ResidualBlock(
                mixer: .init(
                    norm: try .rms(loader, "\(prefix).attn_norm", count: dModel, epsilon: normEpsilon), content: mixer),
                feedForward: .init(
                    norm: try .rms(loader, "\(prefix).ffn_norm", count: dModel, epsilon: normEpsilon),
                    content: try Self.feedForward(loader, prefix: prefix, dModel: dModel)))
        }
        let embedding = try Embedding(
            loader, dModel: dModel, outputNorm: .rms(loader, "output_norm", count: dModel, epsilon: normEpsilon))
        trainedContext = try read.optionalInt(.trainedContext)
        stack = ResidualStack(embedding: embedding, layers: layers, rotaries: [])
    }

    /// A layer has experts if it has a router.
    private static func feedForward(_ loader: TensorLoader, prefix: String, dModel: Int) throws -> FeedForward {
        let read = loader.hyperparameters
        let width = try read.int(.dFeedForward)
        guard loader.has("\(prefix).ffn_gate_inp.weight") else {
            return .gated(try GatedMLP(loader, prefix: prefix, dModel: dModel, dFeedForward: width))
        }
        return .experts(
            try MixtureOfExperts(
                loader, prefix: prefix, dModel: dModel, dExpert: width, dShared: 0, kind: .gated,
                rule: ExpertRule(read, scoring: .softmax, isNormalized: false)))
    }
}

extension Jamba: HuggingFaceArchitecture {
    static let modelTypes = ["jamba"]

    static func translate(_ checkpoint: inout CheckpointTranslator) throws {
        let config = checkpoint.config
        try config.check("hidden_act", isOneOf: ["silu", "swish"])
        let dModel = try checkpoint.setInt(.dModel, from: "hidden_size")
        try checkpoint.setInt(.nLayers, from: "num_hidden_layers")
        try checkpoint.setFloat(.normEpsilon, from: "rms_norm_eps", default: 1e-6)
        try checkpoint.setInt(.trainedContext, from: "max_position_embeddings")
        try checkpoint.setInt(.dFeedForward, from: "intermediate_size")
        let expand = try config.int("mamba_expand") ?? 2
        checkpoint.set(.dInner, .integer(Int64(expand * dModel)), from: "mamba_expand")
        try checkpoint.setInt(.dState, from: "mamba_d_state", default: 16)
        try checkpoint.setInt(.dConv, from: "mamba_d_conv", default: 4)
        try checkpoint.setInt(.timeStepRank, from: "mamba_dt_rank", default: (dModel + 15) / 16)

        try checkpoint.translateAttentionSizes()
        let period = try config.int("attn_layer_period") ?? 8
        let offset = try config.int("attn_layer_offset") ?? 4
        guard period > 0 else { throw config.wrong("attn_layer_period", expected: "a positive number") }
        try checkpoint.setKVHeads(
            checkpoint.layerTypes(["layer_types", "layers_block_type"]) { layer in
                layer % period == offset ? "full_attention" : "linear_attention"
            })
        let nExperts = try checkpoint.setInt(.nExperts, from: "num_experts", default: 16)
        try checkpoint.setInt(.nExpertsUsed, from: "num_experts_per_tok", default: 2)

        let layer = "model.layers.{n}"
        try checkpoint.translateMambaMixer("\(layer).mamba")
        try checkpoint.translateAttention("\(layer).self_attn")
        try checkpoint.translateGatedMLP("\(layer).feed_forward")
        try checkpoint.rename([
            "\(layer).mamba.dt_layernorm.weight": "blk.{n}.ssm_dt_norm.weight",
            "\(layer).mamba.b_layernorm.weight": "blk.{n}.ssm_b_norm.weight",
            "\(layer).mamba.c_layernorm.weight": "blk.{n}.ssm_c_norm.weight",
            "\(layer).input_layernorm.weight": "blk.{n}.attn_norm.weight",
            "\(layer).pre_ff_layernorm.weight": "blk.{n}.ffn_norm.weight",
            "\(layer).feed_forward.router.weight": "blk.{n}.ffn_gate_inp.weight",
        ])
        for (source, target) in [("gate_proj", "ffn_gate"), ("up_proj", "ffn_up"), ("down_proj", "ffn_down")] {
            try checkpoint.stack(
                "\(layer).feed_forward.experts.{e}.\(source).weight", to: "blk.{n}.\(target)_exps.weight",
                experts: nExperts)
        }
        try checkpoint.translateEmbedding(
            "model.embed_tokens.weight", outputNorm: "model.final_layernorm.weight", tiedByDefault: false)
    }
}
