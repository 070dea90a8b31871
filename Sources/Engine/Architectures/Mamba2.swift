/// Mamba-2: one Mamba-2 mixer a layer and nothing else.
///
/// Follows Hugging Face `transformers` `models/mamba2/modeling_mamba2.py`.
struct Mamba2: ResidualArchitecture {
    static let names = ["mamba2"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let normEpsilon = try read.float(.normEpsilon, default: 1e-5)
        let layers = try (0..<read.int(.nLayers)).map { layer in
            let prefix = "blk.\(layer)"
            return ResidualBlock(
                mixer: .init(
                    norm: try .rms(loader, "\(prefix).attn_norm", count: dModel, epsilon: normEpsilon),
                    content: .mamba2(
                        try Mamba2Mixer(loader, prefix: prefix, dModel: dModel, normEpsilon: normEpsilon))),
                feedForward: nil)
        }
        let embedding = try Embedding(
            loader, dModel: dModel, outputNorm: .rms(loader, "output_norm", count: dModel, epsilon: normEpsilon))
        trainedContext = try read.recurrentContext()
        stack = ResidualStack(embedding: embedding, layers: layers, rotaries: [])
    }
}
