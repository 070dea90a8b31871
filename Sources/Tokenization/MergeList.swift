/// The merges of a vocabulary as files list them, most important first.
enum MergeList: Sendable {
    /// Two tokens with a space between.
    case spaced([String])
    case pairs([(left: String, right: String)])

    /// How many there are.
    var count: Int {
        switch self {
        case .spaced(let merges): merges.count
        case .pairs(let merges): merges.count
        }
    }

    /// Returns the table of the merges, made of tokens that an index holds.
    ///
    /// - Parameter bytes: appends what a part of a merge stands for within words, and returns whether it can
    func table(
        _ index: TokenIndex, source: String, bytes: (UnsafeBufferPointer<UInt8>, inout [UInt8]) -> Bool
    ) throws -> MergeTable {
        var table = MergeTable(capacity: count)
        var buffer: [UInt8] = []
        func add(_ rank: Int, _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
            buffer.removeAll(keepingCapacity: true)
            guard bytes(left, &buffer) else { return false }
            let middle = buffer.count
            guard bytes(right, &buffer) else { return false }
            return buffer.withUnsafeBufferPointer { both in
                guard let left = index.id(of: UnsafeBufferPointer(rebasing: both[..<middle])),
                    let right = index.id(of: UnsafeBufferPointer(rebasing: both[middle...])),
                    let merged = index.id(of: both)
                else { return false }
                table.add(left: left, right: right, rank: rank, merged: merged)
                return true
            }
        }
        switch self {
        case .spaced(let merges):
            for (rank, merge) in merges.enumerated() {
                let isKnown = try merge.withUTF8Bytes { text in
                    guard let space = text.dropFirst().firstIndex(of: 0x20) else {
                        throw TokenizationError(
                            .damaged,
                            "Merge \(rank) in \(source) is \"\(merge)\"; it should be two tokens with a space between."
                                + " The file is damaged.")
                    }
                    return add(
                        rank, UnsafeBufferPointer(rebasing: text[..<space]),
                        UnsafeBufferPointer(rebasing: text[(space + 1)...]))
                }
                guard isKnown else { throw unknown(merge, rank, source) }
            }
        case .pairs(let merges):
            for (rank, merge) in merges.enumerated() {
                let isKnown = merge.left.withUTF8Bytes { left in
                    merge.right.withUTF8Bytes { add(rank, left, $0) }
                }
                guard isKnown else { throw unknown("\(merge.left) \(merge.right)", rank, source) }
            }
        }
        return table
    }

    private func unknown(_ merge: String, _ rank: Int, _ source: String) -> TokenizationError {
        TokenizationError(
            .damaged,
            "Merge \(rank) of \(source), \"\(merge)\", joins or makes a token that is not in the vocabulary."
                + " The file is damaged.")
    }
}
