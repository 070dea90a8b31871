/// Qwen2 and Qwen2.5, dense: Llama's blocks with biases on queries, keys and values.
///
/// Follows Hugging Face `transformers` `models/qwen2/modeling_qwen2.py`. A tied head is left out of the file.
struct Qwen2: ResidualArchitecture {
    static let names = ["qwen2"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        stack = try ResidualStack(
            denseTransformer: loader, dModel: dModel, shape: .init(loader, dModel: dModel, order: .halves),
            normEpsilon: try read.float(.normEpsilon, default: 1e-6))
        trainedContext = try read.optionalInt(.trainedContext)
    }
}

extension Qwen2: HuggingFaceArchitecture {
    static let modelTypes = ["qwen2"]

    static func translate(_ checkpoint: inout CheckpointTranslator) throws {
        let config = checkpoint.config
        try config.check("hidden_act", isOneOf: ["silu", "swish"])
        let dModel = try checkpoint.setInt(.dModel, from: "hidden_size")
        try checkpoint.setInt(.nLayers, from: "num_hidden_layers")
        let nHeads = try checkpoint.setInt(.nHeads, from: "num_attention_heads")
        try checkpoint.setInt(.nKVHeads, from: "num_key_value_heads", default: 32)
        let headDim = try checkpoint.setInt(.headDim, from: "head_dim", default: dModel / max(nHeads, 1))
        try checkpoint.setInt(.dFeedForward, from: "intermediate_size")
        try checkpoint.setInt(.trainedContext, from: "max_position_embeddings", default: 32_768)
        try checkpoint.setFloat(.normEpsilon, from: "rms_norm_eps", default: 1e-6)
        try checkpoint.translateQwenWindows()
        try checkpoint.translateRope(headDim: headDim)
        try checkpoint.translateTransformer(tiedByDefault: false)
    }
}
