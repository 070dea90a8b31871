package import Weights

/// A model family: hyperparameters, tensors, and the arithmetic from tokens to logits.
///
/// To add a family: one file beside this one, and one line in `Architectures.all`.
package protocol Architecture: Sendable {
    /// The values of GGUF's `general.architecture` that this family reads.
    static var names: [String] { get }

    /// Reads hyperparameters, takes tensors by name and checks their shapes.
    init(_ loader: TensorLoader) throws

    var vocabSize: Int { get }
    /// Tokens of context in training, where the file says.
    var trainedContext: Int? { get }

    /// The state of a sequence that has read nothing.
    func makeState() -> SequenceState

    /// Reads `tokens` (each in 0 ..< vocabSize) after what `state` holds, and leaves the last layer's output
    /// `[tokens, dModel]` in `workspace.hidden`.
    func advance(_ tokens: ArraySlice<Int32>, state: inout SequenceState, workspace: Workspace)

    /// Turns rows of `workspace.hidden` into logits `[rows.count, vocabSize]` in `workspace.logits`.
    func computeLogits(rows: Range<Int>, workspace: Workspace)
}

/// A family that is read from Hugging Face checkpoints, too.
protocol HuggingFaceArchitecture: Architecture {
    /// The values of `model_type` in `config.json` that this family reads.
    static var modelTypes: [String] { get }

    /// Sets the hyperparameters and names the tensors that `init` reads.
    static func translate(_ checkpoint: inout CheckpointTranslator) throws
}

/// The families that we can run.
package enum Architectures {
    package static let all: [any Architecture.Type] = [
        FalconH1.self,
        Gemma3.self,
        GPTNeoX.self,
        GraniteHybrid.self,
        Jamba.self,
        LFM2.self,
        Llama.self,
        Mamba.self,
        Mamba2.self,
        NemotronH.self,
        Qwen2.self,
        Qwen3.self,
        Zamba2.self,
    ]

    /// Returns `file` in the form that families read: a Hugging Face checkpoint is translated, all else is so already.
    package static func canonical(_ file: WeightFile) throws -> WeightFile {
        guard let checkpoint = file.checkpoint, file.metadata["general.architecture"] == nil else { return file }
        let config = CheckpointConfig(checkpoint.config, name: "config.json of \(file.name)")
        guard let modelType = try config.string("model_type") ?? CheckpointTranslator.stateSpacesType(config) else {
            throw config.missing(["model_type"])
        }
        let readers = all.compactMap { $0 as? any HuggingFaceArchitecture.Type }
        guard let type = readers.first(where: { $0.modelTypes.contains(modelType) }), let family = type.names.first
        else {
            let known = readers.flatMap { $0.modelTypes }.joined(separator: ", ")
            throw EngineError(
                .unknownFamily,
                "\(file.name) is a \(modelType) model; the Hugging Face families that can be run are \(known).")
        }
        if config.has("quantization_config") {
            let method = try config.string("quantization_config.quant_method") ?? "unnamed"
            throw EngineError(
                .unsupported,
                "\(file.name) is quantised (\(method)), which is not read from Hugging Face checkpoints."
                    + " Use the checkpoint before quantisation, or a GGUF file of the model.")
        }
        var translator = CheckpointTranslator(file, config: config, modelType: modelType, family: family)
        try type.translate(&translator)
        return try translator.finished()
    }

    /// Builds the model that `file` holds.
    static func load(_ loader: TensorLoader) throws -> any Architecture {
        let family = try loader.file.metadata.requireString("general.architecture")
        guard let type = all.first(where: { $0.names.contains(family) }) else {
            let known = all.flatMap { $0.names }.joined(separator: ", ")
            throw EngineError(
                .unknownFamily, "\(loader.file.name) is a \(family) model; the families that can be run are \(known).")
        }
        let architecture = try type.init(loader)
        try loader.checkAllTaken(family: family)
        return architecture
    }
}
