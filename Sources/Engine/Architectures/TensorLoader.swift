package import Weights

/// Takes tensors out of a file by name: checks shapes, packs matrices, and remembers what was taken.
package final class TensorLoader {
    package let file: WeightFile
    package let hyperparameters: HyperparameterReader
    package let precision: Precision
    /// What state-space layers are to take for Δ, B and C.
    let selection: Selection
    let pool: WorkerPool
    /// Whether tensors are read; if not, their shapes are checked, and what is built of them can't be run.
    private let readsWeights: Bool
    private let arena: WeightArena
    /// Matrices of the same file that another model has packed, in the order in which they are asked for.
    private let packed: [Matrix]
    /// All matrices that were made or taken over, in that order.
    private(set) var matrices: [Matrix] = []
    private var taken: Set<String> = []
    /// Elements of all tensors that were taken.
    package private(set) var parameterCount = 0
    /// Bytes of packed weights that one token reads.
    package private(set) var weightBytes = 0
    /// Bytes of everything that was built.
    private(set) var memoryBytes = 0
    /// The kinds of all matrices that one token of a prompt is multiplied with, and how often.
    package private(set) var layerMatrices: [MatrixKind: Int] = [:]
    /// The kind of the matrix that makes logits.
    package private(set) var headMatrix: MatrixKind?

    package init(
        _ file: WeightFile, precision: Precision, selection: Selection = .perToken, pool: WorkerPool,
        readsWeights: Bool = true, packed: [Matrix] = []
    ) {
        self.packed = packed
        self.selection = selection
        self.file = file
        self.readsWeights = readsWeights
        self.precision = precision
        self.pool = pool
        arena = WeightArena(expectedBytes: file.byteCount)
        hyperparameters = HyperparameterReader(file, family: file.metadata.string("general.architecture") ?? "?")
    }

    /// Whether the file has a tensor of that name: for optional biases and tied heads.
    package func has(_ name: String) -> Bool {
        file.hasTensor(name)
    }

    /// A matrix `[rows, columns]`, packed for the kernels.
    ///
    /// - Parameters:
    ///   - readEveryToken: an embedding that is no output head as well is not, only one row of it
    ///   - order: the file's row for each of the matrix, where they are not in order
    package func matrix(
        _ name: String, rows: Int, columns: Int, readEveryToken: Bool = true, order: [Int]? = nil
    ) throws -> Matrix {
        let tensor = try take(name, shape: [rows, columns])
        let matrix = try pack(try order.map { try tensor.picking(rows: $0) } ?? tensor, rows: rows, columns: columns)
        weightBytes += readEveryToken ? matrix.byteCount : matrix.byteCount / max(rows, 1)
        if name == "output.weight" || name == "token_embd.weight" {
            if readEveryToken { headMatrix = matrix.kind }
        } else {
            layerMatrices[matrix.kind, default: 0] += 1
        }
        return matrix
    }

    /// One of `count` matrices `[rows, columns]` that are stacked in one tensor, of which a token reads `used`.
    func matrix(
        _ name: String, slice index: Int, of count: Int, used: Int, rows: Int, columns: Int
    ) throws -> Matrix {
        let tensor = try take(name, shape: [count, rows, columns]).slice(index)
        let matrix = try pack(tensor, rows: rows, columns: columns)
        weightBytes += matrix.byteCount * used / max(count, 1)
        if index < used { layerMatrices[matrix.kind, default: 0] += 1 }
        return matrix
    }

    /// A linear map with its bias and its multipliers, if the file has any: `NAME.weight`, `NAME.bias`, `NAME.scale`.
    ///
    /// - Parameter order: the file's row for each of the map, where they are not in order
    package func linear(
        _ name: String, rows: Int, columns: Int, rounding: ActivationRounding = .eightBits, order: [Int]? = nil
    ) throws -> Linear {
        let weight = try matrix("\(name).weight", rows: rows, columns: columns, order: order)
        let stored = has("\(name).bias") ? try vector("\(name).bias", count: rows) : nil
        let bias = stored.map { values in order.map { $0.map { values[$0] } } ?? values }
        let scale = has("\(name).scale") ? try vector("\(name).scale", count: rows) : nil
        return Linear(weight: weight, bias: bias, rounding: rounding, scale: scale)
    }

    /// A vector of `count` values, decoded to float32; dimensions of size 1 don't matter.
    package func vector(_ name: String, count: Int) throws -> [Float] {
        try values(name, shapes: [[count], [count, 1], [1, count]])
    }

    /// All values of a tensor that has one of `shapes`, decoded to float32, in row-major order.
    package func values(_ name: String, shapes: [[Int]]) throws -> [Float] {
        let tensor = try take(name, shape: nil)
        guard shapes.contains(tensor.shape) else { throw wrongShape(tensor, expected: shapes) }
        let type = try Kernels.WeightType(tensor)
        weightBytes += tensor.elementCount * MemoryLayout<Float>.size
        memoryBytes += tensor.elementCount * MemoryLayout<Float>.size
        // Negative, as A has to be.
        guard readsWeights else { return Array(repeating: -1, count: tensor.elementCount) }
        defer { tensor.dropPages() }
        return Kernels.dequantize(tensor, type: type)
    }

    /// Refuses a file with tensors that nobody took: it is a variant that we would compute wrongly.
    func checkAllTaken(family: String) throws {
        let left = file.tensors.filter { !taken.contains($0.name) }.map(\.label)
        guard left.isEmpty else {
            throw EngineError(
                .unsupported,
                "\(file.name) has \(left.count) tensors that a \(family) model as we know it does not use, such as "
                    + "\(left.prefix(3).joined(separator: ", ")). This variant can't be run.")
        }
    }

    /// Leaves out the tensors of a layer that is not run.
    func skip(layer: Int) {
        for tensor in file.tensors where tensor.name.hasPrefix("blk.\(layer).") { taken.insert(tensor.name) }
    }

    private func pack(_ tensor: Tensor, rows: Int, columns: Int) throws -> Matrix {
        let type = try Kernels.WeightType(tensor)
        if matrices.count < packed.count {
            let matrix = packed[matrices.count]
            precondition(matrix.rows == rows && matrix.columns == columns, "matrices of another file")
            matrices.append(matrix)
            return matrix
        }
        let matrix = Matrix(
            tensor, type: type, packedAs: precision == .exact ? .float32 : type, rows: rows, columns: columns,
            arena: arena, pool: readsWeights ? pool : nil)
        matrices.append(matrix)
        memoryBytes += matrix.byteCount
        return matrix
    }

    private func take(_ name: String, shape: [Int]?) throws -> Tensor {
        let tensor = try file.tensor(name)
        if let shape, tensor.shape != shape { throw wrongShape(tensor, expected: [shape]) }
        guard tensor.elementCount > 0 else {
            throw EngineError(
                .wrongShape,
                "\(tensor.label) in \(file.name) is \(tensor.shape), which holds nothing. The file is damaged.")
        }
        if taken.insert(name).inserted { parameterCount += tensor.elementCount }
        return tensor
    }

    private func wrongShape(_ tensor: Tensor, expected: [[Int]]) -> EngineError {
        EngineError(
            .wrongShape,
            "\(tensor.label) in \(file.name) is \(tensor.shape); the file's hyperparameters need "
                + expected.map { "\($0)" }.joined(separator: " or ")
                + ". The file is damaged or was converted for another model.")
    }
}
