/// A norm of each token's values: RMS norm (arXiv 1910.07467), or layer norm (arXiv 1607.06450) where there is a bias.
struct Norm: Sendable {
    private let weight: [Float]
    private let bias: [Float]?
    private let epsilon: Float

    /// How many values are normed together.
    var count: Int { weight.count }

    /// An RMS norm of `count` values: takes `NAME.weight`.
    static func rms(_ loader: TensorLoader, _ name: String, count: Int, epsilon: Float) throws -> Norm {
        try rms(loader, tensor: "\(name).weight", count: count, epsilon: epsilon)
    }

    /// An RMS norm of `count` values whose weights are the tensor of that name.
    static func rms(_ loader: TensorLoader, tensor name: String, count: Int, epsilon: Float) throws -> Norm {
        Norm(weight: try loader.vector(name, count: count), bias: nil, epsilon: epsilon)
    }

    /// A layer norm of `count` values: takes `NAME.weight` and `NAME.bias`.
    static func layer(_ loader: TensorLoader, _ name: String, count: Int, epsilon: Float) throws -> Norm {
        Norm(
            weight: try loader.vector("\(name).weight", count: count),
            bias: try loader.vector("\(name).bias", count: count), epsilon: epsilon)
    }

    /// output = norm(input) for `rows` rows of `count` values, of the input from row `first` on.
    func apply(_ input: [Float], from first: Int = 0, rows: Int, into output: inout [Float], pool: WorkerPool) {
        output.reserve(rows * count)
        if let bias {
            Kernels.layerNorm(
                input, from: first, weight: weight, bias: bias, epsilon: epsilon, tokens: rows, into: &output,
                pool: pool)
        } else {
            Kernels.rmsNorm(
                input, from: first, weight: weight, epsilon: epsilon, tokens: rows, into: &output, pool: pool)
        }
    }

    /// values ← RMS norm of values, for `rows` rows of `count` values.
    func apply(inPlace values: inout [Float], rows: Int, pool: WorkerPool) {
        precondition(bias == nil, "layer norms are not taken in place")
        Kernels.rmsNormColumns(
            &values, column: 0, stride: count, weight: weight, epsilon: epsilon, tokens: rows, pool: pool)
    }
}
