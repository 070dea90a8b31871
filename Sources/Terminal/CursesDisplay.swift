internal import CNCurses
package import Screen

/// Shows frames on the terminal through ncurses.
///
/// Only cells that differ from the last frame are handed to ncurses, which sends only what differs on the screen. Made
/// by a `TerminalSession`; after its end nothing is shown.
package final class CursesDisplay: @MainActor Display {
    private let palette: Palette
    /// What the terminal shows; nil when that is unknown.
    private var shown: CellBuffer?

    init(palette: Palette) {
        self.palette = palette
    }

    package var size: Size {
        var columns: Int32 = 0
        var rows: Int32 = 0
        cn_size(&columns, &rows)
        return Size(columns: Int(columns), rows: Int(rows))
    }

    package func present(_ frame: CellBuffer) {
        let screen = size
        let known = shown.flatMap { $0.size == frame.size ? $0 : nil }
        // A frame drawn before a resize may be larger or smaller than the screen.
        let columns = min(frame.size.columns, screen.columns)
        for row in 0..<min(frame.size.rows, screen.rows) {
            for column in 0..<columns where known == nil || known?[column, row] != frame[column, row] {
                draw(frame, column, row, lastColumn: columns - 1)
            }
        }
        if let cursor = frame.cursor, (0..<screen.columns) ~= cursor.column, (0..<screen.rows) ~= cursor.row {
            cn_cursor(true, Int32(cursor.column), Int32(cursor.row))
        } else {
            cn_cursor(false, 0, 0)
        }
        cn_refresh()
        shown = frame
    }

    /// Makes the next frame be drawn whole, as after a resize.
    package func invalidate() {
        shown = nil
        cn_redraw()
    }

    private func draw(_ frame: CellBuffer, _ column: Int, _ row: Int, lastColumn: Int) {
        let cell = frame[column, row]
        guard let first = cell.text.unicodeScalars.first else {
            // The second half of a wide character is drawn with the first; alone it is a blank.
            let isSecondHalf = column > 0 && isWide(frame, column - 1, row, lastColumn: lastColumn)
            if !isSecondHalf { put(" ", cell.style, column, row) }
            return
        }
        let width = cn_width(first.value)
        if isWide(frame, column, row, lastColumn: lastColumn) {
            put(cell.text, cell.style, column, row)
            // What ncurses takes for narrow leaves the second column to us.
            if width != 2 { put(" ", cell.style, column + 1, row) }
        } else {
            // Where there is one column only, a wide character would cover its neighbour.
            put(width == 2 ? "\u{FFFD}" : cell.text, cell.style, column, row)
        }
    }

    /// Whether the cell and the next one hold one character.
    private func isWide(_ frame: CellBuffer, _ column: Int, _ row: Int, lastColumn: Int) -> Bool {
        column < lastColumn && !frame[column, row].text.isEmpty && frame[column + 1, row].text.isEmpty
    }

    private func put(_ text: String, _ style: Style, _ column: Int, _ row: Int) {
        let scalars = text.unicodeScalars.map(\.value)
        cn_put(
            Int32(column), Int32(row), scalars, scalars.count, attributes(style.attributes),
            palette.number(of: style.foreground), palette.number(of: style.background))
    }

    private func attributes(_ attributes: Style.Attributes) -> UInt32 {
        let pairs: [(Style.Attributes, cn_attribute)] = [
            (.bold, CN_BOLD), (.dim, CN_DIM), (.italic, CN_ITALIC), (.underline, CN_UNDERLINE), (.reverse, CN_REVERSE),
        ]
        return pairs.reduce(0) { attributes.contains($1.0) ? $0 | $1.1.rawValue : $0 }
    }
}
