/// One rule that cuts text into pieces.
protocol Splitter: Sendable {
    /// Returns where the piece ends that starts at `start`, which is below `end`; the result is above `start`.
    func pieceEnd(in text: ScalarText, from start: Int, to end: Int) -> Int
}

/// How text is cut into words before merging: rules that apply one after the other, each within the last one's pieces.
struct PreTokenizer: Sendable {
    /// The rules, outermost first; without any, the whole text is one word.
    let rules: [any Splitter]

    /// The known ones by their name in `tokenizer.ggml.pre`.
    static let all: [(name: String, preTokenizer: PreTokenizer)] = [
        ("gpt-2", PreTokenizer(rules: [GPT2Splitter()])),
        ("smollm", PreTokenizer(rules: [SingleDigits(), GPT2Splitter()])),
    ]

    /// Calls `body` with each word's range of bytes, in order; the ranges cover the text without gaps.
    func forEachWord(in text: ScalarText, range: Range<Int>, _ body: (Range<Int>) -> Void) {
        cut(text, range, rules[...], body)
    }

    private func cut(
        _ text: ScalarText, _ range: Range<Int>, _ rules: ArraySlice<any Splitter>, _ body: (Range<Int>) -> Void
    ) {
        guard let rule = rules.first else {
            if !range.isEmpty { body(range) }
            return
        }
        var start = range.lowerBound
        while start < range.upperBound {
            let end = rule.pieceEnd(in: text, from: start, to: range.upperBound)
            cut(text, start..<end, rules.dropFirst(), body)
            start = end
        }
    }
}

/// Every number character is a piece of its own; what lies between is one piece.
struct SingleDigits: Splitter {
    func pieceEnd(in text: ScalarText, from start: Int, to end: Int) -> Int {
        let first = text.character(at: start)
        guard first.kind != .number else { return start + first.length }
        var place = start + first.length
        while place < end {
            let next = text.character(at: place)
            if next.kind == .number { break }
            place += next.length
        }
        return place
    }
}

/// Cuts text into GPT-2's words.
///
/// Its regular expression is:
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
struct GPT2Splitter: Splitter {
    func pieceEnd(in text: ScalarText, from start: Int, to end: Int) -> Int {
        if let contraction = contractionEnd(in: text, from: start, to: end) { return contraction }
        let first = text.character(at: start)
        if first.kind != .space { return text.runEnd(of: first.kind, from: start, to: end) }
        if text.bytes[start] == 0x20, start + 1 < end {
            let second = text.character(at: start + 1)
            if second.kind != .space { return text.runEnd(of: second.kind, from: start + 1, to: end) }
        }
        // The last space of a run belongs to the word after it, if there is one.
        var place = start
        var last = start
        while place < end {
            let next = text.character(at: place)
            guard next.kind == .space else { break }
            last = place
            place += next.length
        }
        return place < end && last > start ? last : place
    }

    private func contractionEnd(in text: ScalarText, from start: Int, to end: Int) -> Int? {
        guard text.bytes[start] == UInt8(ascii: "'"), start + 1 < end else { return nil }
        switch text.bytes[start + 1] {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
        default: break
        }
        guard start + 2 < end else { return nil }
        switch (text.bytes[start + 1], text.bytes[start + 2]) {
        case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "l"), UInt8(ascii: "l")):
            return start + 3
        default: return nil
        }
    }
}
