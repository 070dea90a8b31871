import JSON
import Weights

/// Nemotron-H: each layer is one thing, a Mamba-2 mixer, attention without position embedding, an MLP or experts.
///
/// Follows Hugging Face `transformers` `models/nemotron_h/modeling_nemotron_h.py`. MLPs are down(max(up x, 0)²). Experts
/// are chosen by logistic scores, to which a correction is added, and weighed by the scores themselves.
struct NemotronH: ResidualArchitecture {
    static let names = ["nemotron_h", "nemotron_h_moe"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let nListed = try read.int(.nLayers)
        let nLayers = max(nListed - (try read.optionalInt(.nPredictionLayers) ?? 0), 0)
        for layer in nLayers..<nListed { loader.skip(layer: layer) }
        let kvHeads = try read.perLayer(.nKVHeads, layers: nListed)
        let widths = try read.perLayer(.dFeedForward, layers: nListed)
        // The converter writes one or the other.
        let normEpsilon = try read.float(.normEpsilon, default: read.float(.layerNormEpsilon, default: 1e-5))
        // The converter permutes queries and keys although they are not rotated.
        var shape = try Attention.Shape(
            loader, dModel: dModel, nKVHeads: kvHeads.max() ?? 0, order: try read.keyOrder(default: .adjacentPairs))
        let layers = try (0..<nLayers).map { layer in
            let prefix = "blk.\(layer)"
            shape.nKVHeads = kvHeads[layer]
            let content: ResidualBlock.Mixer
            if kvHeads[layer] > 0 {
                content = .attention(try Attention(loader, prefix: prefix, dModel: dModel, shape: shape))
            } else if widths[layer] > 0 {
                content = .feedForward(
                    try Self.feedForward(loader, prefix: prefix, dModel: dModel, width: widths[layer]))
            } else {
                content = .mamba2(try Mamba2Mixer(loader, prefix: prefix, dModel: dModel, normEpsilon: normEpsilon))
            }
            return ResidualBlock(
                mixer: .init(
                    norm: try .rms(loader, "\(prefix).attn_norm", count: dModel, epsilon: normEpsilon),
                    content: content),
                feedForward: nil)
        }
        let embedding = try Embedding(
            loader, dModel: dModel, outputNorm: .rms(loader, "output_norm", count: dModel, epsilon: normEpsilon))
        trainedContext = try read.recurrentContext()
        stack = ResidualStack(embedding: embedding, layers: layers, rotaries: [])
    }

    /// A layer has experts if it has a router.
    private static func feedForward(
        _ loader: TensorLoader, prefix: String, dModel: Int, width: Int
    ) throws -> FeedForward {
        let read = loader.hyperparameters
        guard loader.has("\(prefix).ffn_gate_inp.weight") else {
            return .plain(
                try MLP(loader, prefix: prefix, dModel: dModel, dFeedForward: width, activation: .squaredReLU))
        }
        let dShared = try read.optionalInt(.dShared) ?? 0
        return .experts(
            try MixtureOfExperts(
                loader, prefix: prefix, dModel: dModel, dExpert: read.optionalInt(.dExpert) ?? width,
                dShared: loader.has("\(prefix).ffn_up_shexp.weight") ? dShared : 0, kind: .squaredReLU,
                rule: ExpertRule(read, scoring: .logistic, isNormalized: true)))
    }
}

extension NemotronH: HuggingFaceArchitecture {
    static let modelTypes = ["nemotron_h"]

    static func translate(_ checkpoint: inout CheckpointTranslator) throws {
        let config = checkpoint.config
        try config.check("mlp_hidden_act", isOneOf: ["relu2"])
        try config.check("mamba_hidden_act", isOneOf: ["silu", "swish"])
        if config.has("sliding_window") {
            throw config.wrong("sliding_window", expected: "null: attention to a window can't be run")
        }
        let types = try layerTypes(&checkpoint)
        if types.contains("moe") { checkpoint.family = "nemotron_h_moe" }
        checkpoint.set(.nLayers, .integer(Int64(types.count)), from: "layers_block_type")
        try checkpoint.setInt(.dModel, from: "hidden_size")
        try checkpoint.setFloat(.normEpsilon, from: "layer_norm_epsilon", "rms_norm_eps", default: 1e-5)
        try checkpoint.setInt(.trainedContext, from: "max_position_embeddings")
        try translateMixer(&checkpoint)

        try checkpoint.translateAttentionSizes()
        try checkpoint.setKVHeads(types)
        let width = try config.int("intermediate_size") ?? 0
        let expertWidth = try config.int("moe_intermediate_size") ?? 0
        checkpoint.set(
            .dFeedForward,
            .integers(types.map { $0 == "mlp" ? Int64(width) : $0 == "moe" ? Int64(expertWidth) : 0 }),
            from: "intermediate_size")

        let base = checkpoint.has("backbone.embeddings.weight") ? "backbone" : "model"
        let mixer = "\(base).layers.{n}.mixer"
        // The reference clamps to this as well, with many tokens at once.
        let least = try config.float("time_step_min", "mamba_dt_min") ?? 0.001
        try checkpoint.translateMamba2Mixer(mixer, stepsAtLeast: least)
        try checkpoint.translateAttention(mixer)
        for (source, target) in [("up_proj", "ffn_up"), ("down_proj", "ffn_down")] {
            try checkpoint.rename("\(mixer).\(source).weight", to: "blk.{n}.\(target).weight")
            try checkpoint.rename("\(mixer).\(source).bias", to: "blk.{n}.\(target).bias")
        }
        if types.contains("moe") { try translateExperts(&checkpoint, mixer: mixer) }
        try checkpoint.rename("\(base).layers.{n}.norm.weight", to: "blk.{n}.attn_norm.weight")
        try checkpoint.translateEmbedding(
            "\(base).embeddings.weight", outputNorm: "\(base).norm_f.weight", tiedByDefault: false)
        checkpoint.drop(prefix: "mtp.")
    }

    /// What each layer is: a list of words, or a letter each in the older spelling.
    private static func layerTypes(_ checkpoint: inout CheckpointTranslator) throws -> [String] {
        let config = checkpoint.config
        let spellings = ["layers_block_type", "layer_types"]
        if let list = config.value(spellings) {
            try checkpoint.setLayerCount(list.value.array?.count ?? 0, from: list.spelling)
            return try checkpoint.layerTypes(spellings) { _ in "" }
        }
        guard let pattern = try config.string("hybrid_override_pattern") else {
            throw config.missing(spellings + ["hybrid_override_pattern"])
        }
        let words: [Character: String] = ["M": "linear_attention", "*": "full_attention", "-": "mlp", "E": "moe"]
        let types = pattern.compactMap { words[$0] }
        guard types.count == pattern.count else {
            throw config.wrong("hybrid_override_pattern", expected: "a text of M, *, - and E")
        }
        try checkpoint.setLayerCount(types.count, from: "hybrid_override_pattern")
        return types
    }

    private static func translateMixer(_ checkpoint: inout CheckpointTranslator) throws {
        let config = checkpoint.config
        let nHeads = try checkpoint.setInt(.timeStepRank, from: "mamba_num_heads")
        let headDim = try config.requireInt("mamba_head_dim")
        checkpoint.set(.dInner, .integer(Int64(nHeads * headDim)), from: "mamba_head_dim")
        try checkpoint.setInt(.dState, from: "ssm_state_size")
        try checkpoint.setInt(.dConv, from: "conv_kernel", "mamba_d_conv", default: 4)
        try checkpoint.setInt(.nGroups, from: "n_groups", "mamba_n_groups")
    }

    private static func translateExperts(_ checkpoint: inout CheckpointTranslator, mixer: String) throws {
        let config = checkpoint.config
        if config.has("moe_latent_size") {
            throw config.wrong("moe_latent_size", expected: "null: experts of another width can't be run")
        }
        let nExperts = try checkpoint.setInt(.nExperts, from: "n_routed_experts", "num_local_experts")
        try checkpoint.setInt(.nExpertsUsed, from: "num_experts_per_tok")
        try checkpoint.setInt(.nExpertGroups, from: "n_group", default: 1)
        try checkpoint.setInt(.nExpertGroupsUsed, from: "topk_group", default: 1)
        try checkpoint.setFloat(.expertScale, from: "routed_scaling_factor", default: 1)
        checkpoint.set(
            .expertsAreNormalized, .bool(try config.bool("norm_topk_prob") ?? true), from: "norm_topk_prob")
        try checkpoint.setInt(.dExpert, from: "moe_intermediate_size")
        try checkpoint.setInt(.dShared, from: "moe_shared_expert_intermediate_size", default: 0)
        try checkpoint.rename([
            "\(mixer).gate.weight": "blk.{n}.ffn_gate_inp.weight",
            "\(mixer).gate.e_score_correction_bias": "blk.{n}.exp_probs_b.bias",
            "\(mixer).shared_experts.up_proj.weight": "blk.{n}.ffn_up_shexp.weight",
            "\(mixer).shared_experts.down_proj.weight": "blk.{n}.ffn_down_shexp.weight",
            "\(mixer).shared_experts.up_proj.bias": "blk.{n}.ffn_up_shexp.bias",
            "\(mixer).shared_experts.down_proj.bias": "blk.{n}.ffn_down_shexp.bias",
        ])
        for (source, target) in [("up_proj", "ffn_up"), ("down_proj", "ffn_down")] {
            try checkpoint.stack(
                "\(mixer).experts.{e}.\(source).weight", to: "blk.{n}.\(target)_exps.weight", experts: nExperts)
        }
    }
}
