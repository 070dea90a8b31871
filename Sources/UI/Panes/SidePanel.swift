import Screen

/// The meters beside the chat, one below the other.
struct SidePanel: Widget {
    /// The width of the screen from which there is a panel, and its own.
    static let minimumScreenColumns = 110
    static let columns = 40

    var readings: GaugeReadings
    var forms: [MeterName: MeterForm]
    var theme: Theme
    var glyphs: Glyphs

    /// Draws the border in the first column of `rect`.
    func draw(into frame: inout CellBuffer, in rect: Rect) {
        for row in rect.rowRange {
            frame.put(
                glyphs.verticalLine, at: Position(column: rect.column, row: row), in: rect, style: theme[.hint])
        }
        var rest = rect
        for meter in Meters.all {
            let form = Meters.form(of: meter, in: forms)
            guard form != .off else { continue }
            let columns = rect.columns - 3
            let rows = meter.rows(readings, form: form, columns: columns, glyphs: glyphs)
            // A meter that doesn't fit whole is left out, and so are those below it.
            guard !rows.isEmpty, rest.rows > rows.count else { continue }
            drawHeading(meter.title, isFirst: rest.row == rect.row, into: &frame, in: rest.takeTop(1))
            for row in rows { draw(row, into: &frame, in: rest.takeTop(1)) }
        }
    }

    private func drawHeading(_ title: String, isFirst: Bool, into frame: inout CellBuffer, in rect: Rect) {
        frame.fill(rect, with: glyphs.horizontalLine, style: theme[.hint])
        frame.put(isFirst ? glyphs.teeDown : glyphs.teeRight, in: rect, style: theme[.hint])
        let place = Position(column: rect.column + 3, row: rect.row)
        frame.put(" \(title) ", at: place, in: rect, style: theme[.hint])
    }

    private func draw(_ row: MeterRow, into frame: inout CellBuffer, in rect: Rect) {
        var place = Position(column: rect.column + 2, row: rect.row)
        for part in row.parts {
            var style = theme[.text]
            switch part.look {
            case .text: break
            case .dim: style = theme[.dim]
            case .warn: style = theme[.warn]
            case .gauge(let name, let fraction):
                if let color = theme.color(name, at: fraction) { style.foreground = color }
            }
            place.column = frame.put(part.text, at: place, in: rect, style: style)
        }
    }
}

/// The row above the chat where there is a panel beside it.
struct ChatHeading: Widget {
    var theme: Theme
    var glyphs: Glyphs
    /// What it says at its right end: `+12 lines, End follows`.
    var note: String?

    func draw(into frame: inout CellBuffer, in rect: Rect) {
        frame.fill(rect, with: glyphs.horizontalLine, style: theme[.hint])
        frame.put(" chat ", at: Position(column: rect.column + 2, row: rect.row), in: rect, style: theme[.hint])
        guard let note else { return }
        let text = " \(note) "
        let place = Position(column: rect.endColumn - TextWidth.of(text) - 2, row: rect.row)
        frame.put(text, at: place, in: rect, style: theme[.warn])
    }
}
