import Chat
import Screen

/// Draws a comparison: the panes, and below them the figures and plots.
func drawPair(_ model: inout AppModel, _ pair: PairModel, into frame: inout CellBuffer, in layout: PairLayout) {
    for side in ChatPair.Side.allCases {
        guard let place = layout.panes[side] else { continue }
        let isFocused = side == model.focusedSide
        let notes = [model.on(side) { $0.heldNote(rows: place.text.rows) }, isFocused ? otherPane(model, layout) : nil]
        PaneHeading(
            name: side.rawValue, parts: model.heading(of: side, in: pair),
            note: notes.compactMap { $0 }.joined(separator: "  "),
            isFocused: isFocused, theme: model.theme, glyphs: model.glyphs
        ).draw(into: &frame, in: place.heading)
        let chat = TranscriptView(
            &model.panes[side.pane].transcript, rows: place.text.rows, theme: model.theme, glyphs: model.glyphs)
        chat.draw(into: &frame, in: place.text)
    }
    for row in layout.divider.rowRange {
        let glyph = row == layout.divider.row ? model.glyphs.teeDown : model.glyphs.verticalLine
        frame.put(
            glyph, at: Position(column: layout.divider.column, row: row), in: layout.divider, style: model.theme[.hint])
    }
    drawFigures(model, pair, into: &frame, in: layout)
}

private func drawFigures(_ model: AppModel, _ pair: PairModel, into frame: inout CellBuffer, in layout: PairLayout) {
    let figures = PairFigures(pair, prompts: pair.last.map { [$0] } ?? [])
    if !layout.line.isEmpty {
        PairLine(figures: figures, theme: model.theme, glyphs: model.glyphs).draw(into: &frame, in: layout.line)
        return
    }
    PairTable(
        figures: figures, names: model.rowNames(pair), heading: "this turn", theme: model.theme, glyphs: model.glyphs
    ).draw(into: &frame, in: layout.table)
    if !layout.strip.isEmpty {
        drawStrip(model, pair, figures, into: &frame, in: layout.strip)
    }
    drawPlots(PairPlots(pair: pair), isBeside: true, model, into: &frame, in: layout.plots)
}

/// From so many columns on, the strip says which tokens differ first.
private let wideStripColumns = 100

/// What differs token by token, with the first difference at the right end.
func drawStrip(
    _ model: AppModel, _ pair: PairModel, _ figures: PairFigures, into frame: inout CellBuffer, in rect: Rect
) {
    var rect = rect
    if let place = figures.difference, !model.isBusy {
        let difference = rect.columns < wideStripColumns ? place.short : place.text
        let text = model.glyphs.truncated(difference, to: rect.columns / 2)
        let columns = TextWidth.of(text) + 2
        let place = Position(column: rect.endColumn - columns + 1, row: rect.row)
        frame.put(text, at: place, in: rect, style: model.theme[.text])
        rect.columns -= columns
    }
    DifferenceStrip(pair.last, isOpen: model.isBusy, theme: model.theme, glyphs: model.glyphs)
        .draw(into: &frame, in: rect)
}

/// Rows of a plot with its heading and axes.
private let leastPlotRows = 6

/// The two plots, beside each other or one above the other, or the first one where there is no room; nothing while they would tell what is hidden.
func drawPlots(
    _ plots: PairPlots, isBeside: Bool, _ model: AppModel, into frame: inout CellBuffer, in rect: Rect
) {
    guard !rect.isEmpty, plots.pair.isReady, !plots.pair.hidesModels else { return }
    var first = rect
    var second = rect
    if isBeside {
        first.columns = rect.columns / 2
        second.column = first.endColumn + 1
        second.columns = rect.endColumn - second.column
    } else if rect.rows >= 2 * leastPlotRows {
        first = second.takeTop((rect.rows + 1) / 2)
    } else {
        second = Rect(column: rect.column, row: rect.row, columns: 0, rows: 0)
    }
    let mark = "\(model.glyphs.bullet) now"
    PlotView(
        heading: "context memory against tokens \(model.glyphs.separator) \(mark)", plot: plots.memory,
        theme: model.theme, glyphs: model.glyphs
    ).draw(into: &frame, in: first)
    PlotView(
        heading: "answer tok/s against tokens seen", plot: plots.rate, theme: model.theme, glyphs: model.glyphs
    ).draw(into: &frame, in: second)
}

/// What stands in for the pane that isn't shown.
private func otherPane(_ model: AppModel, _ layout: PairLayout) -> String? {
    guard layout.panes.count == 1, let key = model.keys.label(of: .otherPane) else { return nil }
    return "\(key): \(model.focusedSide.other.rawValue)"
}

/// The row above a pane.
struct PaneHeading: Widget {
    var name: String
    /// What follows the name, most important first; what doesn't fit is left out.
    var parts: [String]
    /// What it says at its right end.
    var note: String
    var isFocused: Bool
    var theme: Theme
    var glyphs: Glyphs

    func draw(into frame: inout CellBuffer, in rect: Rect) {
        frame.fill(rect, with: glyphs.horizontalLine, style: theme[.hint])
        let note = note.isEmpty ? "" : glyphs.truncated(" \(note) ", to: max(0, rect.columns / 2))
        let columns = TextWidth.of(note)
        let room = max(0, rect.columns - columns - 5)
        var text = " \(name) "
        for (index, part) in parts.enumerated() {
            let longer = text + (index == 0 ? " " : "\(glyphs.separator) ") + part + " "
            guard TextWidth.of(longer) <= room else { break }
            text = longer
        }
        let style = theme[isFocused ? .title : .hint]
        frame.put(text, at: Position(column: rect.column + 2, row: rect.row), in: rect, style: style)
        let place = Position(column: rect.endColumn - columns - 1, row: rect.row)
        frame.put(note, at: place, in: rect, style: theme[.warn])
    }
}

/// The figures in one row, where there is no room for a table: both sides' rates and memory, then what they agree in.
struct PairLine: Widget {
    var figures: PairFigures
    var theme: Theme
    var glyphs: Glyphs

    func draw(into frame: inout CellBuffer, in rect: Rect) {
        frame.put(glyphs.truncated(text(columns: rect.columns), to: rect.columns), in: rect, style: theme[.text])
    }

    func text(columns: Int) -> String {
        if figures.isHidden { return " names and figures are hidden until the vote" }
        func parts(_ side: ChatPair.Side, _ least: Int) -> [String] {
            figures.columns.filter { $0.dropOrder >= least }.compactMap { column in
                guard let value = column.values[side], value != PairFigures.nothing else { return nil }
                return column.title == "memory" ? value : "\(column.title) \(value)"
            }
        }
        var text = ""
        for least in 1...9 {
            let sides = ChatPair.Side.allCases.map { side in
                ([side.rawValue] + parts(side, least)).joined(separator: "  ")
            }
            text = " " + sides.joined(separator: " \(glyphs.verticalLine) ")
            if TextWidth.of(text) <= columns { break }
        }
        return text
    }
}

extension AppModel {
    /// What the table calls the sides.
    func rowNames(_ pair: PairModel) -> [ChatPair.Side: String] {
        var names: [ChatPair.Side: String] = [:]
        for side in ChatPair.Side.allCases {
            names[side] = [side.rawValue, pair.name(side)].compactMap { $0 }.joined(separator: " ")
        }
        return names
    }

    /// What a pane's heading says behind its letter: `smolmamba2`, `40.8 tok/s`, `first token 61 ms`.
    fileprivate func heading(of side: ChatPair.Side, in pair: PairModel) -> [String] {
        guard pair.isReady else { return ["loading \(glyphs.ellipsis)"] }
        let lead = pair.mode == .lockstep ? (side == pair.leader ? "leads" : "follows") : nil
        guard !pair.hidesModels else { return [lead].compactMap { $0 } }
        let readings = panes[side.pane].readings
        var parts: [String?] = [pair.name(side), lead]
        if let rate = readings.rate.current { parts.append("\(DecimalText.rate(rate)) tok/s") }
        parts.append(StateGauge().text(readings))
        if let first = readings.metrics.timeToFirstToken {
            parts.append("first token \(DecimalText.fixed(first * 1000, places: 0)) ms")
        }
        if readings.recomputedTokens > 0 || readings.metrics.tokensSeen > 0 {
            parts.append("seen \(readings.metrics.tokensSeen)")
            parts.append("recomp \(readings.recomputedTokens)")
        }
        return parts.compactMap { $0 }
    }

    /// What the title says of a comparison, most important first.
    func pairTitle(_ pair: PairModel) -> (parts: [String], state: String) {
        var parts = ["hiss compare"]
        if pair.isReady {
            for side in ChatPair.Side.allCases {
                guard let name = pair.name(side), let model = pair.models[side] else { continue }
                parts.append("\(side.rawValue): \(name) \(model.precision)")
            }
            if pair.isBlind { parts.append(pair.hidesModels ? "blind" : "voted") }
            parts.append(pair.mode == .lockstep ? "lock-step, \(pair.leader.rawValue) leads" : "free")
            if turn > 0 { parts.append("turn \(turn)") }
            let names = ChatPair.Side.allCases.compactMap { panes[$0.pane].session?.name }
            if names.count == 2, !pair.hidesModels { parts.append(names.joined(separator: " + ")) }
        } else {
            parts.append("loading \(pair.asked ?? "both models") \(glyphs.ellipsis)")
        }
        let states = ChatPair.Side.allCases.compactMap { side -> String? in
            panes[side.pane].activity.word.map { "\($0) \(side.rawValue)" }
        }
        let saved = ChatPair.Side.allCases.compactMap { panes[$0.pane].session?.saved }.max()
        let state = states.isEmpty ? saved.map { "saved \(timeText($0).suffix(5))" } ?? "" : Self.joined(states)
        return (parts, state)
    }

    /// `GEN A+B` for what is the same on both sides.
    private static func joined(_ states: [String]) -> String {
        guard states.count == 2, states[0].dropLast() == states[1].dropLast() else {
            return states.joined(separator: " ")
        }
        return states[0] + "+B"
    }

    /// What the keys do in a comparison, most important first.
    func pairHints(_ pair: PairModel) -> [String] {
        func hint(_ action: Action, _ text: String) -> String? { keys.label(of: action).map { "\($0) \(text)" } }
        let back = hint(.command(.compare), "back to the chat")
        let panes = [hint(.otherPane, "other pane"), hint(.zoom, "zoom"), hint(.overlay(.figures), "figures")]
        let hints: [String?]
        if !pair.isReady {
            hints = ["loading", back]
        } else if isBusy {
            hints = [hint(.stop, "stops both")] + panes
        } else {
            let vote = reasonAgainstVote == nil ? hint(.overlay(.vote), "vote") : nil
            hints =
                [hint(.send, "asks both"), vote] + panes
                + [back, hint(.scrollTogether, "scroll together"), "/ commands", hint(.prefix, "keys")]
        }
        return hints.compactMap { $0 }
    }
}
