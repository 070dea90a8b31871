/// One rule that cuts text into pieces.
protocol Splitter: Sendable {
    /// Returns where the piece ends that starts at `start`, which is below `end`; the result is above `start`.
    func pieceEnd(in text: ScalarText, from start: Int, to end: Int) -> Int
}

/// How text is cut into words before merging: rules that apply one after the other, each within the last one's pieces.
struct PreTokenizer: Sendable {
    /// The rules, outermost first; without any, the whole text is one word.
    let rules: [any Splitter]

    /// Calls `body` with each word's range of bytes, in order; the ranges cover the text without gaps.
    @inline(__always)
    func forEachWord(in text: ScalarText, range: Range<Int>, _ body: (Range<Int>) -> Void) {
        guard rules.count == 1, let rule = rules.first else { return cut(text, range, rules[...], body) }
        var start = range.lowerBound
        while start < range.upperBound {
            let end = rule.pieceEnd(in: text, from: start, to: range.upperBound)
            body(start..<end)
            start = end
        }
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
