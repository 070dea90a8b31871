import Screen

/// The visible rows of the chat pane.
///
/// It has no borders, so that what the terminal selects is clean text.
struct TranscriptView: Widget {
    static let indent = 2

    /// One row to draw: a header, or a line of text.
    struct Row {
        var entry: TranscriptEntry
        var isHeader: Bool
        var cells: ArraySlice<TextCell>
        /// Columns before the cells.
        var indent = 0
        /// Cells that are looked for.
        var matches: [Range<Int>] = []
        var isSelected = false
        /// Whether the answer goes on behind this line.
        var isOpen: Bool
    }

    /// The rows from the top; nil is a blank row.
    var rows: [Row?]
    var theme: Theme
    var glyphs: Glyphs

    /// Takes the rows that a pane of `count` rows shows.
    init(_ transcript: inout Transcript, rows count: Int, theme: Theme, glyphs: Glyphs) {
        self.theme = theme
        self.glyphs = glyphs
        rows = []
        for place in transcript.visibleRows(count) {
            let entry = transcript.entries[place.entry]
            let before = transcript.rowsBeforeText(of: place.entry)
            guard place.row < before else {
                let layout = transcript.layout(of: place.entry)
                let line = layout.lines[place.row - before]
                let isLast = place.row == transcript.rows(of: place.entry) - 1
                rows.append(
                    Row(
                        entry: entry, isHeader: false, cells: layout.cells[line],
                        indent: layout.indents[place.row - before],
                        matches: transcript.find?.matches(in: layout.cells[line]) ?? [],
                        isSelected: transcript.selection?.range.contains(
                            TextPlace(entry: place.entry, line: place.row - before)) ?? false,
                        isOpen: isLast && entry.isOpen))
                continue
            }
            let isHeader = entry.hasHeader && place.row == before - 1
            rows.append(isHeader ? Row(entry: entry, isHeader: true, cells: [], isOpen: false) : nil)
        }
    }

    func draw(into frame: inout CellBuffer, in rect: Rect) {
        for (index, row) in rows.enumerated() {
            guard let row else { continue }
            let line = Rect(column: rect.column, row: rect.row + index, columns: rect.columns, rows: 1)
            if row.isHeader {
                drawHeader(row.entry, into: &frame, in: line)
            } else {
                drawText(row, into: &frame, in: line)
            }
        }
    }

    private func drawText(_ row: Row, into frame: inout CellBuffer, in rect: Rect) {
        let style =
            switch row.entry.kind {
            case .user, .model: theme[.text]
            case .welcome, .note: theme[.dim]
            case .failure: theme[.error]
            }
        let start = Position(column: rect.column + Self.indent + row.indent, row: rect.row)
        if row.isSelected { frame.fill(rect, style: theme[.select]) }
        let end = frame.put(row.cells, at: start, in: rect, style: row.isSelected ? theme[.select] : style) {
            row.isSelected ? theme[.select] : theme.style(of: $0, on: style)
        }
        for match in row.matches {
            let before = row.cells[row.cells.startIndex..<match.lowerBound].reduce(0) { $0 + $1.width }
            let place = Position(column: start.column + before, row: start.row)
            frame.put(row.cells[match], at: place, in: rect, style: theme[.match])
        }
        guard row.isOpen else { return }
        frame.put(glyphs.streamCursor, at: Position(column: end, row: rect.row), in: rect, style: theme[.modelLabel])
    }

    private func drawHeader(_ entry: TranscriptEntry, into frame: inout CellBuffer, in rect: Rect) {
        var name = "you"
        var style = theme[.youLabel]
        if case .model(let model, _) = entry.kind {
            name = model
            style = theme[.modelLabel]
        }
        let separator = " \(glyphs.separator) "
        var (parts, progress) = entry.details
        func text() -> String {
            (parts + [progress].compactMap { $0 }).map { separator + $0 }.joined()
        }
        while !parts.isEmpty && TextWidth.of(name + text()) > rect.columns { parts.removeLast() }
        let place = Position(column: rect.column, row: rect.row)
        let end = frame.put(glyphs.truncated(name, to: rect.columns), at: place, in: rect, style: style)
        let rest = glyphs.truncated(text(), to: rect.endColumn - end)
        frame.put(rest, at: Position(column: end, row: rect.row), in: rect, style: theme[.dim])
    }
}

extension TranscriptEntry {
    /// Whether more of the answer is to come.
    var isOpen: Bool {
        guard case .model(_, let answer) = kind else { return false }
        switch answer.progress {
        case .waiting, .reading, .generating: return true
        case .finished, .failed: return false
        }
    }
}

extension Theme {
    /// How a part of a text looks that looks like `base` otherwise.
    func style(of face: TextFace, on base: Style) -> Style {
        func adding(_ attributes: Style.Attributes) -> Style {
            var style = base
            style.attributes.insert(attributes)
            return style
        }
        return switch face {
        case .plain: base
        case .escape, .marker: self[.dim]
        case .strong: adding(.bold)
        case .emphasis, .quote: adding(.italic)
        case .strongEmphasis: adding([.bold, .italic])
        case .heading: self[.heading]
        case .code: self[.code]
        }
    }
}
