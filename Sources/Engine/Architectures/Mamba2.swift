import Weights

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

extension Mamba2: HuggingFaceArchitecture {
    static let modelTypes = ["mamba2", CheckpointTranslator.stateSpacesMamba2]

    static func translate(_ checkpoint: inout CheckpointTranslator) throws {
        if checkpoint.modelType == CheckpointTranslator.stateSpacesMamba2 {
            return try checkpoint.translateStateSpacesMamba2()
        }
        let config = checkpoint.config
        try config.check("hidden_act", isOneOf: ["silu", "swish"])
        try config.check("rms_norm", is: true)
        let dModel = try checkpoint.setInt(.dModel, from: "hidden_size", "d_model")
        try checkpoint.setInt(.nLayers, from: "num_hidden_layers", "n_layer")
        let nHeads = try checkpoint.setInt(.timeStepRank, from: "num_heads", default: 128)
        let headDim = try config.int("head_dim") ?? 64
        let expand = try config.int("expand") ?? 2
        guard nHeads.multipliedReportingOverflow(by: headDim) == dModel.multipliedReportingOverflow(by: expand) else {
            throw config.wrong(
                "num_heads", expected: "\(expand) · \(dModel) / \(headDim), as expand, hidden_size and head_dim say")
        }
        checkpoint.set(.dInner, .integer(Int64(nHeads * headDim)), from: "num_heads · head_dim")
        try checkpoint.setInt(.nGroups, from: "n_groups", default: 8)
        try checkpoint.setInt(.dState, from: "state_size", default: 128)
        try checkpoint.setInt(.dConv, from: "conv_kernel", default: 4)
        try checkpoint.setFloat(.normEpsilon, from: "layer_norm_epsilon", default: 1e-5)
        try checkpoint.translateEmbedding(
            "backbone.embeddings.weight", outputNorm: "backbone.norm_f.weight", tiedByDefault: false)
        try checkpoint.rename("backbone.layers.{n}.norm.weight", to: "blk.{n}.attn_norm.weight")
        try checkpoint.translateMamba2Mixer("backbone.layers.{n}.mixer")
    }
}
