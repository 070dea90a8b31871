import CKernels

extension Kernels {
    /// y = layer norm of x, both `[tokens, n]`.
    static func layerNorm(
        _ x: [Float], weight: [Float], bias: [Float], epsilon: Float, tokens: Int, into y: inout [Float],
        pool: WorkerPool
    ) {
        let n = weight.count
        precondition(x.count >= tokens * n && y.count >= tokens * n && bias.count == n, "norm has another shape")
        unsafe ck_layer_norm(pool.handle, x, n, weight, bias, &y, n, tokens, n, epsilon)
    }

    /// x ← GELU(x).
    static func gelu(_ x: inout [Float], count: Int, pool: WorkerPool) {
        precondition(x.count >= count, "too short")
        unsafe x.withElements(from: 0) { (x: UnsafeMutablePointer<Float>) in
            unsafe ck_gelu(pool.handle, x, x, count)
        }
    }

    /// gate ← GELU(gate) ⊙ up, with GELU's approximation by tanh.
    static func geluTanhMultiply(_ gate: inout [Float], _ up: [Float], count: Int, pool: WorkerPool) {
        precondition(gate.count >= count && up.count >= count, "gate and up differ")
        unsafe gate.withElements(from: 0) { gate in
            unsafe ck_gelu_tanh_multiply(pool.handle, gate, up, gate, count)
        }
    }

    /// x ← cap · tanh(x / cap).
    static func softCap(_ x: inout [Float], cap: Float, count: Int) {
        precondition(x.count >= count && cap > 0, "too short")
        unsafe x.withElements(from: 0) { (x: UnsafeMutablePointer<Float>) in
            unsafe ck_scale(x, 1 / cap, count)
            unsafe ck_tanh(x, x, count)
            unsafe ck_scale(x, cap, count)
        }
    }

    /// out = a ⊙ b for `width` columns of a from `aColumn` on and of b from `bColumn` on; out is `[tokens, width]`.
    static func multiply(
        _ a: [Float], column aColumn: Int, stride aStride: Int, by b: [Float], column bColumn: Int,
        stride bStride: Int, width: Int, tokens: Int, into out: inout [Float]
    ) {
        precondition(a.count >= (tokens - 1) * aStride + aColumn + width, "product of different shapes")
        precondition(b.count >= (tokens - 1) * bStride + bColumn + width, "product of different shapes")
        precondition(out.count >= tokens * width, "product of different shapes")
        unsafe a.withElements(from: aColumn) { a in
            unsafe b.withElements(from: bColumn) { b in
                unsafe ck_multiply(a, aStride, b, bStride, &out, width, tokens, width)
            }
        }
    }

    /// Causal convolution of `x` `[tokens, channels]` into `out`, of the same shape.
    static func causalConv(
        _ x: [Float], tokens: Int, weight: [Float], bias: [Float]?, channels: Int, dConv: Int, state: inout [Float],
        into out: inout [Float], pool: WorkerPool
    ) {
        precondition(x.count >= tokens * channels && out.count >= tokens * channels, "input is too short")
        precondition(weight.count == dConv * channels && (bias?.count ?? channels) == channels, "filter shape")
        precondition(state.count == (dConv - 1) * channels, "window shape")
        if let bias {
            unsafe ck_causal_conv(pool.handle, x, channels, tokens, channels, dConv, weight, bias, &state, &out)
        } else {
            unsafe ck_causal_conv(pool.handle, x, channels, tokens, channels, dConv, weight, nil, &state, &out)
        }
    }
}
