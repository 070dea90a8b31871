import Chat
import Engine
import Weights

/// What the memory gauge compares a model with.
enum AttentionBaselines {
    /// Models that were distilled from an attention model are compared with that one.
    ///
    /// By the file's `general.basename`; bytes are 2 · layers · key-value heads · head size · 2 (16 bits).
    private static let teachers: [String: AttentionBaseline] = [
        "smolmamba2": AttentionBaseline(name: "SmolLM2-135M", bytesPerToken: 2 * 30 * 3 * 64 * 2)
    ]

    /// The teacher if it is known, else an attention model of the same width with half as many layers: one of its layers
    /// with its MLP has about the weights of two Mamba layers.
    static func baseline(for file: WeightFile, family: String) -> AttentionBaseline {
        if let base = file.metadata.string("general.basename"), let teacher = teachers[base.lowercased()] {
            return teacher
        }
        let layers = file.metadata.int("\(family).\(Hyperparameter.nLayers.gguf)") ?? 0
        let width = file.metadata.int("\(family).\(Hyperparameter.dModel.gguf)") ?? 0
        let bytes = (2 * max(layers / 2, 1)).multipliedReportingOverflow(by: width * 2)
        return AttentionBaseline(name: "same-size attention", bytesPerToken: bytes.overflow ? 0 : bytes.partialValue)
    }
}
