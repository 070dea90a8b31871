/// Merges words, with the arrays it works in kept from word to word so that they are allocated once.
struct WordMerger {
    /// The word: its symbols in order.
    var symbols: [Symbol] = []
    /// The rank of the pair that starts at each place.
    ///
    /// It tells current heap entries from stale ones.
    private var ranks: [UInt32] = []
    private var merged: [Int32] = []
    private var next: [Int] = []
    private var previous: [Int] = []
    private var heap: [UInt64] = []

    private static let noRank = UInt32.max
    /// Words of no more symbols are merged by looking at all pairs each time, which is faster for them.
    private static let shortWord = 24
    /// Ranks and positions share a 64-bit heap entry: so many bits are for the position.
    private static let positionBits: UInt64 = 32

    /// Merges the symbols until no pair has a rank: the lowest rank first, among equals the leftmost.
    ///
    /// - Complexity: O(n log n) for n symbols, whatever they are.
    @inline(__always)
    mutating func merge(by ranking: some MergeRanking, in text: UnsafeBufferPointer<UInt8>) {
        if symbols.count <= WordMerger.shortWord {
            mergeShort(by: ranking, in: text)
        } else {
            mergeLong(by: ranking, in: text)
        }
    }

    private mutating func mergeShort(by ranking: some MergeRanking, in text: UnsafeBufferPointer<UInt8>) {
        guard symbols.count > 1 else { return }
        ranks.removeAll(keepingCapacity: true)
        merged.removeAll(keepingCapacity: true)
        for place in 1..<symbols.count {
            let found = ranking.merge(symbols[place - 1], symbols[place], in: text)
            ranks.append(found?.rank ?? WordMerger.noRank)
            merged.append(found?.merged ?? -1)
        }
        while true {
            var best = WordMerger.noRank
            var place = 0
            for index in ranks.indices where ranks[index] < best {
                best = ranks[index]
                place = index
            }
            guard best < WordMerger.noRank else { return }
            symbols[place].id = merged[place]
            symbols[place].end = symbols[place + 1].end
            symbols.remove(at: place + 1)
            ranks.remove(at: place)
            merged.remove(at: place)
            for pair in [place - 1, place] where ranks.indices.contains(pair) {
                let found = ranking.merge(symbols[pair], symbols[pair + 1], in: text)
                ranks[pair] = found?.rank ?? WordMerger.noRank
                merged[pair] = found?.merged ?? -1
            }
        }
    }

    private mutating func mergeLong(by ranking: some MergeRanking, in text: UnsafeBufferPointer<UInt8>) {
        let count = symbols.count
        next = Array(1...count)
        previous = Array(-1..<count - 1)
        ranks = [UInt32](repeating: WordMerger.noRank, count: count)
        merged = [Int32](repeating: -1, count: count)
        heap.removeAll(keepingCapacity: true)
        for place in 0..<count { rank(place, by: ranking, in: text) }
        while let entry = heap.first {
            removeFirst()
            let place = Int(entry & (1 << WordMerger.positionBits - 1))
            guard ranks[place] == UInt32(truncatingIfNeeded: entry >> WordMerger.positionBits) else { continue }
            let right = next[place]
            symbols[place].id = merged[place]
            symbols[place].end = symbols[right].end
            ranks[right] = WordMerger.noRank
            next[place] = next[right]
            if next[place] < count { previous[next[place]] = place }
            rank(place, by: ranking, in: text)
            if previous[place] >= 0 { rank(previous[place], by: ranking, in: text) }
        }
        var kept = 0
        var place = 0
        while place < count {
            symbols[kept] = symbols[place]
            kept += 1
            place = next[place]
        }
        symbols.removeLast(count - kept)
    }

    /// Looks up the pair that starts at `place` and, if it can be merged, puts it on the heap.
    private mutating func rank(_ place: Int, by ranking: some MergeRanking, in text: UnsafeBufferPointer<UInt8>) {
        let right = next[place]
        guard right < symbols.count, let found = ranking.merge(symbols[place], symbols[right], in: text) else {
            ranks[place] = WordMerger.noRank
            return
        }
        ranks[place] = found.rank
        merged[place] = found.merged
        insert(UInt64(found.rank) << WordMerger.positionBits | UInt64(place))
    }

    private mutating func insert(_ entry: UInt64) {
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

    private mutating func removeFirst() {
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
