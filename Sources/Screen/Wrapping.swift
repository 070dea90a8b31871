/// Text broken into lines of at most `width` columns.
///
/// Lines break after blanks and beside wide characters; longer words break anywhere. Blanks at a break hang past the
/// edge, so that the lines together are the text. Appending breaks only the last paragraph again.
public struct WrappedText: Sendable, Equatable {
    public let width: Int
    /// The cells of the whole text; each paragraph but the last ends with a newline cell of width 0.
    public private(set) var cells: [TextCell] = []
    /// The cells of each line, without gaps between them.
    public private(set) var lines: [Range<Int>] = []
    /// The last paragraph, which can still grow.
    private var tail = ""
    private var tailCell = 0
    private var tailLine = 0

    public init(_ text: String, width: Int) {
        self.width = max(1, width)
        append(text)
    }

    /// Appends text, as when an answer streams in.
    public mutating func append(_ text: String) {
        let paragraphs = (tail + text).unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        cells.removeSubrange(tailCell...)
        lines.removeSubrange(tailLine...)
        for (index, paragraph) in paragraphs.enumerated() {
            let isLast = index == paragraphs.count - 1
            let start = cells.count
            if isLast {
                tail = String(paragraph)
                tailCell = start
                tailLine = lines.count
            }
            cells.append(contentsOf: InertText.cells(of: Substring(paragraph)))
            if !isLast { cells.append(TextCell(text: "\n", width: 0)) }
            lines.append(contentsOf: LineBreaking.lines(of: cells[start...], width: width))
        }
    }

    /// The columns that a line takes on the screen; blanks past the edge don't count.
    public func columns(ofLine line: Int) -> Int {
        min(width, lines[line].reduce(0) { $0 + cells[$1].width })
    }

    /// The line that shows the cell `offset`; the last line if it is past the end.
    public func line(showing offset: Int) -> Int {
        var low = 0
        var high = lines.count - 1
        while low < high {
            let middle = (low + high) / 2
            if lines[middle].upperBound <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The characters of a line as they are drawn, for tests.
    public func text(ofLine line: Int) -> String {
        cells[lines[line]].map(\.text).joined()
    }
}

/// Where lines of cells break.
public enum LineBreaking {
    /// Punctuation that doesn't begin a line.
    private static let closing: Set<String> = [
        "、", "。", "，", "．", "！", "？", "）", "」", "』", "】", "〉", "》", "ー", "：", "；",
    ]

    /// Breaks one paragraph into lines of at most `width` columns; an empty one is one empty line.
    public static func lines(of cells: ArraySlice<TextCell>, width: Int) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = cells.startIndex
        var column = 0
        var breakable: Int?
        var hasText = false
        for index in cells.indices {
            let cell = cells[index]
            if cell.text == " " {
                column += 1
                // Breaking right after the indentation would only push a long word down.
                if hasText { breakable = index + 1 }
                continue
            }
            if cell.width == 2 && hasText && !closing.contains(cell.text) { breakable = index }
            while column + cell.width > width && index > start {
                let cut = breakable ?? index
                lines.append(start..<cut)
                start = cut
                column = cells[cut..<index].reduce(0) { $0 + $1.width }
                breakable = nil
            }
            column += cell.width
            hasText = true
            if cell.width == 2, index + 1 < cells.endIndex, !closing.contains(cells[index + 1].text) {
                breakable = index + 1
            }
        }
        lines.append(start..<cells.endIndex)
        return lines
    }
}
