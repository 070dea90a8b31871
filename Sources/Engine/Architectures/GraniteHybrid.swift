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
        let nHeads = try read.int(.nHeads)
        let kvHeads = try read.perLayer(.nKVHeads, layers: nLayers)
        let normEpsilon = try read.float(.normEpsilon, default: 1e-5)
        let residualScale = try read.float(.residualScale, default: 1)
        let logitScale = try read.float(.logitScale, default: 1)
        if let experts = try read.optionalInt(.nExperts), experts > 0 {
            throw read.wrong(.nExperts, expected: "0: models with experts can't be run")
        }
        guard logitScale != 0 else { throw read.wrong(.logitScale, expected: "a number other than 0") }
        guard nHeads > 0 else { throw read.wrong(.nHeads, expected: "a positive number") }

        let headDim = try read.optionalInt(.headDim) ?? dModel / nHeads
        let hasAttention = kvHeads.contains { $0 > 0 }
        let rotary =
            hasAttention && read.bool(.ropeFinetuned, default: true)
            ? try RotaryEmbedding(loader, headDim: headDim) : nil
        let order = try read.keyOrder(default: .adjacentPairs)
        let attentionScale = try read.float(.attentionScale, default: 0)
        let dFeedForward = try read.int(.dFeedForward)
        let layers = try (0..<nLayers).map { layer in
            let prefix = "blk.\(layer)"
            let mixer: ResidualBlock.Mixer =
                kvHeads[layer] == 0
                ? .mamba2(try Mamba2Mixer(loader, prefix: prefix, dModel: dModel, normEpsilon: normEpsilon))
                : .attention(
                    try Attention(
                        loader, prefix: prefix, dModel: dModel, nHeads: nHeads, nKVHeads: kvHeads[layer],
                        headDim: headDim, scale: attentionScale == 0 ? nil : attentionScale, order: order,
                        rotary: rotary))
            return ResidualBlock(
                mixer: mixer,
                mlp: try GatedMLP(loader, prefix: prefix, dModel: dModel, dFeedForward: dFeedForward),
                mixerNorm: try loader.vector("\(prefix).attn_norm.weight", count: dModel),
                mlpNorm: try loader.vector("\(prefix).ffn_norm.weight", count: dModel), normEpsilon: normEpsilon,
                residualScale: residualScale)
        }
        let embedding = try Embedding(
            loader, dModel: dModel, normEpsilon: normEpsilon, scale: try read.float(.embeddingScale, default: 1),
            logitFactor: 1 / logitScale)
        trainedContext = try read.optionalInt(.trainedContext)
        stack = ResidualStack(embedding: embedding, layers: layers, rotary: rotary)
    }
}
