import Weights

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

/// The families that we can run.
package enum Architectures {
    package static let all: [any Architecture.Type] = [
        GraniteHybrid.self,
        Llama.self,
        Mamba.self,
        Mamba2.self,
    ]

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
