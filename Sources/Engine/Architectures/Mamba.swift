import Weights

/// Mamba, the first: one selective scan a layer and nothing else.
///
/// Falcon-Mamba norms what the scan selects.
///
/// Follows Hugging Face `transformers` `models/mamba/modeling_mamba.py` and `models/falcon_mamba`. GGUF has no key for
/// the epsilon of Falcon-Mamba's inner norms (`mixer_rms_eps`), so they get its default, which its released models have.
struct Mamba: ResidualArchitecture {
    static let names = ["mamba"]

    /// Not the layers' epsilon, with which logits would differ by more than a thousandth of their deviation.
    private static let selectionEpsilon: Float = 1e-6

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let normEpsilon = try read.float(.normEpsilon, default: 1e-5)
        let norms =
            read.bool(.normsSelection, default: false)
            ? SelectionNorms.plain(
                rank: try read.int(.timeStepRank), dState: try read.int(.dState),
                epsilon: try read.float(.selectionEpsilon, default: Self.selectionEpsilon)) : nil
        let layers = try (0..<read.int(.nLayers)).map { layer in
            let prefix = "blk.\(layer)"
            return ResidualBlock(
                mixer: .init(
                    norm: try .rms(loader, "\(prefix).attn_norm", count: dModel, epsilon: normEpsilon),
                    content: .mamba(try MambaMixer(loader, prefix: prefix, dModel: dModel, norms: norms))),
                feedForward: nil)
        }
        let embedding = try Embedding(
            loader, dModel: dModel, outputNorm: .rms(loader, "output_norm", count: dModel, epsilon: normEpsilon))
        trainedContext = try read.recurrentContext()
        stack = ResidualStack(embedding: embedding, layers: layers, rotaries: [])
    }
}

extension Mamba: HuggingFaceArchitecture {
    static let modelTypes = ["mamba", "falcon_mamba", CheckpointTranslator.stateSpacesMamba]

    static func translate(_ checkpoint: inout CheckpointTranslator) throws {
        if checkpoint.modelType == CheckpointTranslator.stateSpacesMamba {
            return try checkpoint.translateStateSpacesMamba()
        }
        let config = checkpoint.config
        try config.check("hidden_act", isOneOf: ["silu", "swish"])
        let dModel = try checkpoint.setInt(.dModel, from: "hidden_size", "d_model")
        try checkpoint.setInt(.nLayers, from: "num_hidden_layers", "n_layer")
        let expand = try config.int("expand") ?? 2
        try checkpoint.setInt(.dInner, from: "intermediate_size", "d_inner", default: expand * dModel)
        try checkpoint.setInt(.dState, from: "state_size", default: 16)
        try checkpoint.setInt(.dConv, from: "conv_kernel", default: 4)
        try checkpoint.setInt(.timeStepRank, from: "time_step_rank", default: (dModel + 15) / 16)
        try checkpoint.setFloat(.normEpsilon, from: "layer_norm_epsilon", default: 1e-5)
        if checkpoint.modelType == "falcon_mamba" {
            checkpoint.set(.normsSelection, .bool(true))
            try checkpoint.setFloat(.selectionEpsilon, from: "mixer_rms_eps", default: Double(selectionEpsilon))
        }
        try checkpoint.translateEmbedding(
            "backbone.embeddings.weight", outputNorm: "backbone.norm_f.weight", tiedByDefault: true)
        try checkpoint.rename("backbone.layers.{n}.norm.weight", to: "blk.{n}.attn_norm.weight")
        try checkpoint.translateMambaMixer("backbone.layers.{n}.mixer")
    }
}
