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
    let chat = TranscriptView(
        &model.transcript, rows: layout.chat.rows, theme: model.theme, glyphs: model.glyphs)
    chat.draw(into: &frame, in: layout.chat)
    TitleBar(model).draw(into: &frame, in: layout.title)
    let note = model.heldNote(rows: layout.chat.rows)
    GaugeLine(readings: model.readings, theme: model.theme, glyphs: model.glyphs, note: note)
        .draw(into: &frame, in: layout.gauges)
    for (row, line) in model.notice.prefix(layout.notice.rows).enumerated() {
        let text = model.glyphs.truncated(" " + line, to: layout.notice.columns)
        frame.put(text, row: row, in: layout.notice, style: model.theme[.warn])
    }
    HintLine(model).draw(into: &frame, in: layout.hints)
    model.composer.showCursor(rows: layout.composer.rows)
    ComposerView(composer: model.composer, theme: model.theme)
        .draw(into: &frame, in: layout.composer)
}

extension AppModel {
    /// Rows below the screen are counted only so far: the count must not cost the conversation's length.
    private static let maximumCount = 500

    /// What the gauge line says while the reader looks at earlier text.
    fileprivate mutating func heldNote(rows: Int) -> String? {
        guard !transcript.isFollowing else { return nil }
        let below = transcript.rowsBelow(rows: rows, limit: Self.maximumCount)
        let count = below == Self.maximumCount ? "\(below)+ lines" : below == 1 ? "+1 line" : "+\(below) lines"
        return "\(count), End follows"
    }
}
