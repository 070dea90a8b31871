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

    /// Makes a scanner for the control and user-defined tokens of a vocabulary.
    init(_ vocabulary: Vocabulary) {
        for (id, kind) in vocabulary.kinds.enumerated() where [.control, .userDefined, .unknown].contains(kind) {
            let bytes = Array(vocabulary.tokens[id].utf8)
            guard let first = bytes.first else { continue }
            candidates[Int(first)].append(
                Candidate(bytes: bytes, id: Int32(id), isMarkup: kind != .userDefined))
        }
        for first in candidates.indices { candidates[first].sort { $0.bytes.count > $1.bytes.count } }
    }

    /// Cuts a text at its added tokens.
    ///
    /// - Parameters:
    ///   - markup: the ranges in which control tokens are recognised, in order and apart from each other
    ///   - text: called with each range between tokens
    ///   - token: called with each token
    func scan(_ bytes: [UInt8], markup: [Range<Int>], text: (Range<Int>) -> Void, token: (Int32) -> Void) {
        var remaining = markup[...]
        var start = 0
        var place = 0
        while place < bytes.count {
            guard !candidates[Int(bytes[place])].isEmpty else {
                place += 1
                continue
            }
            while let range = remaining.first, range.upperBound <= place { remaining.removeFirst() }
            var markupEnd = place
            if let range = remaining.first, range.lowerBound <= place { markupEnd = range.upperBound }
            guard let found = match(bytes, place, markupEnd) else {
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

    private func match(_ bytes: [UInt8], _ place: Int, _ markupEnd: Int) -> Candidate? {
        candidates[Int(bytes[place])].first { candidate in
            let end = candidate.isMarkup ? markupEnd : bytes.count
            return candidate.bytes.count <= end - place && bytes[place...].starts(with: candidate.bytes)
        }
    }
}
