/// Finds tokens that are matched in the text itself, before it is cut into words.
///
/// At each place the longest wins. Control tokens are found within markup only; user-defined ones anywhere, since
/// they are text like any other.
struct AddedTokenScanner: Sendable {
    private struct Candidate: Sendable {
        let bytes: [UInt8]
        let id: Int32
        let isMarkup: Bool
    }

    /// By first byte, longest first.
    private var candidates = [[Candidate]](repeating: [], count: 256)

    /// Whether there is nothing to find.
    private(set) var isEmpty = true

    /// Makes a scanner for tokens of a vocabulary, which are matched as the vocabulary's file spells them.
    ///
    /// - Parameter spelling: what a token is matched as, or nil where it is not for this scanner
    init(_ vocabulary: Vocabulary, spelling: (Int) -> [UInt8]?) {
        for (id, kind) in vocabulary.kinds.enumerated() where [.control, .userDefined, .unknown].contains(kind) {
            guard let bytes = spelling(id), let first = bytes.first else { continue }
            candidates[Int(first)].append(
                Candidate(bytes: bytes, id: Int32(id), isMarkup: kind != .userDefined))
            isEmpty = false
        }
        for first in candidates.indices { candidates[first].sort { $0.bytes.count > $1.bytes.count } }
    }

    /// Cuts a text at its added tokens.
    ///
    /// - Parameters:
    ///   - range: what to cut
    ///   - markup: the ranges in which control tokens are recognised, in order and apart from each other
    ///   - text: called with each range between tokens
    ///   - token: called with each token
    func scan(
        _ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, markup: [Range<Int>], text: (Range<Int>) -> Void,
        token: (Int32) -> Void
    ) {
        var remaining = markup[...]
        var start = range.lowerBound
        var place = isEmpty ? range.upperBound : start
        while place < range.upperBound {
            guard !candidates[Int(bytes[place])].isEmpty else {
                place += 1
                continue
            }
            while let range = remaining.first, range.upperBound <= place { remaining.removeFirst() }
            var markupEnd = place
            if let range = remaining.first, range.lowerBound <= place { markupEnd = range.upperBound }
            guard let found = match(bytes, place, range.upperBound, min(markupEnd, range.upperBound)) else {
                place += 1
                continue
            }
            if start < place { text(start..<place) }
            token(found.id)
            place += found.bytes.count
            start = place
        }
        if start < place { text(start..<place) }
    }

    private func match(
        _ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ textEnd: Int, _ markupEnd: Int
    ) -> Candidate? {
        candidates[Int(bytes[place])].first { candidate in
            let end = candidate.isMarkup ? markupEnd : textEnd
            return candidate.bytes.count <= end - place && bytes[place...].starts(with: candidate.bytes)
        }
    }
}
