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
