extension ResidualStack {
    /// The stack of Llama and its relatives: RMS norm → attention → add, RMS norm → gated MLP → add.
    ///
    /// - Parameter shape: what all attention layers share, before windows and RoPE
    init(denseTransformer loader: TensorLoader, dModel: Int, shape: Attention.Shape, normEpsilon: Float) throws {
        let read = loader.hyperparameters
        let nLayers = try read.int(.nLayers)
        if let experts = try read.optionalInt(.nExperts), experts > 0 {
            throw read.wrong(.nExperts, expected: "0: models with experts can't be run")
        }
        let rotary = try RotaryEmbedding(loader, headDim: shape.headDim)
        var shape = shape
        shape.rotary = rotary
        let windows = try read.windows(layers: nLayers)
        let dFeedForward = try read.int(.dFeedForward)
        layers = try (0..<nLayers).map { layer in
            let prefix = "blk.\(layer)"
            let attention = try Attention(
                loader, prefix: prefix, dModel: dModel, shape: shape.seeing(last: windows[layer]))
            let mlp = try GatedMLP(loader, prefix: prefix, dModel: dModel, dFeedForward: dFeedForward)
            return ResidualBlock(
                mixer: .init(
                    norm: try .rms(loader, "\(prefix).attn_norm", count: dModel, epsilon: normEpsilon),
                    content: .attention(attention)),
                feedForward: .init(
                    norm: try .rms(loader, "\(prefix).ffn_norm", count: dModel, epsilon: normEpsilon),
                    content: .gated(mlp)))
        }
        embedding = try Embedding(
            loader, dModel: dModel,
            outputNorm: .rms(loader, "output_norm", count: dModel, epsilon: normEpsilon))
        rotaries = [rotary]
    }
}
