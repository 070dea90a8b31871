import Chat
import Screen

/// The parts of the view, each drawn into the room that it gets.
struct MindDrawing {
    let insight: Insight
    let model: AppModel
    /// The token that is marked among those that could come next, while one is being chosen.
    let marked: Int?

    private var theme: Theme { model.theme }
    private var glyphs: Glyphs { model.glyphs }

    // MARK: - What is looked at

    /// Two rows: which token, layer and head; what it comes to.
    func drawHeading(into frame: inout CellBuffer, in rect: Rect) {
        let row = Rect(column: rect.column, row: rect.row, columns: rect.columns, rows: 1)
        let token = " " + glyphs.truncated(insight.tokens[insight.reader].quoted, to: max(4, rect.columns / 3)) + " "
        var end = frame.put(token, at: Position(column: row.column + 1, row: row.row), in: row, style: theme[.select])
        end += 1
        let text = insight.placeText
        frame.put(
            glyphs.truncated(text, to: max(0, row.endColumn - end)), at: Position(column: end, row: row.row), in: row,
            style: theme[.heading])
        frame.put(
            glyphs.truncated(" " + model.mindSummary, to: rect.columns), row: 1, in: rect, style: theme[.text])
    }

    /// The rule above the text, which names the row that is shown below it.
    func drawRule(_ rows: [MindRow], into frame: inout CellBuffer, in rect: Rect) {
        frame.fill(rect, with: glyphs.horizontalLine, style: theme[.hint])
        let name = rows.count == 1 ? rows[0].explanation : rows.isEmpty ? "" : MindRow.legend
        let whole = rows.count == 1 ? "\(name); \(MindRow.legend)" : name
        let room = rect.columns - 5
        let text = TextWidth.of(whole) <= room ? whole : glyphs.truncated(name, to: room)
        guard !text.isEmpty else { return }
        frame.put(
            " \(text) ", at: Position(column: rect.column + 2, row: rect.row), in: rect, style: theme[.text])
    }

    // MARK: - The tokens

    /// The tokens as text, each line with the rows' bars below it.
    func drawBands(_ rows: [MindRow], into frame: inout CellBuffer, in rect: Rect) {
        let isLabelled = rows.count > 1
        let margin = isLabelled ? MindRow.labelColumns + 1 : 1
        let bands = TokenBands(
            insight.tokens, width: max(1, rect.columns - margin - 1), breaksLines: rect.rows >= 28, glyphs: glyphs)
        let height = rows.count + 1
        let count = max(1, rect.rows / height)
        for (band, line) in bands.visible(count, around: insight.reader).enumerated() {
            let top = rect.row + band * height
            for cell in bands.lines[line] { draw(cell, rows, column: rect.column + margin, top, &frame, rect) }
            guard isLabelled else { continue }
            for (index, row) in rows.enumerated() {
                let place = Position(column: rect.column + 1, row: top + index + 1)
                frame.put(row.label, at: place, in: rect, style: theme[.dim])
            }
        }
        guard rows.isEmpty else { return }
        let text = " This layer reads earlier tokens through nothing that is traced: its bars are missing."
        let place = Rect(column: rect.column, row: rect.endRow - 1, columns: rect.columns, rows: 1)
        frame.put(glyphs.truncated(text, to: rect.columns), in: place, style: theme[.dim])
    }

    private func draw(
        _ cell: TokenBands.Cell, _ rows: [MindRow], column: Int, _ top: Int, _ frame: inout CellBuffer, _ rect: Rect
    ) {
        let style: StyleName =
            cell.token == insight.reader
            ? .select : cell.token > insight.reader ? .dim : (rows.first?.level(cell.token) ?? 0) >= 7 ? .prompt : .text
        let place = Position(column: column + cell.column, row: top)
        frame.put(cell.text, at: place, in: rect, style: theme[style])
        guard cell.token <= insight.reader else { return }
        for (index, row) in rows.enumerated() {
            let level = row.level(cell.token)
            guard level > 0 else { continue }
            let bar = String(repeating: glyphs.levels[level - 1], count: cell.width - cell.blanks)
            let place = Position(column: place.column + cell.blanks, row: top + index + 1)
            frame.put(bar, at: place, in: rect, style: gauge(row.gradient, Double(level) / Double(MindRow.steps)))
        }
    }

    private func gauge(_ gradient: GradientName, _ fraction: Double) -> Style {
        var style = theme[.text]
        if let color = theme.color(gradient, at: fraction) { style.foreground = color }
        return style
    }

    /// One row: the tokens that most is read from.
    func drawMost(into frame: inout CellBuffer, in rect: Rect) {
        let sources = insight.sources(8)
        guard !sources.isEmpty else { return }
        var text = " most from"
        for source in sources {
            let part =
                "  \(insight.tokens[source.token].quoted) \(PercentText.of(source.share))"
                + (source.token == insight.reader ? " (itself)" : "")
            guard TextWidth.of(text) + TextWidth.of(part) < rect.columns else { break }
            text += part
        }
        frame.put(text, in: rect, style: theme[.text])
    }

    /// A list of them, with how far back they are.
    func drawSources(into frame: inout CellBuffer, in rect: Rect) {
        var rest = rect
        frame.put("most is read from", in: rest.takeTop(1), style: theme[.heading])
        let sources = insight.sources(rest.rows)
        let most = sources.first?.share ?? 1
        for (row, source) in sources.enumerated() {
            let back = insight.reader - source.token
            let name = glyphs.truncated(insight.tokens[source.token].quoted, to: 16).padding(to: 17)
            let distance = back == 0 ? "itself" : "\(back) back"
            let text = "\(name)\(PercentText.of(source.share).leading(to: 7))  \(distance.padding(to: 9))"
            put(text, bar: source.share / most, .rate, row: row, isMarked: false, into: &frame, in: rest)
        }
    }

    // MARK: - The layers

    /// What each layer does with the token; the chosen one is marked, and as many are shown around it as there is room.
    func drawLayers(into frame: inout CellBuffer, in rect: Rect) {
        var rest = rect
        let table = LayerTable(insight, model.glyphs)
        frame.put(
            glyphs.truncated(table.heading, to: rest.columns - 1), in: rest.takeTop(1), style: theme[.heading])
        var list = MarkedList(count: insight.layers.count, marked: insight.layer)
        let first = max(0, insight.layer - rest.rows / 2)
        let range = min(first, max(0, list.count - rest.rows))
        _ = list.visible(rows: rest.rows)
        for row in 0..<min(rest.rows, list.count) {
            let index = range + row
            guard insight.layers.indices.contains(index) else { break }
            let text = table.text(index)
            let lens = Double(insight.layers[index].lens?.probability ?? 0)
            put(text, bar: lens, .rate, row: row, isMarked: index == insight.layer, into: &frame, in: rest)
        }
    }

    // MARK: - What comes next

    /// What could come next, and what did.
    func drawNext(into frame: inout CellBuffer, in rect: Rect) {
        var rest = rect
        let isOpen = insight.stepsBack != nil && model.pair == nil
        let title = marked != nil ? "go on from" : isOpen ? "next (Enter: another)" : "next"
        frame.put(glyphs.truncated(title, to: rect.columns), in: rest.takeTop(1), style: theme[.heading])
        for (row, choice) in insight.next.prefix(rest.rows).enumerated() {
            let mark = choice.id == insight.followed?.id ? "*" : " "
            let name = glyphs.truncated(TopChoicesGauge.quoted(choice.text), to: 12).padding(to: 13)
            let text = "\(mark)\(name)\(DecimalText.fixed(Double(choice.probability), places: 2)) "
            put(
                text, bar: Double(choice.probability), .rate, row: row, isMarked: row == marked, into: &frame,
                in: rest)
        }
    }

    /// A row of a list with a bar in what room is left.
    private func put(
        _ text: String, bar fraction: Double, _ gradient: GradientName, row: Int, isMarked: Bool,
        into frame: inout CellBuffer, in rect: Rect
    ) {
        let line = Rect(column: rect.column, row: rect.row + row, columns: rect.columns - 1, rows: 1)
        if isMarked { frame.fill(line, style: theme[.select]) }
        let style = theme[isMarked ? .select : .text]
        let end = frame.put(glyphs.truncated(text, to: line.columns), in: line, style: style)
        let room = line.endColumn - end
        guard room >= 4 else { return }
        let filled = Int((min(1, max(0, fraction)) * Double(room)).rounded())
        let bar = String(repeating: glyphs.levels[glyphs.graph == .ascii ? 7 : 3], count: filled)
        frame.put(
            bar, at: Position(column: end, row: line.row), in: line,
            style: isMarked ? style : gauge(gradient, fraction))
    }

    // MARK: - Limits

    func drawLimits(into frame: inout CellBuffer, in rect: Rect) {
        var row = 0
        for text in MindLimits.full {
            let wrapped = WrappedText(text, width: max(1, rect.columns - 4))
            for index in wrapped.lines.indices where row < rect.rows {
                let mark = index == 0 ? glyphs.bullet : " "
                frame.put(" \(mark) \(wrapped.text(ofLine: index))", row: row, in: rect, style: theme[.text])
                row += 1
            }
        }
    }
}
