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
    /// Whether products take rounded activations.
    let isQuantized: Bool
    private let packedType: ck_type
    private let memory: WeightMemory

    /// Packs `tensor`, whose elements are of `type`, for products of `packedAs`: `type`, or float32, which decodes them.
    ///
    /// Both hold the tensor's values exactly. Types without a kernel of their own are packed as one that has one.
    /// Without a pool nothing is packed: such a matrix has a size, but must not be multiplied with.
    init(
        _ tensor: Tensor, type: Kernels.WeightType, packedAs: Kernels.WeightType, rows: Int, columns: Int,
        arena: WeightArena, pool: WorkerPool?
    ) {
        self.rows = rows
        self.columns = columns
        packedType = ck_packed_type(packedAs.kernelType)
        isQuantized = ck_block_elements(packedType) > 1
        byteCount = ck_packed_bytes(packedType, rows, columns)
        memory = pool == nil ? .nothing : arena.allocate(byteCount: byteCount)
        guard let pool else { return }
        let (destination, packedType) = unsafe (memory.start, packedType)
        // Piece by piece, as the pages of what is packed are dropped: a model in memory is one copy of its weights, even
        // while it is loaded.
        let rowBytes = tensor.byteCount / max(rows, 1)
        let together = max(Self.bytesTogether / max(16 * rowBytes, 1), 1) * 16
        unsafe tensor.withBytes { bytes in
            guard let source = bytes.baseAddress else { return }
            for first in stride(from: 0, to: rows, by: together) {
                let count = min(together, rows - first)
                unsafe ck_pack(
                    pool.handle, type.kernelType, source + first * rowBytes, packedType,
                    destination + ck_packed_bytes(packedType, first, columns), count, columns)
                tensor.dropPages(ofFirst: (first + count) * rowBytes)
            }
        }
    }

    /// Bytes of a tensor that are packed before their pages are dropped.
    private static let bytesTogether = 2 << 20

    /// A matrix of one shape and made-up weights, for measuring.
    init(madeUp kind: MatrixKind, arena: WeightArena) {
        rows = kind.rows
        columns = kind.columns
        packedType = kind.packedType
        isQuantized = ck_block_elements(packedType) > 1
        byteCount = kind.byteCount
        memory = arena.allocate(byteCount: byteCount)
        // As a scale of any type this is a small normal number.
        unsafe memory.start.initializeMemory(as: UInt8.self, repeating: 0x11, count: byteCount)
    }

    /// What decides about the speed of its products.
    var kind: MatrixKind { MatrixKind(packedType: packedType, rows: rows, columns: columns) }

    /// The kernels' description of this matrix; valid while the matrix lives.
    var descriptor: ck_matrix {
        unsafe ck_matrix(data: memory.start, type: packedType, rows: rows, columns: columns)
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
