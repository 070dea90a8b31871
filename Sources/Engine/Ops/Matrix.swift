import CKernels
import Weights

/// A weight matrix `[rows, columns]` packed for the vector units.
///
/// `@unchecked Sendable`: the memory is written in `init` only.
@safe
package final class Matrix: @unchecked Sendable {
    package let rows: Int
    package let columns: Int
    /// Bytes of the packed weights.
    package let byteCount: Int
    let type: Kernels.WeightType
    private let memory: UnsafeMutableRawPointer

    /// Packs `tensor`, whose elements are of `type`; with `packedAs` float32 they are decoded.
    init(
        _ tensor: Tensor, type: Kernels.WeightType, packedAs: Kernels.WeightType, rows: Int, columns: Int,
        pool: WorkerPool
    ) {
        self.rows = rows
        self.columns = columns
        self.type = packedAs
        byteCount = ck_packed_bytes(packedAs.kernelType, rows, columns)
        unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 64), alignment: 64)
        let destination = unsafe memory
        unsafe tensor.withBytes { bytes in
            unsafe ck_pack(
                pool.handle, type.kernelType, bytes.baseAddress, packedAs.kernelType, destination, rows, columns)
        }
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// The kernels' description of this matrix; valid while the matrix lives.
    var descriptor: ck_matrix {
        unsafe ck_matrix(data: memory, type: type.kernelType, rows: rows, columns: columns)
    }
}

/// A linear map: y = W x + b.
package struct Linear: Sendable {
    let weight: Matrix
    let bias: [Float]?
    /// How inputs are rounded when the weights are quantised.
    var rounding = ActivationRounding.eightBits

    var rows: Int { weight.rows }
    var columns: Int { weight.columns }
}
