import Weights

/// Gemma 3, text: norms before and after attention and MLP, most layers with a window and a RoPE of their own.
///
/// Follows Hugging Face `transformers` `models/gemma3/modeling_gemma3.py`. Norms multiply by 1 + w, and GGUF's converter
/// stores that sum. Embeddings are scaled by √dModel. Where the file doesn't say which layers have the window, all but
/// every sixth do; nor does it say that the largest model scales queries by dModel / nHeads instead of the head's size.
/// `attn_logit_softcapping` is left alone, as the reference leaves it.
struct Gemma3: ResidualArchitecture {
    static let names = ["gemma3"]

    /// Layers of Gemma 3 27B.
    private static let largestLayers = 62

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let nLayers = try read.int(.nLayers)
        let normEpsilon = try read.float(.normEpsilon, default: 1e-6)
        let softCap = try read.float(.logitSoftCap, default: 0)
        guard softCap >= 0 else { throw read.wrong(.logitSoftCap, expected: "a positive number, or 0 for none") }

        var shape = try Attention.Shape(loader, dModel: dModel, order: .halves)
        if shape.scale == nil, nLayers == Self.largestLayers {
            shape.scale = 1 / Float(dModel / shape.nHeads).squareRoot()
        }
        shape.headNormEpsilon = normEpsilon
        let global = try RotaryEmbedding(loader, headDim: shape.headDim)
        let windowed = try RotaryEmbedding(windowed: loader, headDim: shape.headDim, defaultBase: 10_000)
        let windows = try read.windows(layers: nLayers, period: 6)
        let dFeedForward = try read.int(.dFeedForward)
        func norm(_ name: String) throws -> Norm {
            try .rms(loader, name, count: dModel, epsilon: normEpsilon)
        }
        let layers = try (0..<nLayers).map { layer in
            let prefix = "blk.\(layer)"
            shape.window = windows[layer]
            shape.rotary = windows[layer] > 0 ? windowed : global
            return ResidualBlock(
                mixer: .init(
                    norm: try norm("\(prefix).attn_norm"),
                    content: .attention(try Attention(loader, prefix: prefix, dModel: dModel, shape: shape)),
                    outputNorm: try norm("\(prefix).post_attention_norm")),
                feedForward: .init(
                    norm: try norm("\(prefix).ffn_norm"),
                    content: .gated(
                        try GatedMLP(
                            loader, prefix: prefix, dModel: dModel, dFeedForward: dFeedForward, activation: .geluTanh)),
                    outputNorm: try norm("\(prefix).post_ffw_norm")))
        }
        let embedding = try Embedding(
            loader, dModel: dModel, outputNorm: norm("output_norm"), scale: Float(dModel).squareRoot(),
            softCap: softCap == 0 ? nil : softCap)
        trainedContext = try read.optionalInt(.trainedContext)
        stack = ResidualStack(embedding: embedding, layers: layers, rotaries: [global, windowed])
    }
}

extension Gemma3: HuggingFaceArchitecture {
    static let modelTypes = ["gemma3_text"]

    static func translate(_ checkpoint: inout CheckpointTranslator) throws {
        let config = checkpoint.config
        try config.check("hidden_activation", "hidden_act", isOneOf: ["gelu_pytorch_tanh"])
        try config.check("use_bidirectional_attention", is: false)
        try checkpoint.setInt(.dModel, from: "hidden_size")
        try checkpoint.setInt(.nLayers, from: "num_hidden_layers")
        try checkpoint.setInt(.nHeads, from: "num_attention_heads")
        try checkpoint.setInt(.nKVHeads, from: "num_key_value_heads", default: 4)
        let headDim = try checkpoint.setInt(.headDim, from: "head_dim", default: 256)
        try checkpoint.setInt(.dFeedForward, from: "intermediate_size")
        try checkpoint.setInt(.trainedContext, from: "max_position_embeddings", default: 131_072)
        try checkpoint.setFloat(.normEpsilon, from: "rms_norm_eps", default: 1e-6)
        try checkpoint.setFloat(.logitSoftCap, from: "final_logit_softcapping", default: 0)
        let queryScale = try config.float("query_pre_attn_scalar") ?? 256
        guard queryScale > 0 else { throw config.wrong("query_pre_attn_scalar", expected: "a positive number") }
        checkpoint.set(.attentionScale, .double(1 / queryScale.squareRoot()), from: "query_pre_attn_scalar")

        let period = try config.int("sliding_window_pattern", "_sliding_window_pattern") ?? 6
        guard period > 0 else { throw config.wrong("sliding_window_pattern", expected: "a positive number") }
        try checkpoint.translateWindows(try config.int("sliding_window") ?? 4096) { ($0 + 1) % period != 0 }
        try checkpoint.translateRope(
            headDim: headDim, section: "rope_parameters.full_attention", defaultBase: 1_000_000)
        try config.check("rope_parameters.sliding_attention.rope_type", isOneOf: ["default"])
        try checkpoint.setFloat(
            .ropeBaseWindowed, from: "rope_parameters.sliding_attention.rope_theta", "rope_local_base_freq",
            default: 10_000)

        try checkpoint.translateEmbedding("model.embed_tokens.weight", outputNorm: nil, tiedByDefault: true)
        try checkpoint.translateAttention("model.layers.{n}.self_attn")
        try checkpoint.translateGatedMLP("model.layers.{n}.mlp")
        for (source, target) in [
            ("model.norm", "output_norm"), ("model.layers.{n}.input_layernorm", "blk.{n}.attn_norm"),
            ("model.layers.{n}.post_attention_layernorm", "blk.{n}.post_attention_norm"),
            ("model.layers.{n}.pre_feedforward_layernorm", "blk.{n}.ffn_norm"),
            ("model.layers.{n}.post_feedforward_layernorm", "blk.{n}.post_ffw_norm"),
            ("model.layers.{n}.self_attn.q_norm", "blk.{n}.attn_q_norm"),
            ("model.layers.{n}.self_attn.k_norm", "blk.{n}.attn_k_norm"),
        ] {
            try checkpoint.derive("\(source).weight", to: "\(target).weight") { $0.map { $0 + 1 } }
        }
    }
}
