package import Weights

/// One hyperparameter under its names: ours (the property's), the paper's, GGUF's and Hugging Face's.
///
/// GGUF keys carry the family first: `mamba2.ssm.state_size`.
package struct Hyperparameter: Sendable {
    /// The symbol of the papers (arXiv 2312.00752, 2405.21060), or a dash.
    package let paper: String
    package let gguf: String
    package let huggingFace: String

    // Sizes
    package static let dModel = Self(paper: "D", gguf: "embedding_length", huggingFace: "hidden_size")
    package static let nLayers = Self(paper: "—", gguf: "block_count", huggingFace: "num_hidden_layers")
    package static let vocabSize = Self(paper: "V", gguf: "vocab_size", huggingFace: "vocab_size")
    package static let dFeedForward = Self(
        paper: "—", gguf: "feed_forward_length", huggingFace: "intermediate_size")
    package static let trainedContext = Self(
        paper: "L", gguf: "context_length", huggingFace: "max_position_embeddings")
    package static let normEpsilon = Self(
        paper: "ε", gguf: "attention.layer_norm_rms_epsilon", huggingFace: "rms_norm_eps")

    package static let layerNormEpsilon = Self(
        paper: "ε", gguf: "attention.layer_norm_epsilon", huggingFace: "layer_norm_eps")
    /// Whether mixer and MLP read the same stream.
    package static let isParallel = Self(
        paper: "—", gguf: "use_parallel_residual", huggingFace: "use_parallel_residual")

    // State-space mixers
    package static let dInner = Self(paper: "ED", gguf: "ssm.inner_size", huggingFace: "mamba_d_inner")
    package static let dState = Self(paper: "N", gguf: "ssm.state_size", huggingFace: "mamba_d_state")
    package static let dConv = Self(paper: "—", gguf: "ssm.conv_kernel", huggingFace: "mamba_d_conv")
    package static let nGroups = Self(paper: "G", gguf: "ssm.group_count", huggingFace: "mamba_n_groups")
    /// Mamba-1's rank R; for Mamba-2 the number of heads H.
    package static let timeStepRank = Self(paper: "R, H", gguf: "ssm.time_step_rank", huggingFace: "mamba_n_heads")
    /// Taps of LFM2's short convolution.
    package static let shortConvolutionWidth = Self(
        paper: "—", gguf: "shortconv.l_cache", huggingFace: "conv_L_cache")
    /// What dt is clamped to after bias and softplus; no GGUF file has them.
    package static let timeStepMin = Self(
        paper: "Δ", gguf: "ssm.time_step_limit_min", huggingFace: "time_step_limit[0]")
    package static let timeStepMax = Self(
        paper: "Δ", gguf: "ssm.time_step_limit_max", huggingFace: "time_step_limit[1]")
    /// Whether a Mamba-2 mixer norms before it gates.
    package static let normsBeforeGate = Self(
        paper: "—", gguf: "ssm.norm_before_gate", huggingFace: "mamba_norm_before_gate")
    /// Whether dt, B and C are normed before use, as Falcon-Mamba does.
    package static let normsSelection = Self(paper: "—", gguf: "ssm.dt_b_c_rms", huggingFace: "—")
    /// The epsilon of those norms, which no GGUF file has.
    package static let selectionEpsilon = Self(
        paper: "ε", gguf: "ssm.dt_b_c_rms_epsilon", huggingFace: "mixer_rms_eps")

    // Attention
    package static let nHeads = Self(paper: "—", gguf: "attention.head_count", huggingFace: "num_attention_heads")
    /// One number, or one for each layer, where 0 means that the layer has no attention.
    package static let nKVHeads = Self(
        paper: "—", gguf: "attention.head_count_kv", huggingFace: "num_key_value_heads")
    package static let headDim = Self(paper: "—", gguf: "attention.key_length", huggingFace: "head_dim")
    package static let valueDim = Self(paper: "—", gguf: "attention.value_length", huggingFace: "head_dim")
    package static let slidingWindow = Self(
        paper: "—", gguf: "attention.sliding_window", huggingFace: "sliding_window")
    /// Which layers have the window: one switch a layer, or a period, whose last layer sees everything.
    package static let slidingWindowPattern = Self(
        paper: "—", gguf: "attention.sliding_window_pattern", huggingFace: "layer_types")
    package static let ropeDimensions = Self(
        paper: "—", gguf: "rope.dimension_count", huggingFace: "partial_rotary_factor")
    package static let ropeBase = Self(paper: "θ", gguf: "rope.freq_base", huggingFace: "rope_theta")
    /// θ of the layers that have the window, where they have their own.
    package static let ropeBaseWindowed = Self(
        paper: "θ", gguf: "rope.freq_base_swa", huggingFace: "rope_local_base_freq")
    package static let ropeScalingType = Self(
        paper: "—", gguf: "rope.scaling.type", huggingFace: "rope_scaling.type")
    package static let ropeScalingFactor = Self(
        paper: "—", gguf: "rope.scaling.factor", huggingFace: "rope_scaling.factor")
    /// How older files write a linear scaling.
    package static let ropeScaleLinear = Self(
        paper: "—", gguf: "rope.scale_linear", huggingFace: "rope_scaling.factor")
    /// Which values of a head are rotated together: `halves` or `adjacent`.
    ///
    /// No GGUF file has it; translated Hugging Face checkpoints do, of families whose rows GGUF's converter permutes.
    package static let ropePairOrder = Self(paper: "—", gguf: "rope.pair_order", huggingFace: "—")
    /// Granite's converter says "no position embedding" by setting this to false.
    package static let ropeFinetuned = Self(
        paper: "—", gguf: "rope.scaling.finetuned", huggingFace: "position_embedding_type")

    // Multipliers
    package static let attentionScale = Self(
        paper: "—", gguf: "attention.scale", huggingFace: "attention_multiplier")
    package static let embeddingScale = Self(
        paper: "—", gguf: "embedding_scale", huggingFace: "embedding_multiplier")
    package static let residualScale = Self(
        paper: "—", gguf: "residual_scale", huggingFace: "residual_multiplier")
    /// Logits are divided by it.
    package static let logitScale = Self(paper: "—", gguf: "logit_scale", huggingFace: "logits_scaling")

    /// Logits are bent by tanh so that they stay below it.
    package static let logitSoftCap = Self(
        paper: "—", gguf: "final_logit_softcapping", huggingFace: "final_logit_softcapping")

    // Experts
    package static let nExperts = Self(paper: "E", gguf: "expert_count", huggingFace: "num_local_experts")
    /// Experts that a token goes through.
    package static let nExpertsUsed = Self(paper: "k", gguf: "expert_used_count", huggingFace: "num_experts_per_tok")
    package static let dExpert = Self(
        paper: "—", gguf: "expert_feed_forward_length", huggingFace: "moe_intermediate_size")
    /// The width of the MLP that every token goes through beside its experts; 0 where there is none.
    package static let dShared = Self(
        paper: "—", gguf: "expert_shared_feed_forward_length", huggingFace: "shared_intermediate_size")
    /// Experts are chosen from the best `nExpertGroupsUsed` of that many groups.
    package static let nExpertGroups = Self(paper: "—", gguf: "expert_group_count", huggingFace: "n_group")
    package static let nExpertGroupsUsed = Self(
        paper: "—", gguf: "expert_group_used_count", huggingFace: "topk_group")
    /// Whether the weights of a token's experts are made to add up to 1.
    package static let expertsAreNormalized = Self(
        paper: "—", gguf: "expert_weights_norm", huggingFace: "norm_topk_prob")
    package static let expertScale = Self(
        paper: "—", gguf: "expert_weights_scale", huggingFace: "routed_scaling_factor")
    /// 1 is softmax, 2 is the logistic function.
    package static let expertScoring = Self(paper: "—", gguf: "expert_gating_func", huggingFace: "—")

    /// Layers after all others that predict further tokens; they are not run.
    package static let nPredictionLayers = Self(
        paper: "—", gguf: "nextn_predict_layers", huggingFace: "num_nextn_predict_layers")

    // Shared blocks (Zamba2)
    package static let nSharedBlocks = Self(paper: "—", gguf: "shared_block_count", huggingFace: "num_mem_blocks")
    package static let adapterRank = Self(paper: "—", gguf: "adapter_rank", huggingFace: "adapter_rank")
}

/// Reads hyperparameters of one family from a file's metadata, and refuses values that no model has.
package struct HyperparameterReader: Sendable {
    private let file: WeightFile
    private let family: String
    /// Larger sizes are damage; below it products of any three fit an `Int`.
    static let largest = 1 << 20
    /// More layers, or experts of one, than any model has; a file that claims more is damaged, and would take memory out of proportion.
    static let mostLayers = 4096

    package init(_ file: WeightFile, family: String) {
        self.file = file
        self.family = family
    }

    /// A size that the file has to have.
    package func int(_ key: Hyperparameter) throws -> Int {
        guard let value = try optionalInt(key) else { throw missing(key) }
        return value
    }

    /// A size, or nil where the file has none.
    package func optionalInt(_ key: Hyperparameter) throws -> Int? {
        guard file.metadata[name(key)] != nil else { return nil }
        guard let value = file.metadata.int(name(key)) else { throw wrong(key, expected: "a whole number") }
        return try checked(value, key)
    }

    /// The trained context of a model that has no positions, or nil where the file doesn't know it.
    ///
    /// Checkpoints of Mamba and Mamba-2 don't say it, and the converter then writes 2²⁰.
    package func recurrentContext() throws -> Int? {
        let stated = try optionalInt(.trainedContext)
        return stated == 1 << 20 ? nil : stated
    }

    /// One number a layer, from a list or from a single number for all.
    package func perLayer(_ key: Hyperparameter, layers: Int) throws -> [Int] {
        if let values = file.metadata.ints(name(key)) {
            guard values.count == layers else {
                throw wrong(key, expected: "one number for each of the \(layers) layers, not \(values.count)")
            }
            return try values.map { try checked($0, key) }
        }
        return Array(repeating: try int(key), count: layers)
    }

    /// A finite number, or `fallback` where the file has none.
    package func float(_ key: Hyperparameter, default fallback: Float) throws -> Float {
        guard file.metadata[name(key)] != nil else { return fallback }
        guard let value = file.metadata.double(name(key)), value.isFinite, abs(value) < 1e12 else {
            throw wrong(key, expected: "a finite number")
        }
        return Float(value)
    }

    /// A switch, or `fallback` where the file has none.
    package func bool(_ key: Hyperparameter, default fallback: Bool) -> Bool {
        file.metadata.bool(name(key)) ?? fallback
    }

    /// Switches, or nil where the file has no list of them.
    package func bools(_ key: Hyperparameter) -> [Bool]? {
        file.metadata.bools(name(key))
    }

    /// A text, or nil where the file has none.
    package func string(_ key: Hyperparameter) -> String? {
        file.metadata.string(name(key))
    }

    /// The order of the values inside queries and keys, or `fallback` where the file doesn't say.
    func keyOrder(default fallback: KeyOrder) throws -> KeyOrder {
        guard file.metadata[name(.ropePairOrder)] != nil else { return fallback }
        guard let order = string(.ropePairOrder).flatMap(KeyOrder.init(rawValue:)) else {
            throw wrong(.ropePairOrder, expected: "halves or adjacent")
        }
        return order
    }

    /// An error about a key that has a value we can't use.
    package func wrong(_ key: Hyperparameter, expected: String) -> EngineError {
        let found = file.metadata[name(key)].map { String(describing: $0).prefix(80) } ?? "nothing"
        return EngineError(
            .badValue, "\(file.label(of: name(key))) in \(file.name) is \(found); a \(family) model needs \(expected).")
    }

    private func missing(_ key: Hyperparameter) -> EngineError {
        EngineError(
            .missing,
            "\(file.name) has no \(file.label(of: name(key))), which a \(family) model needs. The file is damaged or was converted by a "
                + "tool that we don't know.")
    }

    private func checked(_ value: Int, _ key: Hyperparameter) throws -> Int {
        let limit = Self.limit(of: key)
        guard value >= 0, value <= limit else { throw wrong(key, expected: "a number from 0 to \(limit)") }
        return value
    }

    /// The largest value that a whole number may have.
    static func limit(of key: Hyperparameter) -> Int {
        switch key.gguf {
        case Hyperparameter.trainedContext.gguf: Int(Int32.max)
        case Hyperparameter.nLayers.gguf, Hyperparameter.nExperts.gguf: mostLayers
        default: largest
        }
    }

    private func name(_ key: Hyperparameter) -> String {
        "\(family).\(key.gguf)"
    }
}
