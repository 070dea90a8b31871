import CKernels

extension Kernels {
    /// Parameters of a Mamba-1 scan.
    struct SelectiveScan: Sendable {
        var dInner, dState: Int
        /// `[dState, dInner]`.
        var A: [Float]
        var D, dtBias: [Float]
    }

    /// The selective scan over `tokens` tokens, from `state` `[dState, dInner]`, into `y` `[tokens, dInner]`.
    ///
    /// - x, dt: `[tokens, dInner]`; dt before bias and softplus, replaced by the step sizes
    /// - BC: rows B | C from `BCColumn` on; z: the gate, from `zColumn` on
    static func selectiveScan(
        _ scan: SelectiveScan, x: [Float], dt: inout [Float], BC: [Float], BCColumn: Int, BCStride: Int, z: [Float],
        zColumn: Int, zStride: Int, tokens: Int, state: inout [Float], into y: inout [Float], pool: WorkerPool
    ) {
        let count = tokens * scan.dInner
        precondition(x.count >= count && dt.count >= count && y.count >= count, "scan shape")
        precondition(BC.count >= (tokens - 1) * BCStride + BCColumn + 2 * scan.dState, "selection shape")
        precondition(z.count >= (tokens - 1) * zStride + zColumn + scan.dInner, "gate shape")
        precondition(state.count == scan.dInner * scan.dState && scan.A.count == state.count, "state shape")
        precondition(scan.D.count == scan.dInner && scan.dtBias.count == scan.dInner, "parameter shape")
        unsafe scan.A.withElements(from: 0) { A in
            unsafe scan.D.withElements(from: 0) { D in
                unsafe scan.dtBias.withElements(from: 0) { dtBias in
                    var description = unsafe ck_selective(
                        dInner: scan.dInner, dState: scan.dState, A: A, D: D, dtBias: dtBias)
                    unsafe BC.withElements(from: BCColumn) { BC in
                        unsafe z.withElements(from: zColumn) { z in
                            pool.observed(.scan) {
                                unsafe ck_selective_scan(
                                    pool.handle, &description, x, scan.dInner, &dt, scan.dInner, BC, BCStride, z,
                                    zStride, tokens, &state, &y, scan.dInner)
                            }
                        }
                    }
                }
            }
        }
    }

    /// RMS norm, in place, of `weight.count` columns of `x` from `column` on.
    static func rmsNormColumns(
        _ x: inout [Float], column: Int, stride: Int, weight: [Float], epsilon: Float, tokens: Int, pool: WorkerPool
    ) {
        precondition(x.count >= (tokens - 1) * stride + column + weight.count, "norm has another shape")
        unsafe x.withElements(from: column) { (x: UnsafeMutablePointer<Float>) in
            pool.observed(.norms) {
                unsafe ck_rms_norm(pool.handle, x, stride, weight, x, stride, tokens, weight.count, epsilon)
            }
        }
    }

    /// Copies `count` columns of `x`, from column `first` on, to `out` `[tokens, count]`.
    static func copyColumns(
        _ x: [Float], from first: Int = 0, count: Int, stride: Int, tokens: Int, into out: inout [Float]
    ) {
        for token in 0..<tokens {
            copy(x, from: token * stride + first, count: count, to: &out, at: token * count)
        }
    }
}
