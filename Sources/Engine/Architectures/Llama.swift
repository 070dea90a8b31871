/// Llama and its relatives (SmolLM2): pre-norm blocks of grouped-query attention with RoPE and a gated MLP.
///
/// Follows Hugging Face `transformers` `models/llama/modeling_llama.py`. GGUF permutes the rows of queries and keys so
/// that RoPE rotates adjacent pairs; Hugging Face's checkpoints have them as the reference does.
struct Llama: ResidualArchitecture {
    static let names = ["llama"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let nLayers = try read.int(.nLayers)
        let nHeads = try read.int(.nHeads)
        let normEpsilon = try read.float(.normEpsilon, default: 1e-5)
        if let experts = try read.optionalInt(.nExperts), experts > 0 {
            throw read.wrong(.nExperts, expected: "0: models with experts can't be run")
        }
        guard nHeads > 0 else { throw read.wrong(.nHeads, expected: "a positive number") }

        let kvHeads = try read.optionalInt(.nKVHeads) ?? nHeads
        let headDim = try read.optionalInt(.headDim) ?? dModel / nHeads
        if let valueDim = try read.optionalInt(.valueDim), valueDim != headDim {
            throw read.wrong(.valueDim, expected: "\(headDim), as keys have")
        }
        let window = try read.optionalInt(.slidingWindow) ?? 0
        let order = try read.keyOrder(default: .adjacentPairs)
        let rotary = try RotaryEmbedding(loader, headDim: headDim)
        let dFeedForward = try read.int(.dFeedForward)
        let layers = try (0..<nLayers).map { layer in
            let prefix = "blk.\(layer)"
            let attention = try Attention(
                loader, prefix: prefix, dModel: dModel, nHeads: nHeads, nKVHeads: kvHeads, headDim: headDim, scale: nil,
                window: window, order: order, rotary: rotary)
            return ResidualBlock(
                mixer: .attention(attention),
                mlp: try GatedMLP(loader, prefix: prefix, dModel: dModel, dFeedForward: dFeedForward),
                mixerNorm: try loader.vector("\(prefix).attn_norm.weight", count: dModel),
                mlpNorm: try loader.vector("\(prefix).ffn_norm.weight", count: dModel), normEpsilon: normEpsilon,
                residualScale: 1)
        }
        let embedding = try Embedding(loader, dModel: dModel, normEpsilon: normEpsilon)
        trainedContext = try read.optionalInt(.trainedContext)
        stack = ResidualStack(embedding: embedding, layers: layers, rotary: rotary)
    }
}
