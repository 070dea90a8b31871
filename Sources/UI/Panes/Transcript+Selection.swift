import Screen

/// What is marked in the chat to be copied.
struct TranscriptSelection: Sendable, Equatable {
    enum Unit: Sendable, Equatable {
        case characters
        /// Whole rows of the screen.
        case rows
    }

    var cursor: TextPoint
    /// Where the marking began; nil while only the cursor moves.
    var mark: TextPoint?
    var unit = Unit.characters
    /// The column that steps up and down come back to.
    var column: Int?

    var range: ClosedRange<TextPoint>? {
        mark.map { min($0, cursor)...max($0, cursor) }
    }
}

/// A character of an entry's text.
struct TextPoint: Sendable, Equatable, Comparable {
    var entry: Int
    /// Counts the cells of the entry's text, so that it stays the same character at every width.
    var cell: Int

    static func < (a: TextPoint, b: TextPoint) -> Bool {
        (a.entry, a.cell) < (b.entry, b.cell)
    }
}

/// A row of an entry's text.
struct TextPlace: Sendable, Equatable, Comparable {
    var entry: Int
    /// Counts the rows of the entry's text, without its header.
    var line: Int

    static func < (a: TextPlace, b: TextPlace) -> Bool {
        (a.entry, a.line) < (b.entry, b.line)
    }
}

extension Transcript {
    // MARK: - Marking

    /// Puts the cursor on the last row of text in sight.
    mutating func beginSelection(rows: Int) {
        let visible = visibleRows(rows).compactMap { textPlace(of: $0) }
        selection = visible.last.map { TranscriptSelection(cursor: point(at: $0, column: 0)) }
    }

    /// Begins to mark at the cursor, by characters or by rows; what is marked so already is marked no more.
    mutating func markSelection(_ unit: TranscriptSelection.Unit) {
        guard let current = selection else { return }
        let ends = current.mark != nil && current.unit == unit
        selection?.mark = ends ? nil : current.mark ?? current.cursor
        selection?.unit = unit
    }

    /// Lets the cursor go on from the other end of what is marked.
    mutating func swapSelection(rows: Int) {
        guard let current = selection, let mark = current.mark else { return }
        selection?.mark = current.cursor
        moveCursor(to: mark, rows: rows)
    }

    /// The cells of a row that are marked; nil if none are.
    mutating func selectedCells(of place: TextPlace) -> Range<Int>? {
        guard let selection, let range = selection.range else { return nil }
        let row = layout(of: place.entry).lines[place.line]
        let first = TextPoint(entry: place.entry, cell: row.lowerBound)
        let last = TextPoint(entry: place.entry, cell: max(row.lowerBound, row.upperBound - 1))
        guard range.lowerBound <= last, range.upperBound >= first else { return nil }
        if selection.unit == .rows { return row }
        let begin = range.lowerBound.entry < place.entry ? row.lowerBound : range.lowerBound.cell
        let end = range.upperBound.entry > place.entry ? row.upperBound : range.upperBound.cell + 1
        return max(begin, row.lowerBound)..<max(max(begin, row.lowerBound), min(end, row.upperBound))
    }

    /// What is marked, or else the cursor's row; rows of one line are joined again.
    var selectedText: String {
        guard let current = selection, entries.indices.contains(current.cursor.entry) else { return "" }
        var copy = self
        if current.mark == nil { copy.markSelection(.rows) }
        guard let range = copy.selection?.range else { return "" }
        let marked = range.lowerBound.entry...range.upperBound.entry
        let parts = entries.indices.filter(marked.contains).map { entry in
            let layout = copy.layout(of: entry)
            return layout.lines.indices.compactMap { line -> String? in
                guard let cells = copy.selectedCells(of: TextPlace(entry: entry, line: line)) else { return nil }
                let begins = layout.isLineStart(line) && cells.lowerBound == layout.lines[line].lowerBound
                let indent = String(repeating: " ", count: begins ? layout.indents[line] : 0)
                return indent + layout.cells[cells].map(\.text).joined()
            }.joined()
        }
        return parts.map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }.joined(separator: "\n\n")
    }

    // MARK: - Moving

    /// Puts the cursor on a character, and scrolls with it.
    mutating func moveCursor(to point: TextPoint, rows: Int, keepingColumn: Bool = false) {
        selection?.cursor = point
        if !keepingColumn { selection?.column = nil }
        let place = place(of: point)
        show(entry: place.entry, line: place.line, rows: rows)
    }

    /// Moves the cursor over rows of text.
    mutating func moveSelection(by distance: Int, rows: Int) {
        guard let current = selection else { return }
        var place = place(of: current.cursor)
        let column = current.column ?? columns(before: current.cursor, in: place)
        place.line += distance
        while place.line < 0 && place.entry > 0 {
            place.entry -= 1
            place.line += textRows(of: place.entry)
        }
        while place.entry < entries.count - 1 && place.line >= textRows(of: place.entry) {
            place.line -= textRows(of: place.entry)
            place.entry += 1
        }
        place.line = max(0, min(place.line, textRows(of: place.entry) - 1))
        selection?.column = column
        moveCursor(to: point(at: place, column: column), rows: rows, keepingColumn: true)
    }

    /// Moves the cursor as `motion` says.
    mutating func moveSelection(_ motion: TextMotion, rows: Int) {
        guard let cursor = selection?.cursor, entries.indices.contains(cursor.entry) else { return }
        moveCursor(to: target(of: motion, from: cursor), rows: rows)
    }

    // MARK: - Places

    /// Where the cursor is on the screen: the row of the pane, and the column of the text.
    mutating func cursorPosition(rows: Int) -> Position? {
        guard let cursor = selection?.cursor, entries.indices.contains(cursor.entry) else { return nil }
        let place = place(of: cursor)
        let anchor = Anchor(entry: place.entry, row: rowsBeforeText(of: place.entry) + place.line)
        guard let row = visibleRows(rows).firstIndex(of: anchor) else { return nil }
        return Position(column: columns(before: cursor, in: place), row: row)
    }

    /// The row in which a character is.
    mutating func place(of point: TextPoint) -> TextPlace {
        let entry = max(0, min(point.entry, entries.count - 1))
        let line = layout(of: entry).line(showing: point.cell)
        return TextPlace(entry: entry, line: max(0, min(line, textRows(of: entry) - 1)))
    }

    /// The character of a row in a column, or the last one before it.
    mutating func point(at place: TextPlace, column: Int) -> TextPoint {
        let layout = layout(of: place.entry)
        guard layout.lines.indices.contains(place.line) else { return TextPoint(entry: place.entry, cell: 0) }
        let row = layout.lines[place.line]
        var used = layout.indents[place.line]
        for cell in row where layout.cells[cell].text != "\n" {
            used += layout.cells[cell].width
            if used > column { return TextPoint(entry: place.entry, cell: cell) }
        }
        return TextPoint(entry: place.entry, cell: lastCell(of: row, in: layout))
    }

    /// The last character of a row that isn't its line break.
    func lastCell(of row: Range<Int>, in layout: WrappedText) -> Int {
        let last = max(row.lowerBound, row.upperBound - 1)
        return last > row.lowerBound && layout.cells[last].text == "\n" ? last - 1 : last
    }

    private mutating func columns(before point: TextPoint, in place: TextPlace) -> Int {
        let layout = layout(of: place.entry)
        guard layout.lines.indices.contains(place.line) else { return 0 }
        let row = layout.lines[place.line]
        let cells = layout.cells[row.lowerBound..<max(row.lowerBound, min(point.cell, row.upperBound))]
        return cells.reduce(layout.indents[place.line]) { $0 + $1.width }
    }

    mutating func textRows(of entry: Int) -> Int {
        rows(of: entry) - rowsBeforeText(of: entry)
    }

    private func textPlace(of row: Anchor) -> TextPlace? {
        let line = row.row - rowsBeforeText(of: row.entry)
        return line >= 0 ? TextPlace(entry: row.entry, line: line) : nil
    }
}
