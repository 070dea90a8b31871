/// GPT-NeoX (Pythia): layer norms, RoPE on a part of each head, an MLP with GELU, biases everywhere.
///
/// Follows Hugging Face `transformers` `models/gpt_neox/modeling_gpt_neox.py`. Attention and MLP read the same stream
/// unless the file says otherwise. GGUF stores queries, keys and values one after the other in one matrix.
struct GPTNeoX: ResidualArchitecture {
    static let names = ["gptneox"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let epsilon = try read.float(.layerNormEpsilon, default: 1e-5)
        let dFeedForward = try read.int(.dFeedForward)
        let isParallel = read.bool(.isParallel, default: true)
        var shape = try Attention.Shape(loader, dModel: dModel, order: .halves)
        let rotary = try RotaryEmbedding(loader, headDim: shape.headDim)
        shape.rotary = rotary
        let layers = try (0..<read.int(.nLayers)).map { layer in
            let prefix = "blk.\(layer)"
            return ResidualBlock(
                mixer: .init(
                    norm: try .layer(loader, "\(prefix).attn_norm", count: dModel, epsilon: epsilon),
                    content: .attention(try Attention(loader, prefix: prefix, dModel: dModel, shape: shape))),
                feedForward: .init(
                    norm: try .layer(loader, "\(prefix).ffn_norm", count: dModel, epsilon: epsilon),
                    content: .plain(try MLP(loader, prefix: prefix, dModel: dModel, dFeedForward: dFeedForward))),
                isParallel: isParallel)
        }
        let embedding = try Embedding(
            loader, dModel: dModel, outputNorm: .layer(loader, "output_norm", count: dModel, epsilon: epsilon))
        trainedContext = try read.optionalInt(.trainedContext)
        stack = ResidualStack(embedding: embedding, layers: layers, rotaries: [rotary])
    }
}
