import CKernels
import Weights

/// Length-checked calls into CKernels: the only place that calls C.
///
/// Sizes are checked once, as preconditions (a mismatch between two of our functions is our bug); what a file says was
/// checked when it was loaded. No pointer outlives its call.
enum Kernels {}

// MARK: - Weights

extension Kernels {
    /// Decodes all elements of a tensor.
    static func dequantize(_ tensor: Tensor, type: WeightType) -> [Float] {
        unsafe [Float](unsafeUninitializedCapacity: tensor.elementCount) { out, count in
            unsafe tensor.withBytes { bytes in
                unsafe ck_dequantize(type.kernelType, bytes.baseAddress, out.baseAddress, tensor.elementCount)
            }
            count = tensor.elementCount
        }
    }

    /// Decodes one row of a matrix: an embedding.
    static func row(_ index: Int, of matrix: Matrix, into out: inout [Float], at offset: Int) {
        precondition(index >= 0 && index < matrix.rows && out.count >= offset + matrix.columns, "row outside")
        unsafe out.withElements(from: offset) { out in
            withExtendedLifetime(matrix) {
                var descriptor = unsafe matrix.descriptor
                unsafe ck_matrix_row(&descriptor, index, out)
            }
        }
    }
}

// MARK: - Elementwise and norms

extension Kernels {
    /// y = RMS norm of x from `row` on, both `[tokens, n]`.
    static func rmsNorm(
        _ x: [Float], from row: Int = 0, weight: [Float], epsilon: Float, tokens: Int, into y: inout [Float],
        pool: WorkerPool
    ) {
        let n = weight.count
        precondition(x.count >= (row + tokens) * n && y.count >= tokens * n, "norm has another shape")
        unsafe x.withElements(from: row * n) { x in
            pool.observed(.norms) { unsafe ck_rms_norm(pool.handle, x, n, weight, &y, n, tokens, n, epsilon) }
        }
    }

    /// y ← norm per group of y ⊙ SiLU(z); y is `[tokens, n]`, z the first n columns of `[tokens, zStride]`.
    static func gatedRMSNorm(
        _ y: inout [Float], gate z: [Float], zStride: Int, weight: [Float], groups: Int, epsilon: Float, tokens: Int,
        pool: WorkerPool
    ) {
        let n = weight.count
        precondition(y.count >= tokens * n && z.count >= (tokens - 1) * zStride + n && n % groups == 0, "gate shape")
        pool.observed(.norms) {
            unsafe ck_gated_rms_norm(pool.handle, &y, n, z, zStride, weight, tokens, n, groups, epsilon)
        }
    }

    /// gate ← SiLU(gate) ⊙ up.
    static func siluMultiply(_ gate: inout [Float], _ up: [Float], count: Int, pool: WorkerPool) {
        precondition(gate.count >= count && up.count >= count, "gate and up differ")
        unsafe gate.withElements(from: 0) { gate in
            pool.observed(.elementwise) { unsafe ck_silu_multiply(pool.handle, gate, up, gate, count) }
        }
    }

    /// x ← x + scale · y for `count` values, of y from `source` on, of x from `offset` on.
    static func add(
        _ y: [Float], from source: Int = 0, scale: Float, to x: inout [Float], at offset: Int = 0, count: Int,
        pool: WorkerPool
    ) {
        precondition(x.count >= offset + count && y.count >= source + count, "sum of different shapes")
        unsafe y.withElements(from: source) { y in
            unsafe x.withElements(from: offset) { x in
                pool.observed(.elementwise) { unsafe ck_add_scaled(pool.handle, x, y, scale, count) }
            }
        }
    }

    /// x[t] ← x[t] + row for `tokens` rows of `x`.
    static func add(row: [Float], toEachOf tokens: Int, in x: inout [Float], pool: WorkerPool) {
        precondition(x.count >= tokens * row.count, "sum of different shapes")
        pool.observed(.elementwise) { unsafe ck_add_row(pool.handle, &x, row, tokens, row.count) }
    }

    /// x ← scale · x.
    static func scale(_ x: inout [Float], by factor: Float, count: Int, pool: WorkerPool) {
        precondition(x.count >= count, "too short")
        pool.observed(.elementwise) { unsafe ck_scale(&x, factor, count) }
    }
}

// MARK: - Mixers

extension Kernels {
    /// Causal convolution and SiLU of `channels` columns of `x` from `column` on, into `out` `[tokens, channels]`.
    static func causalConvSiLU(
        _ x: [Float], column: Int, stride: Int, tokens: Int, weight: [Float], bias: [Float]?, channels: Int, dConv: Int,
        state: inout [Float], into out: inout [Float], pool: WorkerPool
    ) {
        precondition(x.count >= (tokens - 1) * stride + column + channels, "input is too short")
        precondition(weight.count == dConv * channels && (bias?.count ?? channels) == channels, "filter shape")
        precondition(state.count == (dConv - 1) * channels && out.count >= tokens * channels, "window shape")
        unsafe x.withElements(from: column) { x in
            pool.observed(.convolution) {
                if let bias {
                    unsafe ck_causal_conv_silu(
                        pool.handle, x, stride, tokens, channels, dConv, weight, bias, &state, &out)
                } else {
                    unsafe ck_causal_conv_silu(
                        pool.handle, x, stride, tokens, channels, dConv, weight, nil, &state, &out)
                }
            }
        }
    }

    /// Parameters of a Mamba-2 scan.
    struct StateSpace: Sendable {
        var nHeads, headDim, dState, nGroups: Int
        var A, D, dtBias: [Float]
        var dtMin: Float = 0
        var dtMax: Float = .infinity

        var dInner: Int { nHeads * headDim }
        var channels: Int { dInner + 2 * nGroups * dState }
    }

    /// The state-space model over `tokens` tokens, from `state` `[nHeads, dState, headDim]`, into `y` `[tokens, dInner]`.
    static func stateSpace(
        _ ssd: StateSpace, xBC: [Float], dt: [Float], dtColumn: Int, dtStride: Int, tokens: Int, state: inout [Float],
        into y: inout [Float], scratch: inout [Float], pool: WorkerPool
    ) {
        precondition(xBC.count >= tokens * ssd.channels && y.count >= tokens * ssd.dInner, "scan shape")
        precondition(dt.count >= (tokens - 1) * dtStride + dtColumn + ssd.nHeads, "step shape")
        precondition(state.count == ssd.dInner * ssd.dState, "state shape")
        precondition(ssd.A.count == ssd.nHeads && ssd.D.count == ssd.nHeads && ssd.dtBias.count == ssd.nHeads)
        unsafe ssd.A.withElements(from: 0) { A in
            unsafe ssd.D.withElements(from: 0) { D in
                unsafe ssd.dtBias.withElements(from: 0) { dtBias in
                    var description = unsafe ck_ssd(
                        nHeads: ssd.nHeads, headDim: ssd.headDim, dState: ssd.dState, nGroups: ssd.nGroups, A: A, D: D,
                        dtBias: dtBias, dtMin: ssd.dtMin, dtMax: ssd.dtMax)
                    scratch.reserve(unsafe ck_ssd_scratch_floats(&description, tokens, Int32(pool.workers)))
                    unsafe dt.withElements(from: dtColumn) { dt in
                        pool.observed(.scan) {
                            unsafe ck_ssd_run(
                                pool.handle, &description, xBC, ssd.channels, dt, dtStride, tokens, &state, &y,
                                ssd.dInner, &scratch)
                        }
                    }
                }
            }
        }
    }

    /// Rotates the pairs of each head of `x` `[tokens, heads · headDim]`.
    static func rotate(
        _ x: inout [Float], order: KeyOrder, tokens: Int, heads: Int, headDim: Int, rotated: Int,
        by rotation: Rotation, pool: WorkerPool
    ) {
        let (cosines, sines) = (rotation.cosines, rotation.sines)
        precondition(x.count >= tokens * heads * headDim && cosines.count >= tokens * rotated / 2, "rotation shape")
        precondition(sines.count >= tokens * rotated / 2 && rotated <= headDim && rotated % 2 == 0, "rotation shape")
        pool.observed(.attention) {
            switch order {
            case .adjacentPairs:
                unsafe ck_rope_adjacent(&x, heads * headDim, tokens, heads, headDim, rotated, cosines, sines)
            case .halves:
                unsafe ck_rope_halves(&x, heads * headDim, tokens, heads, headDim, rotated, cosines, sines)
            }
        }
    }
}

// MARK: - Logits and measuring

extension Kernels {
    /// The name of the instruction set in use.
    static var instructionSet: String {
        unsafe String(cString: ck_isa_name(ck_isa_current()))
    }

    /// Index of the largest of `count` values from `offset` on; the first of equals.
    static func argmax(_ x: [Float], at offset: Int, count: Int) -> Int {
        precondition(offset >= 0 && count > 0 && x.count >= offset + count, "no values")
        return unsafe x.withElements(from: offset) { unsafe ck_argmax($0, count) }
    }

    /// Index of the first value from `start` on that is greater than `threshold`; nil when there is none.
    static func firstIndex(above threshold: Float, in x: [Float], from start: Int) -> Int? {
        precondition(start >= 0 && start <= x.count, "search outside")
        let index = unsafe ck_find_above(x, start, x.count, threshold)
        return index < x.count ? index : nil
    }

    /// Σ exp((x − largest) · scale) over the values above each threshold, and how many they are, among the first `count`.
    ///
    /// - Parameter step: of how many runs of sixteen values one is looked at
    static func massesAbove(
        _ x: [Float], count: Int, step: Int = 1, largest: Float, scale: Float, thresholds: [Float],
        masses: inout [Double],
        counts: inout [Double]
    ) {
        let number = Int(CK_THRESHOLDS)
        precondition(thresholds.count == number && masses.count == number && counts.count == number, "thresholds")
        precondition(count <= x.count && step > 0, "too short")
        unsafe ck_masses_above(x, count, step, largest, scale, thresholds, &masses, &counts)
    }

    /// Finds the values in (above, upTo] and their indices, in order, as many as fit; returns how many.
    static func collect(
        _ x: [Float], above: Float, upTo: Float, values: inout [Float], indices: inout [Int32]
    ) -> Int {
        precondition(values.count == indices.count, "values and indices differ")
        return unsafe ck_collect(x, x.count, above, upTo, &values, &indices, indices.count)
    }

    /// log Σ exp of `count` values from `offset` on.
    static func logSumExp(_ x: [Float], at offset: Int, count: Int) -> Float {
        precondition(offset >= 0 && count > 0 && x.count >= offset + count, "no values")
        return unsafe x.withElements(from: offset) { unsafe ck_log_sum_exp($0, count) }
    }

    /// log Σ exp of `count` values from `offset` on, and the entropy of their softmax in nats.
    static func entropy(_ x: [Float], at offset: Int, count: Int) -> (logSum: Float, entropy: Float) {
        precondition(offset >= 0 && count > 0 && x.count >= offset + count, "no values")
        var entropy: Float = 0
        let logSum = unsafe x.withElements(from: offset) { unsafe ck_entropy($0, count, &entropy) }
        return (logSum, entropy)
    }

    /// Reads memory once with all workers; the result depends on every byte.
    static func readAll(_ memory: [UInt64], pool: WorkerPool) -> UInt64 {
        unsafe memory.withUnsafeBytes { unsafe ck_read_bytes(pool.handle, $0.baseAddress, $0.count) }
    }
}

extension Array {
    /// Grows to at least `count` elements of zero bits, and never shrinks: scratch memory.
    mutating func reserve(_ count: Int) where Element: Numeric {
        if self.count < count { self = Array(repeating: .zero, count: count) }
    }
}

extension Array where Element == Float {
    /// Lends a pointer to the elements from `offset` on, for the length of one call.
    @unsafe
    func withElements<R>(from offset: Int, _ body: (UnsafePointer<Float>) -> R) -> R {
        unsafe withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, offset <= buffer.count else { preconditionFailure("no elements") }
            return unsafe body(base + offset)
        }
    }

    /// Lends a mutable pointer to the elements from `offset` on, for the length of one call.
    @unsafe
    mutating func withElements<R>(from offset: Int, _ body: (UnsafeMutablePointer<Float>) -> R) -> R {
        unsafe withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, offset <= buffer.count else { preconditionFailure("no elements") }
            return unsafe body(base + offset)
        }
    }
}
