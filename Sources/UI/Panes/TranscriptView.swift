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
        /// Whether cells before these are scrolled away.
        var isScrolled = false
        /// Cells that are looked for.
        var matches: [Range<Int>] = []
        /// The match where the reader is.
        var currentMatch: Range<Int>?
        /// Cells that are marked to be copied.
        var selected: Range<Int>?
        /// Whether the answer goes on behind this line.
        var isOpen: Bool
    }

    /// The rows from the top; nil is a blank row.
    var rows: [Row?]
    private var showsTimes: Bool
    private var showsRates: Bool
    var theme: Theme
    var glyphs: Glyphs

    /// Takes the rows that a pane of `count` rows shows.
    init(_ transcript: inout Transcript, rows count: Int, theme: Theme, glyphs: Glyphs) {
        self.theme = theme
        self.glyphs = glyphs
        showsTimes = transcript.showsTimes
        showsRates = transcript.showsRates
        rows = []
        var found: (entry: Int, matches: [Range<Int>])?
        for place in transcript.visibleRows(count) {
            let entry = transcript.entries[place.entry]
            let before = transcript.rowsBeforeText(of: place.entry)
            if place.row < before {
                let isHeader = entry.hasHeader && place.row == before - 1
                rows.append(isHeader ? Row(entry: entry, isHeader: true, cells: [], isOpen: false) : nil)
                continue
            }
            let line = TextPlace(entry: place.entry, line: place.row - before)
            if let find = transcript.find, found?.entry != place.entry {
                found = (place.entry, transcript.matches(of: find, in: place.entry))
            }
            rows.append(Self.row(of: line, in: &transcript, matches: found?.matches ?? []))
        }
    }

    /// A row of text with what is found and marked in it.
    private static func row(of place: TextPlace, in transcript: inout Transcript, matches: [Range<Int>]) -> Row {
        let entry = transcript.entries[place.entry]
        let layout = transcript.layout(of: place.entry)
        let line = layout.lines[place.line]
        let point = transcript.find?.place
        let shown = matches.filter { $0.overlaps(line) }
        let current = shown.first { point == TextPoint(entry: place.entry, cell: $0.lowerBound) }
        let (cells, indent) = transcript.scrolled(line, of: place, in: layout)
        let selected = transcript.selectedCells(of: place).flatMap { selected in
            selected.isEmpty || selected.overlaps(cells) ? selected.clamped(to: cells) : nil
        }
        return Row(
            entry: entry, isHeader: false, cells: layout.cells[cells], indent: indent,
            isScrolled: cells.lowerBound > line.lowerBound,
            matches: shown.filter { $0.overlaps(cells) }.map { $0.clamped(to: cells) },
            currentMatch: current.flatMap { $0.overlaps(cells) ? $0.clamped(to: cells) : nil },
            selected: selected,
            isOpen: place.line == transcript.textRows(of: place.entry) - 1 && entry.isOpen)
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
        let end = frame.put(row.cells, at: start, in: rect, style: style) { theme.style(of: $0, on: style) }
        for match in row.matches { draw(match, of: row, at: start, theme[.match], into: &frame, in: rect) }
        if let match = row.currentMatch { draw(match, of: row, at: start, theme[.select], into: &frame, in: rect) }
        if let selected = row.selected { draw(selected, of: row, at: start, theme[.select], into: &frame, in: rect) }
        if row.isScrolled {
            let first = Position(column: rect.column + Self.indent, row: rect.row)
            frame.put(glyphs.ellipsis, at: first, in: rect, style: theme[.dim])
        }
        // A line of code that isn't broken may be longer than the row.
        if row.cells.reduce(start.column, { $0 + $1.width }) > rect.endColumn {
            let last = Position(column: rect.endColumn - 1, row: rect.row)
            frame.put(glyphs.ellipsis, at: last, in: rect, style: theme[.dim])
        }
        guard row.isOpen else { return }
        frame.put(glyphs.streamCursor, at: Position(column: end, row: rect.row), in: rect, style: theme[.modelLabel])
    }

    /// Draws some cells of a row again in one style; a line break that stands for its whole row shows as a blank.
    private func draw(
        _ cells: Range<Int>, of row: Row, at start: Position, _ style: Style, into frame: inout CellBuffer,
        in rect: Rect
    ) {
        let before = row.cells[row.cells.startIndex..<cells.lowerBound].reduce(0) { $0 + $1.width }
        let place = Position(column: start.column + before, row: start.row)
        let end = frame.put(row.cells[cells], at: place, in: rect, style: style)
        if end == place.column { frame.put(" ", at: place, in: rect, style: style) }
    }

    private func drawHeader(_ entry: TranscriptEntry, into frame: inout CellBuffer, in rect: Rect) {
        var name = "you"
        var style = theme[.youLabel]
        if case .model(let model, _) = entry.kind {
            name = model
            style = theme[.modelLabel]
        }
        let separator = " \(glyphs.separator) "
        var (parts, progress) = entry.details(showsTime: showsTimes, showsRate: showsRates)
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
        case .choice: self[.warn]
        }
    }
}
