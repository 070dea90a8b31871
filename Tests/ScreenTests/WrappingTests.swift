import Screen
import Testing

@Suite struct WrappingTests {
    static let texts = [
        "", "\n", "one", "one two three four five six seven", "\n\nblank lines\n\n\nstay\n",
        "    indented code\n        deeper\nback", "averyveryverylongwordwithoutanyblank and more",
        "日本語の文章は空白なしで折り返される。句読点は行頭に来ない。", "mixed 日本 and Latin 語 words", "👩\u{200D}👧👍🏽🇫🇷e\u{301} end",
        "many     blanks     between", "          ", "a\u{1B}[31mred\u{1B}[0m b", String(repeating: "x", count: 500),
    ]

    @Test(arguments: texts, [1, 2, 3, 7, 8, 20, 60, 200])
    func joinedLinesAreTheText(_ text: String, _ width: Int) {
        let wrapped = WrappedText(text, width: width)
        let joined = wrapped.lines.indices.map { wrapped.text(ofLine: $0) }.joined()
        let cells = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { InertText.cells(of: $0).map(\.text).joined() }
        #expect(joined.unicodeScalars.elementsEqual(cells.joined(separator: "\n").unicodeScalars))
    }

    @Test(arguments: texts, [2, 3, 7, 8, 20, 60, 200])
    func noLineIsWiderThanTheWidthButForHangingBlanks(_ text: String, _ width: Int) {
        let wrapped = WrappedText(text, width: width)
        for line in wrapped.lines {
            var cells = wrapped.cells[line][...]
            while cells.last.map({ $0.text == " " || $0.width == 0 }) == true { cells.removeLast() }
            #expect(cells.reduce(0) { $0 + $1.width } <= width)
        }
    }

    @Test(arguments: texts, [1, 5, 20])
    func appendingInPiecesIsTheSameAsAllAtOnce(_ text: String, _ width: Int) {
        var grown = WrappedText("", width: width)
        for scalar in text.unicodeScalars { grown.append(String(scalar)) }
        let whole = WrappedText(text, width: width)
        #expect(grown.cells == whole.cells && grown.lines == whole.lines && grown.indents == whole.indents)
    }

    @Test(arguments: [
        ("one two three", 8, ["one two ", "three"]), ("one two", 7, ["one two"]), ("one  two", 4, ["one  ", "two"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]), ("    word", 6, ["    wo", "rd"]), ("日本語", 5, ["日本", "語"]),
        ("日本。", 4, ["日", "本。"]), ("a\n\nb", 5, ["a\n", "\n", "b"]), ("ab 日", 4, ["ab ", "日"]),
    ])
    func linesBreakWhereReadersExpect(_ text: String, _ width: Int, _ lines: [String]) {
        let wrapped = WrappedText(text, width: width)
        #expect(wrapped.lines.indices.map { wrapped.text(ofLine: $0) } == lines)
    }

    @Test(arguments: texts)
    func lineOfEachCellContainsIt(_ text: String) {
        let wrapped = WrappedText(text, width: 9)
        for offset in wrapped.cells.indices {
            #expect(wrapped.lines[wrapped.line(showing: offset)].contains(offset))
        }
    }
}
