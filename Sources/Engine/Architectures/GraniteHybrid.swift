import Weights

/// Granite 4 hybrids and Bamba: Mamba-2 and attention layers mixed, an MLP or experts in each, and four multipliers.
///
/// Follows Hugging Face `transformers` `models/granitemoehybrid/modeling_granitemoehybrid.py` and `models/bamba`. Every
/// layer may be a Mamba-2 layer (the default model has no attention at all) or an attention layer;
/// `attention.head_count_kv` is 0 for the former. Attention has no position embedding unless the file says so. Experts
/// are weighed by the softmax of the chosen ones' scores.
struct GraniteHybrid: ResidualArchitecture {
    static let names = ["granitehybrid"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let nLayers = try read.int(.nLayers)
        let kvHeads = try read.perLayer(.nKVHeads, layers: nLayers)
        let normEpsilon = try read.float(.normEpsilon, default: 1e-5)
        let residualScale = try read.float(.residualScale, default: 1)
        let logitScale = try read.float(.logitScale, default: 1)
        guard logitScale != 0 else { throw read.wrong(.logitScale, expected: "a number other than 0") }

        var shape = try Attention.Shape(
            loader, dModel: dModel, nKVHeads: kvHeads.max() ?? 0, order: try read.keyOrder(default: .adjacentPairs))
        if shape.nKVHeads > 0, read.bool(.ropeFinetuned, default: true) {
            let rotary = try RotaryEmbedding(loader, headDim: shape.headDim)
            shape.rotary = rotary
            // The converter permutes whole heads, as if all of a head were rotated; of Bamba's only half is.
            shape.isPermuted = shape.order == .adjacentPairs && rotary.dimensions < shape.headDim
            if shape.isPermuted { shape.order = .halves }
        }
        let nExperts = try read.optionalInt(.nExperts) ?? 0
        let rule = nExperts > 0 ? try ExpertRule(read, scoring: .softmax, isNormalized: true) : nil
        // Without attention only a sequence's first token has values a thousand times the others, and that one is rounded
        // to 16 bits everywhere.
        let rounding: ActivationRounding = kvHeads.allSatisfy { $0 == 0 } ? .eightBits : .sixteenBits
        let layers = try (0..<nLayers).map { layer in
            let prefix = "blk.\(layer)"
            shape.nKVHeads = kvHeads[layer]
            let mixer: ResidualBlock.Mixer =
                kvHeads[layer] == 0
                ? .mamba2(try Mamba2Mixer(loader, prefix: prefix, dModel: dModel, normEpsilon: normEpsilon))
                : .attention(try Attention(loader, prefix: prefix, dModel: dModel, shape: shape))
            return ResidualBlock(
                mixer: .init(
                    norm: try .rms(loader, "\(prefix).attn_norm", count: dModel, epsilon: normEpsilon), content: mixer),
                feedForward: .init(
                    norm: try .rms(loader, "\(prefix).ffn_norm", count: dModel, epsilon: normEpsilon),
                    content: try Self.feedForward(
                        loader, prefix: prefix, dModel: dModel, rule: rule, rounding: rounding)),
                residualScale: residualScale)
        }
        let embedding = try Embedding(
            loader, dModel: dModel, outputNorm: .rms(loader, "output_norm", count: dModel, epsilon: normEpsilon),
            scale: try read.float(.embeddingScale, default: 1), logitFactor: 1 / logitScale)
        // Without position embedding the converter writes the context of a recurrent model.
        trainedContext = try read.recurrentContext()
        stack = ResidualStack(embedding: embedding, layers: layers, rotaries: shape.rotary.map { [$0] } ?? [])
    }

    private static func feedForward(
        _ loader: TensorLoader, prefix: String, dModel: Int, rule: ExpertRule?, rounding: ActivationRounding
    ) throws -> FeedForward {
        let read = loader.hyperparameters
        let width = try read.int(.dFeedForward)
        guard let rule else {
            return .gated(
                try GatedMLP(loader, prefix: prefix, dModel: dModel, dFeedForward: width, rounding: rounding))
        }
        return .experts(
            try MixtureOfExperts(
                loader, prefix: prefix, dModel: dModel, dExpert: width, dShared: read.optionalInt(.dShared) ?? 0,
                kind: .gated, rule: rule))
    }
}

extension GraniteHybrid: HuggingFaceArchitecture {
    static let modelTypes = ["granitemoehybrid", "bamba"]

    static func translate(_ checkpoint: inout CheckpointTranslator) throws {
        let config = checkpoint.config
        try config.check("hidden_act", isOneOf: ["silu", "swish"])
        try checkpoint.setInt(.dModel, from: "hidden_size")
        try checkpoint.setInt(.nLayers, from: "num_hidden_layers")
        try checkpoint.setFloat(.normEpsilon, from: "rms_norm_eps", default: 1e-6)
        try checkpoint.setInt(.trainedContext, from: "max_position_embeddings")
        try checkpoint.translateMamba2Sizes()
        try checkpoint.translateMamba2Mixer("model.layers.{n}.mamba")
        let headDim = try checkpoint.translateAttentionSizes()
        try checkpoint.translateAttention("model.layers.{n}.self_attn")
        try checkpoint.rename("model.layers.{n}.input_layernorm.weight", to: "blk.{n}.attn_norm.weight")
        if checkpoint.modelType == "bamba" {
            try translateBamba(&checkpoint, headDim: headDim)
        } else {
            try translateGranite(&checkpoint, headDim: headDim)
        }
    }

    private static func translateBamba(_ checkpoint: inout CheckpointTranslator, headDim: Int) throws {
        let attention = Set(try checkpoint.config.ints("attn_layer_indices") ?? [])
        let names = try checkpoint.layerTypes(["layer_types", "layers_block_type"]) { layer in
            attention.contains(layer) ? "full_attention" : "linear_attention"
        }
        try checkpoint.setKVHeads(names)
        try checkpoint.setInt(.dFeedForward, from: "intermediate_size")
        let config = checkpoint.config
        let isStated = config.has("rope_parameters.partial_rotary_factor", "partial_rotary_factor")
        try checkpoint.translateRope(
            headDim: headDim, dimensions: config.int("attn_rotary_emb") ?? (isStated ? nil : headDim / 2))
        try checkpoint.translateEmbedding(
            "model.embed_tokens.weight", outputNorm: "model.final_layernorm.weight", tiedByDefault: false)
        try checkpoint.rename("model.layers.{n}.pre_ff_layernorm.weight", to: "blk.{n}.ffn_norm.weight")
        try checkpoint.translateGatedMLP("model.layers.{n}.feed_forward")
    }

    private static func translateGranite(_ checkpoint: inout CheckpointTranslator, headDim: Int) throws {
        let config = checkpoint.config
        try checkpoint.setKVHeads(
            checkpoint.layerTypes(["layer_types", "layers_block_type"]) { _ in "linear_attention" })
        try checkpoint.setFloat(.embeddingScale, from: "embedding_multiplier", default: 1)
        try checkpoint.setFloat(.residualScale, from: "residual_multiplier", default: 1)
        try checkpoint.setFloat(.attentionScale, from: "attention_multiplier", default: 1)
        try checkpoint.setFloat(.logitScale, from: "logits_scaling", default: 1)
        try config.check("position_embedding_type", isOneOf: ["rope", "nope"])
        if try config.string("position_embedding_type") == "rope" {
            try checkpoint.translateRope(headDim: headDim)
        } else {
            checkpoint.set(.ropeFinetuned, .bool(false), from: "position_embedding_type")
        }
        try checkpoint.translateEmbedding(
            "model.embed_tokens.weight", outputNorm: "model.norm.weight", tiedByDefault: false)
        try checkpoint.rename("model.layers.{n}.post_attention_layernorm.weight", to: "blk.{n}.ffn_norm.weight")
        try translateExperts(&checkpoint)
    }

    /// The MLP that all tokens share is the only one where there are no experts.
    private static func translateExperts(_ checkpoint: inout CheckpointTranslator) throws {
        let config = checkpoint.config
        let nExperts = try checkpoint.setInt(.nExperts, from: "num_local_experts", default: 0)
        let dShared = try config.requireInt("shared_intermediate_size")
        let suffix = nExperts > 0 ? "_shexp" : ""
        try checkpoint.split(
            "model.layers.{n}.shared_mlp.input_linear.weight",
            into: [("blk.{n}.ffn_gate\(suffix).weight", dShared), ("blk.{n}.ffn_up\(suffix).weight", dShared)])
        try checkpoint.rename(
            "model.layers.{n}.shared_mlp.output_linear.weight", to: "blk.{n}.ffn_down\(suffix).weight")
        guard nExperts > 0 else {
            try checkpoint.setInt(.dFeedForward, from: "shared_intermediate_size")
            return
        }
        let width = try checkpoint.setInt(.dFeedForward, from: "intermediate_size")
        try checkpoint.setInt(.dShared, from: "shared_intermediate_size")
        try checkpoint.setInt(.nExpertsUsed, from: "num_experts_per_tok")
        let moe = "model.layers.{n}.block_sparse_moe"
        try checkpoint.rename("\(moe).router.layer.weight", to: "blk.{n}.ffn_gate_inp.weight")
        try checkpoint.rename("\(moe).output_linear.weight", to: "blk.{n}.ffn_down_exps.weight")
        try checkpoint.splitExperts(
            "\(moe).input_linear.weight", experts: nExperts,
            into: [("blk.{n}.ffn_gate_exps.weight", width), ("blk.{n}.ffn_up_exps.weight", width)])
    }
}
