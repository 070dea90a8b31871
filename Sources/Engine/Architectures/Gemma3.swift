/// Gemma 3, text: norms before and after attention and MLP, most layers with a window and a RoPE of their own.
///
/// Follows Hugging Face `transformers` `models/gemma3/modeling_gemma3.py`. Norms multiply by 1 + w, and GGUF's converter
/// stores that sum. Embeddings are scaled by √dModel. Where the file doesn't say which layers have the window, all but
/// every sixth do; nor does it say that the largest model scales queries by dModel / nHeads instead of the head's size.
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
        guard try read.float(.attentionSoftCap, default: 0) == 0 else {
            throw read.wrong(.attentionSoftCap, expected: "0: soft-capped attention can't be run")
        }

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
