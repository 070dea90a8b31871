import Screen

/// The rows where messages are written.
struct ComposerView: Widget {
    var composer: Composer
    var theme: Theme

    func draw(into frame: inout CellBuffer, in rect: Rect) {
        let layout = composer.layout
        let start = rect.column + ScreenLayout.promptColumns
        for row in 0..<rect.rows {
            let line = composer.topRow + row
            guard line < layout.lines.count else { break }
            if line == 0 { frame.put(">", row: row, in: rect, style: theme[.prompt]) }
            let place = Position(column: start, row: rect.row + row)
            frame.put(
                layout.cells[layout.lines[line]], at: place, in: rect, style: theme[.text], faces: { _ in theme[.dim] })
        }
        let cursor = layout.place(of: composer.buffer.cursor)
        let row = rect.row + cursor.row - composer.topRow
        guard rect.rowRange.contains(row) else { return }
        // Blanks that hang past the edge leave the cursor in the column kept free for it.
        frame.cursor = Position(column: min(start + min(cursor.column, composer.width), rect.endColumn - 1), row: row)
    }
}
