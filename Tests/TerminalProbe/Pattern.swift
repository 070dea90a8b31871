import Screen

/// Frames that show whether each cell ends up in its column.
enum Pattern {
    case first, second

    /// Makes crash tests depend on a value that the compiler can't know.
    var count: Int { self == .first ? 1 : 2 }

    /// Rows: wide characters with `|` after each; colours; the corner in the last cell.
    func frame(_ size: Size) -> CellBuffer {
        var frame = CellBuffer(size: size)
        guard size.columns >= 40, size.rows >= 6 else { return frame }
        put(self == .first ? Self.wide : Self.shifted, at: 0, in: &frame)
        put([("X", 1), ("\u{1B}", 1), ("\u{9B}", 1), ("\u{200B}", 1), ("Y", 1)], at: 1, in: &frame)
        let styles: [Style] = [
            Style(foreground: .rgb(red: 255, green: 0, blue: 0)), Style(background: .indexed(4)),
            Style(attributes: .bold), Style(attributes: .reverse),
        ]
        for (column, style) in styles.enumerated() { frame[column, 2] = Cell(text: "s", style: style) }
        let words = "size \(size.columns)x\(size.rows)"
        for (column, character) in words.enumerated() { frame[column, 3] = Cell(text: String(character)) }
        frame[size.columns - 1, size.rows - 1] = Cell(text: "#")
        // A wide character where only one column is left.
        frame[size.columns - 1, 4] = Cell(text: "日")
        frame.cursor = Position(column: 5, row: 3)
        return frame
    }

    private func put(_ cells: [(String, Int)], at row: Int, in frame: inout CellBuffer) {
        var column = 0
        for (text, width) in cells {
            frame[column, row] = Cell(text: text)
            if width == 2 { frame[column + 1, row] = Cell(text: "") }
            column += width
        }
    }

    private static let bar = ("|", 1)
    private static let wide: [(String, Int)] = [
        ("日", 2), ("本", 2), bar, ("e\u{301}", 1), bar, ("👩", 2), bar, ("⚠", 1), bar, ("✅", 2), bar, ("한", 2), bar,
        ("e", 1), ("n", 1), ("d", 1),
    ]
    /// The same, moved by one column: every half meets another half.
    private static let shifted: [(String, Int)] = [("a", 1)] + wide
}
