import Screen

/// Cells that lines are drawn on, in steps finer than a character.
struct PlotCanvas {
    private struct Cell {
        /// Braille dots, or the upper (1) and the lower half (2) of a block.
        var bits: UInt32 = 0
        /// A character that stands for all of the cell.
        var text: String?
        var series: Int?
        /// Whether more than one line goes through it.
        var isShared = false
    }

    private let columns: Int
    private let style: Glyphs.Graph
    private var cells: [[Cell]]

    private static let dots: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

    /// - Parameter tail: columns behind the lines for what they are called
    init(columns: Int, rows: Int, tail: Int, style: Glyphs.Graph) {
        self.columns = columns
        self.style = style
        cells = Array(repeating: Array(repeating: Cell(), count: columns + tail), count: rows)
    }

    /// Steps of a character.
    private var steps: (columns: Int, rows: Int) {
        switch style {
        case .braille: (2, 4)
        case .block: (1, 2)
        case .ascii: (1, 1)
        }
    }

    var stepColumns: Int { columns * steps.columns }
    var stepRows: Int { cells.count * steps.rows }

    /// Draws a piece of a line from top to bottom.
    mutating func set(column: Int, rows: ClosedRange<Int>, series: Int) {
        let steps = steps
        for row in rows {
            let (x, y) = (column / steps.columns, row / steps.rows)
            if let other = cells[y][x].series, other != series { cells[y][x].isShared = true }
            cells[y][x].series = series
            switch style {
            case .braille: cells[y][x].bits |= Self.dots[column % 2][row % 4]
            case .block: cells[y][x].bits |= row % 2 == 0 ? 1 : 2
            case .ascii: cells[y][x].bits = 1
            }
        }
    }

    /// Writes what a line is called behind its end, in the next column that is free.
    mutating func letter(_ letter: String, after end: (column: Int, row: Int), series: Int) {
        let steps = steps
        let row = end.row / steps.rows
        var column = min(columns, end.column / steps.columns + 1)
        while column < cells[row].count - 1, cells[row][column].text != nil { column += 1 }
        cells[row][column] = Cell(text: letter, series: series)
    }

    /// Puts a mark on a line.
    mutating func mark(_ text: String, column: Int, row: Int, series: Int) {
        cells[row / steps.rows][column / steps.columns] = Cell(text: text, series: series)
    }

    /// The rows from the top, in runs of one series.
    var rows: [[CharacterPlot.Run]] {
        cells.map { row in
            var runs: [CharacterPlot.Run] = []
            for cell in row {
                let text = text(of: cell)
                let series = text == " " ? runs.last?.series : cell.series
                if let last = runs.indices.last, runs[last].series == series {
                    runs[last].text += text
                } else {
                    runs.append(CharacterPlot.Run(text: text, series: series))
                }
            }
            return runs
        }
    }

    private func text(of cell: Cell) -> String {
        if let text = cell.text { return text }
        guard cell.bits != 0 else { return " " }
        switch style {
        case .braille: return Unicode.Scalar(0x2800 + cell.bits).map { String(Character($0)) } ?? " "
        case .block: return [" ", "▀", "▄", "█"][Int(cell.bits & 3)]
        case .ascii: return cell.isShared ? "*" : cell.series == 0 ? "a" : "b"
        }
    }
}
