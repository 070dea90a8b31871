import Screen

/// Copy mode: marks rows of the chat and copies them.
struct CopyOverlay: Overlay {
    let name = OverlayName.copy
    let placement = OverlayPlacement.composer

    mutating func open(in model: inout AppModel) -> [Effect] {
        let rows = ScreenLayout(model).chat.rows
        model.transcript.beginSelection(rows: rows)
        return []
    }

    mutating func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        let rows = ScreenLayout(model).chat.rows
        switch key.code {
        case .escape, .character("q"):
            cancel(in: &model)
            return .closes
        case .up, .character("k"): model.transcript.moveSelection(by: -1, rows: rows)
        case .down, .character("j"): model.transcript.moveSelection(by: 1, rows: rows)
        case .pageUp: model.transcript.moveSelection(by: -max(1, rows - 1), rows: rows)
        case .pageDown: model.transcript.moveSelection(by: max(1, rows - 1), rows: rows)
        case .home: model.transcript.moveSelection(by: -Int(Int32.max), rows: rows)
        case .end: model.transcript.moveSelection(by: Int(Int32.max), rows: rows)
        case .character(" "): model.transcript.markSelection()
        case .enter, .character("y"):
            let text = model.transcript.selectedText
            cancel(in: &model)
            return .closing(text.isEmpty ? [] : [.copy(text)])
        default: break
        }
        return .stays
    }

    func cancel(in model: inout AppModel) {
        model.transcript.selection = nil
    }

    mutating func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        let up = model.glyphs.upArrow
        let down = model.glyphs.downArrow
        let text = "copy: \(up) \(down) move   Space marks   Enter copies   Esc closes"
        frame.put(model.glyphs.truncated(text, to: rect.columns), in: rect, style: model.theme[.prompt])
    }
}
