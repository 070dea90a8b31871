/// What one line of a text looks like before it is broken.
public struct FormattedLine: Sendable, Equatable {
    public var cells: [TextCell]
    /// Columns before its first row.
    public var indent: Int
    /// Columns before its other rows.
    public var hanging: Int
    /// Whether it stands at the right edge.
    public var alignsRight: Bool
    /// Whether it is broken where it is longer than the row; else it stays one row, which is cut when it is drawn.
    public var breaks: Bool

    public init(
        cells: [TextCell], indent: Int = 0, hanging: Int = 0, alignsRight: Bool = false, breaks: Bool = true
    ) {
        self.cells = cells
        self.indent = indent
        self.hanging = hanging
        self.alignsRight = alignsRight
        self.breaks = breaks
    }
}

/// Says what the lines of a text look like, one after the other.
public protocol LineFormat: Sendable {
    /// The next line; nil leaves it out.
    ///
    /// - Parameter isOpen: Whether more of the line may come.
    mutating func format(_ line: Substring, isOpen: Bool) -> FormattedLine?
    /// What follows the last line when the text is complete.
    func ending() -> [FormattedLine]
}

/// Lines as they are, with visible escapes.
public struct PlainFormat: LineFormat {
    public init() {}

    public func format(_ line: Substring, isOpen: Bool) -> FormattedLine? {
        FormattedLine(cells: InertText.cells(of: line))
    }

    public func ending() -> [FormattedLine] { [] }
}

/// Text broken into rows of at most `width` columns.
///
/// Rows break after blanks and beside wide characters; longer words break anywhere. Blanks at a break hang past the
/// edge, so that the rows of a plain text together are the text. Appending breaks only the last line again.
public struct WrappedText: Sendable {
    public let width: Int
    /// The cells of the whole text; each line but the last ends with a newline cell of width 0.
    public private(set) var cells: [TextCell] = []
    /// The cells of each row, without gaps between them.
    public private(set) var lines: [Range<Int>] = []
    /// The columns before each row.
    public private(set) var indents: [Int] = []
    /// Whether each row is a whole line however long it is.
    public private(set) var isWhole: [Bool] = []
    /// As it is before the last line.
    private var format: any LineFormat
    /// The last line, which can still grow.
    private var tail = ""
    private var tailCell = 0
    private var tailLine = 0

    public init(_ text: String, width: Int, format: any LineFormat = PlainFormat()) {
        self.width = max(1, width)
        self.format = format
        append(text)
    }

    /// Appends text, as when an answer streams in.
    public mutating func append(_ text: String) {
        let pieces = (tail + text).unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        removeTail()
        for piece in pieces.dropLast() {
            if let line = format.format(Substring(piece), isOpen: false) { add(line, endsLine: true) }
        }
        tail = pieces.last.map(String.init) ?? ""
        tailCell = cells.count
        tailLine = lines.count
        var format = format
        if let line = format.format(tail[...], isOpen: true) { add(line, endsLine: false) }
    }

    /// Takes the text as complete: the last line can't grow any more.
    public mutating func close() {
        removeTail()
        var format = format
        let last = format.format(tail[...], isOpen: false)
        let ending = format.ending()
        if let last, ending.isEmpty || !tail.isEmpty { add(last, endsLine: !ending.isEmpty) }
        for (index, line) in ending.enumerated() { add(line, endsLine: index < ending.count - 1) }
        // A text of which nothing is shown has a row all the same.
        if lines.isEmpty { add(FormattedLine(cells: []), endsLine: false) }
    }

    private mutating func removeTail() {
        cells.removeSubrange(tailCell...)
        lines.removeSubrange(tailLine...)
        indents.removeSubrange(tailLine...)
        isWhole.removeSubrange(tailLine...)
    }

    private mutating func add(_ line: FormattedLine, endsLine: Bool) {
        let start = cells.count
        cells.append(contentsOf: line.cells)
        if endsLine { cells.append(TextCell(text: "\n", width: 0)) }
        // Where there is hardly room, indentation would leave none for words.
        var indent = line.indent < width / 2 ? line.indent : 0
        let hanging = line.hanging < width / 2 ? line.hanging : 0
        let rows =
            line.breaks
            ? LineBreaking.lines(of: cells[start...], width: width - indent, following: width - hanging)
            : [start..<cells.count]
        if line.alignsRight { indent = max(0, width - line.cells.reduce(0) { $0 + $1.width }) }
        lines.append(contentsOf: rows)
        isWhole.append(contentsOf: repeatElement(!line.breaks, count: rows.count))
        indents.append(indent)
        indents.append(contentsOf: repeatElement(hanging, count: rows.count - 1))
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

    /// Whether a row begins a line of the text.
    public func isLineStart(_ row: Int) -> Bool {
        row == 0 || lines[row - 1].last.map { cells[$0].text == "\n" } ?? true
    }

    /// The columns that a line takes with its indentation, which may be more than there are.
    public func columns(ofLine line: Int) -> Int {
        cells[lines[line]].reduce(indents[line]) { $0 + $1.width }
    }

    /// The characters of a line as they are drawn, without its indentation.
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

    /// Breaks one line into rows of at most `width` columns, and `following` from the second on; an empty one is one
    /// empty row.
    public static func lines(of cells: ArraySlice<TextCell>, width: Int, following: Int? = nil) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var width = width
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
                width = following ?? width
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
