import Glibc

/// Gives out memory for packed weights from a few large pieces, which the system may back with huge pages.
///
/// A token reads all weights once, so with pages of 4 kB the processor spends a fifth of the time looking up where they
/// are.
final class WeightArena {
    /// Larger than most matrices; what is not used of it is never touched.
    private static let largestPieceBytes = 64 << 20
    static let hugePageBytes = 2 << 20

    private let pieceBytes: Int

    private var piece: WeightPiece?
    private var used = 0

    /// An arena for about `expectedBytes` of weights: those of a small model don't claim much.
    init(expectedBytes: Int) {
        pieceBytes = min(max(expectedBytes, Self.hugePageBytes), Self.largestPieceBytes)
    }

    /// Returns `byteCount` bytes at a multiple of 64.
    func allocate(byteCount: Int) -> WeightMemory {
        let needed = (byteCount + 63) / 64 * 64
        if let piece, piece.byteCount - used >= needed {
            defer { used += needed }
            return WeightMemory(piece: piece, offset: used)
        }
        let fresh = WeightPiece(byteCount: max(pieceBytes, needed))
        // A piece that is full at once leaves the room of the one before.
        if fresh.byteCount - needed > (piece?.byteCount ?? 0) - used || piece == nil {
            piece = fresh
            used = needed
        }
        return WeightMemory(piece: fresh, offset: 0)
    }
}

/// A part of a piece, which lives as long as somebody holds a part of it.
///
/// `@unchecked Sendable`: nobody writes to it after the matrix in it is packed.
@safe
struct WeightMemory: @unchecked Sendable {
    private let piece: WeightPiece
    private let offset: Int

    /// For matrices that are not read.
    static let nothing = WeightMemory(piece: WeightPiece(byteCount: 64), offset: 0)

    fileprivate init(piece: WeightPiece, offset: Int) {
        self.piece = piece
        self.offset = offset
    }

    /// Where it begins; valid while this value lives.
    @unsafe var start: UnsafeMutableRawPointer { unsafe piece.start + offset }
}

/// One run of memory.
@safe
private final class WeightPiece {
    let byteCount: Int
    let start: UnsafeMutableRawPointer

    init(byteCount: Int) {
        self.byteCount = byteCount
        unsafe start = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: WeightArena.hugePageBytes)
        // A system that has no huge pages, or none to spare, goes on with small ones.
        _ = unsafe madvise(start, byteCount, MADV_HUGEPAGE)
    }

    deinit {
        unsafe start.deallocate()
    }
}
