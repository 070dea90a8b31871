import Chat
public import Screen

/// Draws the whole screen.
///
/// What it changes in the model is only what it can find again: wrapped lines, and that the frame is drawn.
public func render(_ model: inout AppModel, into frame: inout CellBuffer) {
    model.needsDraw = false
    frame.clear(size: model.size)
    let bounds = frame.bounds
    guard ScreenLayout.fits(model.size) else {
        let minimum = ScreenLayout.minimum
        let text = "needs \(minimum.columns)x\(minimum.rows), have \(model.size.columns)x\(model.size.rows)"
        frame.put(model.glyphs.truncated(text, to: bounds.columns), in: bounds, style: model.theme[.text])
        return
    }
    let layout = ScreenLayout(model)
    frame.fill(bounds, style: model.theme[.text])
    if !layout.keyBar.isEmpty {
        KeyBar(keys: model.keys.functionKeys, theme: model.theme, usesColor: model.usesColor).draw(
            into: &frame, in: layout.keyBar)
    }
    if model.overlay?.placement == .screen {
        drawOverlay(&model, into: &frame, in: layout)
        return
    }
    TitleBar(model).draw(into: &frame, in: layout.title)
    if let pair = model.pair, let places = layout.pair {
        drawPair(&model, pair, into: &frame, in: places)
    } else {
        drawChat(&model, into: &frame, in: layout)
    }
    for (row, line) in model.notice.prefix(layout.notice.rows).enumerated() {
        let text = model.glyphs.truncated(" " + line, to: layout.notice.columns)
        frame.put(text, row: row, in: layout.notice, style: model.theme[.warn])
    }
    model.popup?.draw(into: &frame, in: layout.chat)
    HintLine(model).draw(into: &frame, in: layout.hints)
    if model.overlay?.placement != .composer {
        model.composer.showCursor(rows: layout.composer.rows)
        ComposerView(composer: model.composer, theme: model.theme)
            .draw(into: &frame, in: layout.composer)
    }
    drawOverlay(&model, into: &frame, in: layout)
}

/// Draws the conversation with its gauges.
private func drawChat(_ model: inout AppModel, into frame: inout CellBuffer, in layout: ScreenLayout) {
    let chat = TranscriptView(
        &model.transcript, rows: layout.chat.rows, theme: model.theme, glyphs: model.glyphs)
    chat.draw(into: &frame, in: layout.chat)
    let note = model.heldNote(rows: layout.chat.rows)
    if layout.panel.isEmpty {
        GaugeLine(readings: model.readings, theme: model.theme, glyphs: model.glyphs, note: note)
            .draw(into: &frame, in: layout.gauges)
    } else {
        ChatHeading(theme: model.theme, glyphs: model.glyphs, note: note).draw(into: &frame, in: layout.heading)
        SidePanel(readings: model.readings, forms: model.meters, theme: model.theme, glyphs: model.glyphs)
            .draw(into: &frame, in: layout.panel)
    }
}

/// Draws what lies over the chat, with a title where it has a row for one.
private func drawOverlay(_ model: inout AppModel, into frame: inout CellBuffer, in layout: ScreenLayout) {
    guard var overlay = model.overlay else { return }
    defer { model.overlay = overlay }
    var rect: Rect
    switch overlay.placement {
    case .composer:
        overlay.draw(model, into: &frame, in: layout.composer)
        return
    case .screen:
        rect = frame.bounds
        _ = rect.takeBottom(layout.keyBar.rows)
    case .side(let columns):
        rect = layout.chat
        rect.column = max(rect.column, rect.endColumn - columns)
        rect.columns = min(rect.columns, columns)
        frame.fill(rect, style: model.theme[.text])
        for row in rect.rowRange {
            let place = Position(column: rect.column, row: row)
            frame.put(model.glyphs.verticalLine, at: place, in: rect, style: model.theme[.hint])
        }
        rect.column += 1
        rect.columns -= 1
    }
    let title = rect.takeTop(1)
    frame.fill(title, style: model.theme[.title])
    let hint = overlay.escapeHint + " "
    let text = model.glyphs.truncated(" " + overlay.title(model), to: title.columns - hint.count - 1)
    frame.put(text, in: title, style: model.theme[.title])
    frame.put(
        hint, at: Position(column: title.endColumn - hint.count, row: title.row), in: title, style: model.theme[.title])
    overlay.draw(model, into: &frame, in: rect)
}

extension AppModel {
    /// The list over the end of the chat, if there is one to show.
    fileprivate var popup: PopupList? {
        if pending == .prefixListed {
            let bindings = keysAfterPrefix
            let label = 1 + (bindings.map { TextWidth.of($0.label) }.max() ?? 0)
            let chat = ScreenLayout(self).chat
            let rows = PopupList.inColumns(
                bindings.map { $0.label.padding(to: label) + $0.help }, width: chat.columns - 1, rows: chat.rows - 1,
                glyphs)
            // Nothing moves over them, so that all have to be seen.
            return PopupList(
                title: "after \(keys.prefixLabel)", rows: rows, maximumRows: .max, theme: theme, glyphs: glyphs)
        }
        guard let completion, overlay == nil else { return nil }
        return PopupList(
            title: "Tab completes", rows: completion.rows, marked: completion.marked, theme: theme, glyphs: glyphs)
    }

    /// What the keys after ^X do now: those of a comparison are left out where there is none.
    var keysAfterPrefix: [KeyBinding] {
        let ofPair: [Action] = [
            .otherPane, .scrollTogether, .command(.swap), .overlay(.vote), .overlay(.figures),
        ]
        return pair == nil ? keys.afterPrefix.filter { !ofPair.contains($0.action) } : keys.afterPrefix
    }

    /// Rows below the screen are counted only so far: the count must not cost the conversation's length.
    private static let maximumCount = 500

    /// What the gauge line says while the reader looks at earlier text.
    mutating func heldNote(rows: Int) -> String? {
        guard !transcript.isFollowing else { return nil }
        let below = transcript.rowsBelow(rows: rows, limit: Self.maximumCount)
        let count = below == Self.maximumCount ? "\(below)+ lines" : below == 1 ? "+1 line" : "+\(below) lines"
        return "\(count), End follows"
    }
}
