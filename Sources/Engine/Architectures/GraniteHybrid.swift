/// Granite 4 hybrids, dense: Mamba-2 and attention layers mixed, a gated MLP in each, and four multipliers.
///
/// Follows Hugging Face `transformers` `models/granitemoehybrid/modeling_granitemoehybrid.py`. Every layer may be a
/// Mamba-2 layer (the default model has no attention at all) or an attention layer; `attention.head_count_kv` is 0 for the
/// former. Attention has no position embedding unless the file says so.
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
        if let experts = try read.optionalInt(.nExperts), experts > 0 {
            throw read.wrong(.nExperts, expected: "0: models with experts can't be run")
        }
        guard logitScale != 0 else { throw read.wrong(.logitScale, expected: "a number other than 0") }

        var shape = try Attention.Shape(
            loader, dModel: dModel, nKVHeads: kvHeads.max() ?? 0, order: try read.keyOrder(default: .adjacentPairs))
        if shape.nKVHeads > 0, read.bool(.ropeFinetuned, default: true) {
            shape.rotary = try RotaryEmbedding(loader, headDim: shape.headDim)
        }
        let dFeedForward = try read.int(.dFeedForward)
        let layers = try (0..<nLayers).map { layer in
            let prefix = "blk.\(layer)"
            shape.nKVHeads = kvHeads[layer]
            let mixer: ResidualBlock.Mixer =
                kvHeads[layer] == 0
                ? .mamba2(try Mamba2Mixer(loader, prefix: prefix, dModel: dModel, normEpsilon: normEpsilon))
                : .attention(try Attention(loader, prefix: prefix, dModel: dModel, shape: shape))
            let mlp = try GatedMLP(loader, prefix: prefix, dModel: dModel, dFeedForward: dFeedForward)
            return ResidualBlock(
                mixer: .init(
                    norm: try .rms(loader, "\(prefix).attn_norm", count: dModel, epsilon: normEpsilon), content: mixer),
                feedForward: .init(
                    norm: try .rms(loader, "\(prefix).ffn_norm", count: dModel, epsilon: normEpsilon),
                    content: .gated(mlp)),
                residualScale: residualScale)
        }
        let embedding = try Embedding(
            loader, dModel: dModel, outputNorm: .rms(loader, "output_norm", count: dModel, epsilon: normEpsilon),
            scale: try read.float(.embeddingScale, default: 1),
            logitFactor: 1 / logitScale)
        trainedContext = try read.optionalInt(.trainedContext)
        stack = ResidualStack(embedding: embedding, layers: layers, rotaries: shape.rotary.map { [$0] } ?? [])
    }
}
