import CKernels

/// How the inputs of a product with quantised weights are rounded.
package enum ActivationRounding: Sendable {
    /// 8 bits per block of 32.
    case eightBits
    /// 8 bits, and 8 more for what those leave over: for inputs whose few large values would drown the others of their
    /// block, as an MLP's inner values do.
    case twiceEightBits

    /// Rows of 8-bit values for each token.
    var rows: Int { self == .eightBits ? 1 : 2 }
}

/// Activations in 8 bits per block of 32, filled by `Kernels.quantize` and read by `Kernels.multiply`.
struct QuantizedActivations {
    /// `[rows · tokens, columns]`: all tokens, then what was left over of all tokens.
    fileprivate var quants: [Int8] = []
    fileprivate var scales: [Float] = []
    fileprivate var sums: [Int32] = []
    fileprivate var firstSums: [Int32] = []
    fileprivate var residual: [Float] = []

    /// Lends the kernels' description of rows from `firstRow` on, with `values` as their float32 values.
    @unsafe
    fileprivate mutating func withDescription(
        firstRow: Int, tokens: Int, columns: Int, values: UnsafePointer<Float>,
        _ body: (inout ck_activations) -> Void
    ) {
        let first = firstRow * columns
        unsafe quants.withUnsafeMutableBufferPointer { quants in
            unsafe scales.withElements(from: min(first / 32, scales.count)) { scales in
                unsafe sums.withUnsafeMutableBufferPointer { sums in
                    unsafe firstSums.withUnsafeMutableBufferPointer { firstSums in
                        var description = unsafe ck_activations(
                            values: values, tokens: tokens, columns: columns, stride: columns,
                            quants: quants.baseAddress.map { unsafe $0 + first }, scales: scales,
                            sums: sums.baseAddress.map { unsafe $0 + first / 32 },
                            firstSums: firstSums.baseAddress.map { unsafe $0 + first / 32 })
                        unsafe body(&description)
                    }
                }
            }
        }
    }
}

extension Kernels {
    /// Rounds `x` (`[tokens, columns]`) for the products that follow.
    static func quantize(
        _ x: [Float], tokens: Int, columns: Int, rounding: ActivationRounding = .eightBits,
        into quantized: inout QuantizedActivations, pool: WorkerPool
    ) {
        precondition(x.count >= tokens * columns && columns % 32 == 0, "activations have another shape")
        let rows = rounding.rows * tokens
        quantized.quants.reserve(rows * columns)
        quantized.scales.reserve(rows * columns / 32)
        quantized.sums.reserve(rows * columns / 32)
        quantized.firstSums.reserve(rows * columns / 32)
        var residual: [Float] = []
        swap(&residual, &quantized.residual)
        pool.observer?.began(.quantization)
        defer { pool.observer?.ended(.quantization) }
        unsafe x.withElements(from: 0) { x in
            unsafe quantized.withDescription(firstRow: 0, tokens: tokens, columns: columns, values: x) { first in
                unsafe ck_quantize(pool.handle, &first)
                guard rounding == .twiceEightBits else { return }
                residual.reserve(tokens * columns)
                unsafe ck_quantization_residual(pool.handle, &first, &residual)
            }
        }
        if rounding == .twiceEightBits {
            unsafe residual.withElements(from: 0) { (left: UnsafePointer<Float>) in
                unsafe quantized.withDescription(firstRow: tokens, tokens: tokens, columns: columns, values: left) {
                    unsafe ck_quantize(pool.handle, &$0)
                }
            }
        }
        swap(&residual, &quantized.residual)
    }

    /// y = W x for `tokens` rows of `x`; `y` holds at least `[rounding.rows · tokens, rows]`, of which the first `tokens`
    /// rows are the result.
    ///
    /// For quantised weights `quantized` has to hold these rows, rounded in the same way.
    static func multiply(
        _ matrix: Matrix, _ x: [Float], tokens: Int, rounding: ActivationRounding = .eightBits,
        quantized: inout QuantizedActivations, into y: inout [Float], as operation: Operation = .projections,
        pool: WorkerPool
    ) {
        let rows = matrix.isQuantized ? rounding.rows * tokens : tokens
        precondition(x.count >= tokens * matrix.columns, "input is too short")
        precondition(y.count >= rows * matrix.rows, "output is too short")
        if matrix.isQuantized {
            precondition(quantized.quants.count >= rows * matrix.columns, "activations are not quantised")
        } else {
            quantized.scales.reserve(1)
        }
        unsafe x.withElements(from: 0) { x in
            unsafe quantized.withDescription(firstRow: 0, tokens: rows, columns: matrix.columns, values: x) { input in
                withExtendedLifetime(matrix) {
                    var descriptor = unsafe matrix.descriptor
                    pool.observed(operation) {
                        unsafe ck_matmul(pool.handle, &descriptor, &input, &y, matrix.rows)
                    }
                }
            }
        }
        guard rows > tokens else { return }
        let count = tokens * matrix.rows
        unsafe y.withElements(from: 0) { y in
            pool.observed(.elementwise) { unsafe ck_add_scaled(pool.handle, y, y + count, 1, count) }
        }
    }
}
