import Weights

/// Llama and its relatives (SmolLM2, Mistral): pre-norm blocks of grouped-query attention with RoPE and a gated MLP.
///
/// Follows Hugging Face `transformers` `models/llama/modeling_llama.py` and `models/mistral`, whose layers see a window
/// where the checkpoint says so. GGUF permutes the rows of queries and keys so that RoPE rotates adjacent pairs; Hugging
/// Face's checkpoints have them as the reference does.
struct Llama: ResidualArchitecture {
    static let names = ["llama"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let shape = try Attention.Shape(
            loader, dModel: dModel, order: try read.keyOrder(default: .adjacentPairs))
        stack = try ResidualStack(
            denseTransformer: loader, dModel: dModel, shape: shape,
            normEpsilon: try read.float(.normEpsilon, default: 1e-5))
        trainedContext = try read.optionalInt(.trainedContext)
    }
}

extension Llama: HuggingFaceArchitecture {
    static let modelTypes = ["llama", "mistral"]

    static func translate(_ checkpoint: inout CheckpointTranslator) throws {
        let config = checkpoint.config
        try config.check("hidden_act", isOneOf: ["silu", "swish"])
        let isMistral = checkpoint.modelType == "mistral"
        let dModel = try checkpoint.setInt(.dModel, from: "hidden_size")
        try checkpoint.setInt(.nLayers, from: "num_hidden_layers")
        let nHeads = try checkpoint.setInt(.nHeads, from: "num_attention_heads")
        try checkpoint.setInt(.nKVHeads, from: "num_key_value_heads", default: isMistral ? 8 : nHeads)
        let headDim = try checkpoint.setInt(.headDim, from: "head_dim", default: dModel / max(nHeads, 1))
        try checkpoint.setInt(.dFeedForward, from: "intermediate_size")
        try checkpoint.setInt(.trainedContext, from: "max_position_embeddings", default: isMistral ? 131_072 : 2048)
        try checkpoint.setFloat(.normEpsilon, from: "rms_norm_eps", default: 1e-6)
        if isMistral, !config.isNull("sliding_window") {
            try checkpoint.setInt(.slidingWindow, from: "sliding_window", default: 4096)
        }
        try checkpoint.translateRope(headDim: headDim)
        try checkpoint.translateTransformer(tiedByDefault: false)
    }
}
