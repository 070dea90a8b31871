package import Weights

/// A loaded model: immutable, and shared by every sequence that runs on it.
package final class Model: Sendable {
    package let architecture: any Architecture
    package let pool: WorkerPool
    package let precision: Precision
    /// What its state-space layers take for Δ, B and C.
    package let selection: Selection
    package let parameterCount: Int
    /// Bytes of weights that decoding one token reads.
    package let weightBytesPerToken: Int
    /// The kinds of all matrices that one token of a prompt is multiplied with, and how often.
    package let layerMatrices: [MatrixKind: Int]
    /// The kind of the matrix that makes logits.
    package let headMatrix: MatrixKind?
    /// All matrices, in the order in which they were packed.
    package let matrices: [Matrix]

    /// Builds the model from `file`, which isn't needed any more afterwards: weights are packed into memory of our own.
    ///
    /// Throws also where another selection is asked for than the token's, and no layer selects anything.
    ///
    /// - Parameter other: a model of the same file and precision, whose packed weights are taken; only one copy of them is
    ///   in memory then
    package init(
        _ file: WeightFile, precision: Precision, selection: Selection = .perToken, pool: WorkerPool,
        sharing other: Model? = nil
    ) throws {
        precondition(other.map { $0.precision == precision } ?? true, "weights of another precision")
        let loader = TensorLoader(
            try Architectures.canonical(file), precision: precision, selection: selection, pool: pool,
            packed: other?.matrices ?? [])
        architecture = try Architectures.load(loader)
        if selection != .perToken {
            let layers = architecture.makeState().layers
            guard layers.contains(where: { $0.buffers.contains { $0.name == .selectionMean } }) else {
                throw EngineError(
                    .unsupported,
                    "\(file.name) has no state-space layer among its \(layers.count): no Δ, B or C could be kept at its"
                        + " mean.")
            }
        }
        self.selection = selection
        parameterCount = loader.parameterCount
        weightBytesPerToken = loader.weightBytes
        layerMatrices = loader.layerMatrices
        headMatrix = loader.headMatrix
        matrices = loader.matrices
        self.precision = precision
        self.pool = pool
    }

    /// The instruction set that the kernels use: `scalar`, `avx2`, `avx512`.
    package static var instructionSet: String { Kernels.instructionSet }

    /// Reads `memory` once with all of the pool's threads, for measuring bandwidth.
    package static func readAll(_ memory: [UInt64], pool: WorkerPool) -> UInt64 {
        Kernels.readAll(memory, pool: pool)
    }
}
