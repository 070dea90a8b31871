/// Qwen3, dense: Llama's blocks with an RMS norm of each query's and key's head before RoPE.
///
/// Follows Hugging Face `transformers` `models/qwen3/modeling_qwen3.py`. Heads may be wider than dModel / nHeads.
struct Qwen3: ResidualArchitecture {
    static let names = ["qwen3"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let normEpsilon = try read.float(.normEpsilon, default: 1e-6)
        var shape = try Attention.Shape(loader, dModel: dModel, order: .halves)
        shape.headNormEpsilon = normEpsilon
        stack = try ResidualStack(
            denseTransformer: loader, dModel: dModel, shape: shape, normEpsilon: normEpsilon)
        trainedContext = try read.optionalInt(.trainedContext)
    }
}

extension Qwen3: HuggingFaceArchitecture {
    static let modelTypes = ["qwen3"]

    static func translate(_ checkpoint: inout CheckpointTranslator) throws {
        try checkpoint.config.check("hidden_act", isOneOf: ["silu", "swish"])
        try checkpoint.setInt(.dModel, from: "hidden_size")
        try checkpoint.setInt(.nLayers, from: "num_hidden_layers")
        try checkpoint.setInt(.nHeads, from: "num_attention_heads")
        try checkpoint.setInt(.nKVHeads, from: "num_key_value_heads", default: 32)
        let headDim = try checkpoint.setInt(.headDim, from: "head_dim", default: 128)
        try checkpoint.setInt(.dFeedForward, from: "intermediate_size")
        try checkpoint.setInt(.trainedContext, from: "max_position_embeddings", default: 32_768)
        try checkpoint.setFloat(.normEpsilon, from: "rms_norm_eps", default: 1e-6)
        try checkpoint.translateQwenWindows()
        try checkpoint.translateRope(headDim: headDim)
        try checkpoint.translateTransformer(tiedByDefault: false)
        try checkpoint.rename([
            "model.layers.{n}.self_attn.q_norm.weight": "blk.{n}.attn_q_norm.weight",
            "model.layers.{n}.self_attn.k_norm.weight": "blk.{n}.attn_k_norm.weight",
        ])
    }
}
