import Screen

/// A few rows over the end of the chat: what a command can become, or what the next key does.
struct PopupList: Widget {
    var title: String
    var rows: [String]
    var marked: Int?
    /// Rows that it takes at most, where a mark moves over more.
    var maximumRows = 10
    var theme: Theme
    var glyphs: Glyphs

    /// Texts one below the other in as many columns as there is room for.
    ///
    /// Where they would take more than `rows`, there are more columns, and texts are cut.
    static func inColumns(_ texts: [String], width: Int, rows: Int, _ glyphs: Glyphs) -> [String] {
        let whole = (texts.map { TextWidth.of($0) }.max() ?? 0) + 3
        let least = (texts.count + max(1, rows) - 1) / max(1, rows)
        let count = max(1, width / whole, least)
        let columns = min(whole, width / count)
        let height = (texts.count + count - 1) / count
        return (0..<height).map { row in
            stride(from: row, to: texts.count, by: height)
                .map { glyphs.truncated(texts[$0], to: columns - 1).padding(to: columns) }.joined()
        }
    }

    /// Draws at the bottom of `rect`.
    func draw(into frame: inout CellBuffer, in rect: Rect) {
        let count = min(rows.count, maximumRows, rect.rows - 1)
        guard count > 0 else { return }
        var list = MarkedList(count: rows.count, marked: marked ?? 0)
        let shown = list.visible(rows: count)
        var rest = rect
        var box = rest.takeBottom(count + 1)
        let head = box.takeTop(1)
        frame.fill(head, with: glyphs.horizontalLine, style: theme[.hint])
        let more = rows.count > count ? ", \(count) of \(rows.count)" : ""
        frame.put(
            " \(title)\(more) ", at: Position(column: head.column + 2, row: head.row), in: head, style: theme[.hint])
        for (row, index) in shown.enumerated() {
            let place = Rect(column: box.column, row: box.row + row, columns: box.columns, rows: 1)
            let style = theme[index == marked ? .select : .text]
            frame.fill(place, style: style)
            frame.put(glyphs.truncated(" " + rows[index], to: place.columns), in: place, style: style)
        }
    }
}
