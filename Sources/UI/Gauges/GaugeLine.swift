public import Screen

/// The gauges in one row, with a note at its right end.
///
/// Where the row is too narrow, graphs and long forms go first, then gauges by their drop order.
public struct GaugeLine: Widget {
    var readings: GaugeReadings
    var theme: Theme
    var glyphs: Glyphs
    /// `+12 lines, End follows`; left out where the gauges that stay need its room.
    var note: String?

    public init(readings: GaugeReadings, theme: Theme, glyphs: Glyphs, note: String? = nil) {
        self.readings = readings
        self.theme = theme
        self.glyphs = glyphs
        self.note = note
    }

    private struct Part {
        var gauge: any Gauge
        var text: String
        var graph: [Double]

        var columns: Int {
            TextWidth.of(text) + (graph.isEmpty ? 0 : graph.count + 1)
        }
    }

    public func draw(into frame: inout CellBuffer, in rect: Rect) {
        var room = rect.columns
        if let note {
            let columns = TextWidth.of(note) + 3
            if columns + columnsNeeded(essential) < room {
                room -= columns
                let place = Position(column: rect.column + room + 2, row: rect.row)
                frame.put(note, at: place, in: rect, style: theme[.warn])
            }
        }
        let parts = fitting(room)
        // The blank at the left goes first.
        let indent = columnsNeeded(parts) < room ? 1 : 0
        var place = Position(column: rect.column + indent, row: rect.row)
        let clip = Rect(column: rect.column, row: rect.row, columns: room, rows: 1)
        for (index, part) in parts.enumerated() {
            if index > 0 { place.column += 2 }
            place.column = frame.put(part.text, at: place, in: clip, style: style(of: part))
            guard !part.graph.isEmpty else { continue }
            place.column += 1
            for value in part.graph {
                var style = theme[.text]
                if let name = part.gauge.gradient, let color = theme.color(name, at: value) { style.foreground = color }
                place.column = frame.put(glyphs.level(value), at: place, in: clip, style: style)
            }
        }
    }

    private func style(of part: Part) -> Style {
        if part.gauge.warns(readings) { return theme[.warn] }
        var style = theme[.text]
        // A gauge with a graph shows its colours there.
        if part.gauge.graph(readings).isEmpty, let name = part.gauge.gradient, let color = theme.color(name, at: 1) {
            style.foreground = color
        }
        return style
    }

    private var essential: [Part] {
        parts(long: false, graphs: false).filter { $0.gauge.dropOrder == nil }
    }

    private func parts(long: Bool, graphs: Bool) -> [Part] {
        Gauges.all.compactMap { gauge in
            guard let text = long ? gauge.longText(readings) : gauge.text(readings) else { return nil }
            return Part(gauge: gauge, text: text, graph: graphs ? gauge.graph(readings) : [])
        }
    }

    private func columnsNeeded(_ parts: [Part]) -> Int {
        parts.reduce(0) { $0 + $1.columns } + 2 * max(0, parts.count - 1)
    }

    private func fitting(_ room: Int) -> [Part] {
        for (long, graphs) in [(true, true), (false, true)] {
            var all = parts(long: long, graphs: graphs)
            while columnsNeeded(all) >= room, let next = all.compactMap(\.gauge.dropOrder).min(), next < 0 {
                all.removeAll { $0.gauge.dropOrder == next }
            }
            if columnsNeeded(all) < room { return all }
        }
        var parts = parts(long: false, graphs: false)
        while columnsNeeded(parts) >= room, let next = parts.compactMap(\.gauge.dropOrder).min() {
            parts.removeAll { $0.gauge.dropOrder == next }
        }
        return parts
    }
}
