import CKernels

extension Kernels {
    /// y = layer norm of x from `row` on, both `[tokens, n]`.
    static func layerNorm(
        _ x: [Float], from row: Int = 0, weight: [Float], bias: [Float], epsilon: Float, tokens: Int,
        into y: inout [Float], pool: WorkerPool
    ) {
        let n = weight.count
        precondition(x.count >= (row + tokens) * n && y.count >= tokens * n, "norm has another shape")
        precondition(bias.count == n, "norm has another shape")
        unsafe x.withElements(from: row * n) { x in
            pool.observed(.norms) {
                unsafe ck_layer_norm(pool.handle, x, n, weight, bias, &y, n, tokens, n, epsilon)
            }
        }
    }

    /// x ← GELU(x).
    static func gelu(_ x: inout [Float], count: Int, pool: WorkerPool) {
        precondition(x.count >= count, "too short")
        unsafe x.withElements(from: 0) { (x: UnsafeMutablePointer<Float>) in
            pool.observed(.elementwise) { unsafe ck_gelu(pool.handle, x, x, count) }
        }
    }

    /// x ← eˣ / Σ eˣ of `count` values from `offset` on.
    static func softmax(_ x: inout [Float], at offset: Int, count: Int) {
        precondition(offset >= 0 && x.count >= offset + count, "too short")
        unsafe x.withElements(from: offset) { (x: UnsafeMutablePointer<Float>) in unsafe ck_softmax(x, x, count) }
    }

    /// x ← eˣ.
    static func exp(_ x: inout [Float]) {
        unsafe x.withUnsafeMutableBufferPointer { buffer in
            if let x = buffer.baseAddress { unsafe ck_exp(x, x, buffer.count) }
        }
    }

    /// x ← log(1 + eˣ).
    static func softplus(_ x: inout [Float]) {
        unsafe x.withUnsafeMutableBufferPointer { buffer in
            if let x = buffer.baseAddress { unsafe ck_softplus(x, x, buffer.count) }
        }
    }

    /// x ← 1 / (1 + e⁻ˣ) of `count` values from `offset` on.
    static func logistic(_ x: inout [Float], at offset: Int, count: Int) {
        precondition(offset >= 0 && x.count >= offset + count, "too short")
        unsafe x.withElements(from: offset) { (x: UnsafeMutablePointer<Float>) in
            unsafe ck_scale(x, -1, count)
            unsafe ck_exp(x, x, count)
        }
        for index in offset..<(offset + count) { x[index] = 1 / (1 + x[index]) }
    }

    /// Makes the first `count` values 0.
    static func clear(_ x: inout [Float], count: Int) {
        x.reserve(count)
        unsafe x.withElements(from: 0) { (x: UnsafeMutablePointer<Float>) in
            unsafe x.update(repeating: 0, count: count)
        }
    }

    /// Copies `count` values of `x` from `source` on to those of `out` from `target` on.
    static func copy(_ x: [Float], from source: Int, count: Int, to out: inout [Float], at target: Int) {
        precondition(source >= 0 && x.count >= source + count && out.count >= target + count, "too short")
        unsafe x.withElements(from: source) { source in
            unsafe out.withElements(from: target) { (target: UnsafeMutablePointer<Float>) in
                unsafe target.update(from: source, count: count)
            }
        }
    }

    /// x ← max(x, 0)².
    static func squaredReLU(_ x: inout [Float], count: Int, pool: WorkerPool) {
        precondition(x.count >= count, "too short")
        unsafe x.withElements(from: 0) { (x: UnsafeMutablePointer<Float>) in
            pool.observed(.elementwise) { unsafe ck_relu_squared(pool.handle, x, x, count) }
        }
    }

    /// gate ← GELU(gate) ⊙ up.
    static func geluMultiply(_ gate: inout [Float], _ up: [Float], count: Int, pool: WorkerPool) {
        gelu(&gate, count: count, pool: pool)
        multiply(&gate, by: up, stride: count, width: count, tokens: 1, pool: pool)
    }

    /// gate ← GELU(gate) ⊙ up, with GELU's approximation by tanh.
    static func geluTanhMultiply(_ gate: inout [Float], _ up: [Float], count: Int, pool: WorkerPool) {
        precondition(gate.count >= count && up.count >= count, "gate and up differ")
        unsafe gate.withElements(from: 0) { gate in
            pool.observed(.elementwise) { unsafe ck_gelu_tanh_multiply(pool.handle, gate, up, gate, count) }
        }
    }

    /// x ← cap · tanh(x / cap).
    static func softCap(_ x: inout [Float], cap: Float, count: Int, pool: WorkerPool) {
        precondition(x.count >= count && cap > 0, "too short")
        unsafe x.withElements(from: 0) { (x: UnsafeMutablePointer<Float>) in
            pool.observed(.elementwise) {
                unsafe ck_scale(x, 1 / cap, count)
                unsafe ck_tanh(x, x, count)
                unsafe ck_scale(x, cap, count)
            }
        }
    }

    /// x ← x ⊙ y, both `[tokens, width]`; y's rows are `stride` apart: 0 means that all are the same.
    static func multiply(
        _ x: inout [Float], by y: [Float], stride: Int, width: Int, tokens: Int, pool: WorkerPool
    ) {
        precondition(
            x.count >= tokens * width && y.count >= (tokens - 1) * stride + width, "product of different shapes")
        unsafe x.withElements(from: 0) { (x: UnsafeMutablePointer<Float>) in
            pool.observed(.elementwise) { unsafe ck_multiply(x, width, y, stride, x, width, tokens, width) }
        }
    }

    /// out = a ⊙ b for `width` columns of a from `aColumn` on and of b from `bColumn` on; out is `[tokens, width]`.
    static func multiply(
        _ a: [Float], column aColumn: Int, stride aStride: Int, by b: [Float], column bColumn: Int,
        stride bStride: Int, width: Int, tokens: Int, into out: inout [Float], pool: WorkerPool
    ) {
        precondition(a.count >= (tokens - 1) * aStride + aColumn + width, "product of different shapes")
        precondition(b.count >= (tokens - 1) * bStride + bColumn + width, "product of different shapes")
        precondition(out.count >= tokens * width, "product of different shapes")
        unsafe a.withElements(from: aColumn) { a in
            unsafe b.withElements(from: bColumn) { b in
                pool.observed(.elementwise) {
                    unsafe ck_multiply(a, aStride, b, bStride, &out, width, tokens, width)
                }
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
        pool.observed(.convolution) {
            if let bias {
                unsafe ck_causal_conv(pool.handle, x, channels, tokens, channels, dConv, weight, bias, &state, &out)
            } else {
                unsafe ck_causal_conv(pool.handle, x, channels, tokens, channels, dConv, weight, nil, &state, &out)
            }
        }
    }
}
