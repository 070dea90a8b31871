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
    /// Whether products take activations in 8 bits.
    let isQuantized: Bool
    private let packedType: ck_type
    private let memory: UnsafeMutableRawPointer

    /// Packs `tensor`, whose elements are of `type`, for products of `packedAs`: `type`, or float32, which decodes them.
    ///
    /// Both hold the tensor's values exactly. Types without a kernel of their own are packed as one that has one.
    /// Without a pool nothing is packed: such a matrix has a size, but must not be multiplied with.
    init(
        _ tensor: Tensor, type: Kernels.WeightType, packedAs: Kernels.WeightType, rows: Int, columns: Int,
        pool: WorkerPool?
    ) {
        self.rows = rows
        self.columns = columns
        packedType = ck_packed_type(packedAs.kernelType)
        isQuantized = ck_block_elements(packedType) > 1
        byteCount = ck_packed_bytes(packedType, rows, columns)
        let size = pool == nil ? 0 : byteCount
        unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: max(size, 64), alignment: 64)
        guard let pool else { return }
        let (destination, packedType) = unsafe (memory, packedType)
        unsafe tensor.withBytes { bytes in
            unsafe ck_pack(
                pool.handle, type.kernelType, bytes.baseAddress, packedType, destination, rows, columns)
        }
        tensor.dropPages()  // so that a model in memory is one copy of its weights, even while it is loaded
    }

    /// A matrix of one shape and made-up weights, for measuring.
    init(madeUp kind: MatrixKind) {
        rows = kind.rows
        columns = kind.columns
        packedType = kind.packedType
        isQuantized = ck_block_elements(packedType) > 1
        byteCount = kind.byteCount
        unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 64), alignment: 64)
        // As a scale of any type this is a small normal number.
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0x11, count: byteCount)
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// What decides about the speed of its products.
    var kind: MatrixKind { MatrixKind(packedType: packedType, rows: rows, columns: columns) }

    /// The kernels' description of this matrix; valid while the matrix lives.
    var descriptor: ck_matrix {
        unsafe ck_matrix(data: memory, type: packedType, rows: rows, columns: columns)
    }
}

/// A kernel and the shape that it works on.
package struct MatrixKind: Sendable, Hashable {
    let packedType: ck_type
    package let rows, columns: Int

    /// Bytes of a packed matrix.
    package var byteCount: Int { ck_packed_bytes(packedType, rows, columns) }

    /// The name of the type that it is packed as, as ggml spells it.
    package var typeName: String { unsafe String(cString: ck_type_name(packedType)) }
}
