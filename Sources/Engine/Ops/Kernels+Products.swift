import CKernels

/// How the inputs of a product with quantised weights are rounded, to whole numbers with a scale per block of 32.
package enum ActivationRounding: Sendable {
    /// −127 … 127.
    case eightBits
    /// −32512 … 32512: for inputs whose few large values would drown the others of their block, as an MLP's inner
    /// values do.
    case sixteenBits

    /// Bytes of each value, which are its digits in base 255.
    fileprivate var digits: Int { self == .eightBits ? 1 : 2 }
}

/// Activations as whole numbers, filled by `Kernels.quantize` and read by `Kernels.multiply`.
struct QuantizedActivations {
    private var digits = 1
    /// `[tokens, digits, columns]`.
    private var quants: [Int8] = []
    /// `[tokens, columns / 32]`, like both sums.
    private var scales: [Float] = []
    private var sums: [Int32] = []
    private var firstSums: [Int32] = []

    /// Makes room for `tokens` rows.
    fileprivate mutating func reserve(tokens: Int, columns: Int, rounding: ActivationRounding) {
        digits = rounding.digits
        quants.reserve(tokens * digits * columns)
        scales.reserve(tokens * columns / 32)
        sums.reserve(tokens * columns / 32)
        firstSums.reserve(tokens * columns / 32)
    }

    fileprivate func holds(tokens: Int, columns: Int) -> Bool { quants.count >= tokens * digits * columns }

    /// Lends the kernels' description, with `values` as the float32 values.
    @unsafe
    fileprivate mutating func withDescription(
        tokens: Int, columns: Int, values: UnsafePointer<Float>, _ body: (inout ck_activations) -> Void
    ) {
        let digits = digits
        unsafe quants.withUnsafeMutableBufferPointer { quants in
            unsafe scales.withUnsafeMutableBufferPointer { scales in
                unsafe sums.withUnsafeMutableBufferPointer { sums in
                    unsafe firstSums.withUnsafeMutableBufferPointer { firstSums in
                        var description = unsafe ck_activations(
                            values: values, tokens: tokens, columns: columns, stride: columns, digits: digits,
                            quants: quants.baseAddress, scales: scales.baseAddress, sums: sums.baseAddress,
                            firstSums: firstSums.baseAddress)
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
        quantized.reserve(tokens: tokens, columns: columns, rounding: rounding)
        unsafe x.withElements(from: 0) { x in
            unsafe quantized.withDescription(tokens: tokens, columns: columns, values: x) { description in
                pool.observed(.quantization) { unsafe ck_quantize(pool.handle, &description) }
            }
        }
    }

    /// y = W x for `tokens` rows of `x`; `y` is `[tokens, rows]` or longer.
    ///
    /// For quantised weights `quantized` has to hold these rows.
    static func multiply(
        _ matrix: Matrix, _ x: [Float], tokens: Int, quantized: inout QuantizedActivations, into y: inout [Float],
        as operation: Operation = .projections, pool: WorkerPool
    ) {
        precondition(x.count >= tokens * matrix.columns, "input is too short")
        precondition(y.count >= tokens * matrix.rows, "output is too short")
        precondition(
            !matrix.isQuantized || quantized.holds(tokens: tokens, columns: matrix.columns),
            "activations are not quantised")
        unsafe x.withElements(from: 0) { x in
            unsafe quantized.withDescription(tokens: tokens, columns: matrix.columns, values: x) { input in
                withExtendedLifetime(matrix) {
                    var descriptor = unsafe matrix.descriptor
                    pool.observed(operation) {
                        unsafe ck_matmul(pool.handle, &descriptor, &input, &y, matrix.rows)
                    }
                }
            }
        }
    }
}
