/// The ranked merges of a byte-pair vocabulary, and the merging of one word.
struct MergeTable: Sendable {
    /// Ranks and positions share a 64-bit heap entry: so many bits are for the position.
    private static let positionBits: UInt64 = 40
    private static let noRank = UInt32.max

    /// (left, right) → rank and merged token.
    private var merges: [UInt64: UInt64] = [:]

    /// Makes an empty table with room for merges.
    init(capacity: Int) { merges.reserveCapacity(capacity) }

    /// Adds a merge; where a pair comes twice, the first counts.
    ///
    /// Ranks are below 2^24.
    mutating func add(left: Int32, right: Int32, rank: Int, merged: Int32) {
        let key = MergeTable.key(left, right)
        if merges[key] == nil { merges[key] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: merged)) }
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    private func lookUp(_ left: Int32, _ right: Int32) -> (rank: UInt32, merged: Int32)? {
        guard let found = merges[MergeTable.key(left, right)] else { return nil }
        return (UInt32(truncatingIfNeeded: found >> 32), Int32(truncatingIfNeeded: found))
    }

    /// The arrays that merging works in, kept from word to word so that they are allocated once.
    struct Workspace {
        /// The word: its symbols in order.
        ///
        /// Merging keeps the merged symbol in the left one's place.
        var symbols: [Int32] = []
        fileprivate var next: [Int] = []
        fileprivate var previous: [Int] = []
        /// The rank of the pair that starts at each place, to tell current heap entries from stale ones.
        fileprivate var ranks: [UInt32] = []
        fileprivate var heap: [UInt64] = []
    }

    /// Merges the workspace's word and appends the tokens that remain.
    ///
    /// The pair of the lowest rank is merged first, among equals the leftmost, until no pair has a rank.
    /// - Complexity: O(n log n) for n symbols, whatever they are.
    func merge(_ space: inout Workspace, into ids: inout [Int32]) {
        let count = space.symbols.count
        guard count > 1 else {
            ids += space.symbols
            return
        }
        space.next.removeAll(keepingCapacity: true)
        space.previous.removeAll(keepingCapacity: true)
        space.ranks.removeAll(keepingCapacity: true)
        space.heap.removeAll(keepingCapacity: true)
        for place in 0..<count {
            space.next.append(place + 1)
            space.previous.append(place - 1)
            space.ranks.append(MergeTable.noRank)
        }
        for place in 0..<count - 1 { rank(place, &space) }
        while let entry = space.heap.first {
            MergeTable.removeFirst(&space.heap)
            let place = Int(entry & (1 << MergeTable.positionBits - 1))
            let rank = UInt32(truncatingIfNeeded: entry >> MergeTable.positionBits)
            guard space.ranks[place] == rank else { continue }
            let right = space.next[place]
            guard let merge = lookUp(space.symbols[place], space.symbols[right]) else { continue }
            space.symbols[place] = merge.merged
            space.ranks[right] = MergeTable.noRank
            let after = space.next[right]
            space.next[place] = after
            if after < count { space.previous[after] = place }
            self.rank(place, &space)
            if space.previous[place] >= 0 { self.rank(space.previous[place], &space) }
        }
        var place = 0
        while place < count {
            ids.append(space.symbols[place])
            place = space.next[place]
        }
    }

    /// Looks up the pair that starts at `place` and, if it can be merged, puts it on the heap.
    private func rank(_ place: Int, _ space: inout Workspace) {
        let right = space.next[place]
        guard right < space.symbols.count, let found = lookUp(space.symbols[place], space.symbols[right]) else {
            space.ranks[place] = MergeTable.noRank
            return
        }
        space.ranks[place] = found.rank
        MergeTable.insert(UInt64(found.rank) << MergeTable.positionBits | UInt64(place), &space.heap)
    }

    private static func insert(_ entry: UInt64, _ heap: inout [UInt64]) {
        var place = heap.count
        heap.append(entry)
        while place > 0 {
            let parent = (place - 1) / 2
            if heap[parent] <= entry { break }
            heap[place] = heap[parent]
            place = parent
        }
        heap[place] = entry
    }

    private static func removeFirst(_ heap: inout [UInt64]) {
        let entry = heap.removeLast()
        let count = heap.count
        guard count > 0 else { return }
        var place = 0
        while 2 * place + 1 < count {
            var child = 2 * place + 1
            if child + 1 < count, heap[child + 1] < heap[child] { child += 1 }
            if entry <= heap[child] { break }
            heap[place] = heap[child]
            place = child
        }
        heap[place] = entry
    }
}
