import Chat
import Screen

/// Where the panes of a comparison and its figures stand.
struct PairLayout {
    /// A pane with its heading.
    struct Place {
        var heading: Rect
        var text: Rect
    }

    /// From so many columns on, panes stand side by side.
    static let minimumColumns = 140
    /// From so many rows on, narrower screens show one above the other; else one of them.
    static let minimumStackedRows = 26
    /// Rows of text that panes keep, whatever the figures need.
    private static let minimumTextRows = 9
    private static let plotRows = 7...11

    /// The panes that are shown.
    var panes: [ChatPair.Side: Place] = [:]
    /// The line between panes side by side; else empty.
    var divider: Rect
    /// The figures in one row; empty where there is a table.
    var line: Rect
    /// The figures as a table, with its heading; else empty.
    var table: Rect
    /// What differs token by token; empty in free mode, and where there is no table.
    var strip: Rect
    /// Plots beside each other, with their headings; else empty.
    var plots: Rect

    /// - Parameters:
    ///   - rest: the rows between the title and the notices
    ///   - focus: the side in focus
    init(_ rest: Rect, _ pair: PairModel, focus: ChatPair.Side, columns: Int) {
        var rest = rest
        let empty = Rect(column: 0, row: rest.row, columns: 0, rows: 0)
        (divider, line, table, strip, plots) = (empty, empty, empty, empty, empty)
        let isWide = columns >= Self.minimumColumns
        let isStacked = !isWide && !pair.isZoomed && rest.rows >= Self.minimumStackedRows
        let count = isStacked ? 2 : 1
        var spare = rest.rows - count * (Self.minimumTextRows + 1)
        func takes(_ rows: Int) -> Bool {
            guard spare >= rows else { return false }
            spare -= rows
            return true
        }
        if pair.isZoomed || !takes(PairTable.rows) {
            line = rest.takeBottom(1)
        } else {
            var below = empty
            let hasStrip = pair.mode == .lockstep && takes(1)
            if isWide || isStacked, takes(Self.plotRows.lowerBound + 1) {
                let more = min(spare / 3, Self.plotRows.upperBound - Self.plotRows.lowerBound)
                below = rest.takeBottom(Self.plotRows.lowerBound + 1 + max(0, more))
            }
            plots = below
            if hasStrip { strip = rest.takeBottom(1) }
            table = rest.takeBottom(PairTable.rows)
        }
        if pair.isZoomed || !(isWide || isStacked) {
            panes[focus] = Self.place(&rest)
        } else if isWide {
            var left = rest
            left.columns = (rest.columns - 1) / 2
            divider = Rect(column: left.endColumn, row: rest.row, columns: 1, rows: rest.rows)
            var right = rest
            right.column = divider.endColumn
            right.columns = rest.endColumn - divider.endColumn
            (panes[.a], panes[.b]) = (Self.place(&left), Self.place(&right))
        } else {
            var top = rest.takeTop((rest.rows + 1) / 2)
            (panes[.a], panes[.b]) = (Self.place(&top), Self.place(&rest))
        }
    }

    private static func place(_ rect: inout Rect) -> Place {
        let heading = rect.takeTop(1)
        return Place(heading: heading, text: rect)
    }

    /// Columns of a pane's text.
    static func textColumns(_ size: Size, isZoomed: Bool) -> Int {
        size.columns >= minimumColumns && !isZoomed ? (size.columns - 1) / 2 : size.columns
    }
}
