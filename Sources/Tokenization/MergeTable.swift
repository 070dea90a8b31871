/// Says which neighbours in a word may be joined, and in which order.
protocol MergeRanking: Sendable {
    /// Returns the rank of joining two neighbouring symbols, lowest first, and the token that comes of it; nil where
    /// they can't be joined.
    func merge(_ left: Symbol, _ right: Symbol, in text: UnsafeBufferPointer<UInt8>) -> (rank: UInt32, merged: Int32)?
}

/// A part of a word while it is merged.
struct Symbol: Sendable {
    /// Its token, or -1 where there is none.
    var id: Int32
    /// Where it lies in the text.
    var start: Int
    var end: Int
}

/// The ranked merges of a byte-pair vocabulary.
struct MergeTable: MergeRanking {
    /// (left, right), then rank and merged token, in an open hash table.
    private var slots: [UInt64]
    private let shift: UInt64

    /// No pair of ids has this key.
    private static let empty = UInt64.max

    /// Makes an empty table with room for merges.
    init(capacity: Int) {
        var bits: UInt64 = 6
        while 1 << bits < capacity * 2 { bits += 1 }
        slots = [UInt64](repeating: MergeTable.empty, count: 2 << bits)
        shift = 64 - bits
    }

    /// Adds a merge; where a pair comes twice, the first counts.
    ///
    /// Ranks are below 2^24, and there are no more merges than the table has room for.
    mutating func add(left: Int32, right: Int32, rank: Int, merged: Int32) {
        let key = MergeTable.key(left, right)
        let slot = slot(of: key)
        guard slots[slot] == MergeTable.empty else { return }
        slots[slot] = key
        slots[slot + 1] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: merged))
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// Returns where a key is, or where it would be.
    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        var hash = key &* 0x9e37_79b9_7f4a_7c15
        hash = (hash ^ (hash >> 32)) &* 0xd6e8_feb8_6659_fd93
        var slot = Int(truncatingIfNeeded: hash >> shift) * 2
        while slots[slot] != key, slots[slot] != MergeTable.empty { slot = (slot + 2) & (slots.count - 1) }
        return slot
    }

    @inline(__always)
    func merge(_ left: Symbol, _ right: Symbol, in text: UnsafeBufferPointer<UInt8>) -> (rank: UInt32, merged: Int32)? {
        // A symbol without token joins nothing.
        guard left.id >= 0, right.id >= 0 else { return nil }
        let slot = slot(of: MergeTable.key(left.id, right.id))
        guard slots[slot] != MergeTable.empty else { return nil }
        let found = slots[slot + 1]
        return (UInt32(truncatingIfNeeded: found >> 32), Int32(truncatingIfNeeded: found))
    }
}

/// Merges of a vocabulary with scores: neighbours are joined where that makes a token, the highest score first.
struct ScoredMerges: MergeRanking {
    let index: TokenIndex
    /// By id; none is NaN.
    let scores: [Float]

    @inline(__always)
    func merge(_ left: Symbol, _ right: Symbol, in text: UnsafeBufferPointer<UInt8>) -> (rank: UInt32, merged: Int32)? {
        guard let merged = index.id(of: UnsafeBufferPointer(rebasing: text[left.start..<right.end])) else { return nil }
        // The bits of floats in descending order; 0 and -0 are equal.
        let bits = (scores[Int(merged)] + 0).bitPattern
        return (bits >> 31 == 0 ? ~bits & 0x7fff_ffff : bits, merged)
    }
}
