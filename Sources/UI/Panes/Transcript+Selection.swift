import Screen

/// Rows of the chat that are marked to be copied.
struct TranscriptSelection: Sendable, Equatable {
    /// Where the marking began; nil while only the cursor moves.
    var mark: TextPlace?
    var cursor: TextPlace

    var range: ClosedRange<TextPlace> {
        let mark = mark ?? cursor
        return min(mark, cursor)...max(mark, cursor)
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
    /// Puts the cursor on the last row of text in sight.
    mutating func beginSelection(rows: Int) {
        let visible = visibleRows(rows).compactMap { textPlace(of: $0) }
        selection = visible.last.map { TranscriptSelection(mark: nil, cursor: $0) }
    }

    /// Begins to mark at the cursor, or marks nothing any more.
    mutating func markSelection() {
        guard let current = selection else { return }
        selection?.mark = current.mark == nil ? current.cursor : nil
    }

    /// Moves the cursor over rows of text, and scrolls with it.
    mutating func moveSelection(by distance: Int, rows: Int) {
        guard var place = selection?.cursor else { return }
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
        selection?.cursor = place
        show(entry: place.entry, line: place.line, rows: rows)
    }

    /// What the marked rows say; rows of one line are joined again.
    var selectedText: String {
        guard let range = selection?.range else { return "" }
        var copy = self
        let parts = (range.lowerBound.entry...range.upperBound.entry).map { entry in
            let layout = copy.layout(of: entry)
            let lines = layout.lines.indices.filter { range.contains(TextPlace(entry: entry, line: $0)) }
            return lines.map { line in
                let text = layout.text(ofLine: line)
                let indent = String(repeating: " ", count: layout.isLineStart(line) ? layout.indents[line] : 0)
                return indent + text
            }.joined()
        }
        return parts.map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }.joined(separator: "\n\n")
    }

    private mutating func textRows(of entry: Int) -> Int {
        rows(of: entry) - rowsBeforeText(of: entry)
    }

    private func textPlace(of row: Anchor) -> TextPlace? {
        let line = row.row - rowsBeforeText(of: row.entry)
        return line >= 0 ? TextPlace(entry: row.entry, line: line) : nil
    }
}
