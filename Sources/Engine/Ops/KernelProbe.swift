/// Products with made-up matrices of one kind, for measuring their kernel.
package struct KernelProbe {
    package let kind: MatrixKind
    /// Tokens of each product.
    package let tokens: Int
    private let matrices: [Matrix]
    private let pool: WorkerPool
    private let input: [Float]
    private var quantized = QuantizedActivations()
    private var output: [Float]
    private var next = 0

    /// Prepares products with `copies` matrices in turn: with one of them weights stay in the caches, with many they
    /// come from memory.
    package init(_ kind: MatrixKind, tokens: Int, copies: Int, pool: WorkerPool) {
        precondition(tokens > 0 && copies > 0, "nothing to measure")
        self.kind = kind
        self.tokens = tokens
        self.pool = pool
        let arena = WeightArena(expectedBytes: copies * kind.byteCount)
        matrices = (0..<copies).map { _ in Matrix(madeUp: kind, arena: arena) }
        input = (0..<tokens * kind.columns).map { Float($0 % 17) / 8 - 1 }
        output = Array(repeating: 0, count: tokens * kind.rows)
        if matrices[0].isQuantized {
            Kernels.quantize(input, tokens: tokens, columns: kind.columns, into: &quantized, pool: pool)
        }
    }

    /// Multiply-adds of one product.
    package var multiplyAdds: Int { tokens * kind.rows * kind.columns }

    /// Multiplies with the next matrix.
    package mutating func run() {
        Kernels.multiply(
            matrices[next], input, tokens: tokens, quantized: &quantized, into: &output, pool: pool)
        next = (next + 1) % matrices.count
    }
}
