import Screen

/// Copy mode: a cursor walks through the chat with vi's keys, marks what lies between, and copies it.
struct CopyOverlay: Overlay {
    let name = OverlayName.copy
    let placement = OverlayPlacement.composer
    /// What is being looked for, while it is typed.
    private var search: FilterText?
    /// Where the search goes: down by `/`, up by `?`.
    private var direction = 1
    private var isMissing = false

    private static let motions: [Key.Code: TextMotion] = [
        .left: .left, .character("h"): .left, .right: .right, .character("l"): .right,
        .character("w"): .wordForward, .character("b"): .wordBack, .character("e"): .wordEnd,
        .character("0"): .rowStart, .character("^"): .rowStart, .character("$"): .rowEnd,
        .home: .top, .character("g"): .top, .end: .bottom, .character("G"): .bottom,
        .character("{"): .messageBack, .character("}"): .messageForward,
    ]

    mutating func open(in model: inout AppModel) -> [Effect] {
        model.transcript.beginSelection(rows: ScreenLayout(model).chat.rows)
        return []
    }

    mutating func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        isMissing = false
        if search != nil {
            type(key, in: &model)
            return .stays
        }
        let rows = ScreenLayout(model).chat.rows
        if let distance = Self.distance(key, rows: rows) {
            model.transcript.moveSelection(by: distance, rows: rows)
            return .stays
        }
        guard key.modifiers.isDisjoint(with: [.control, .alt]) else { return .stays }
        if let motion = Self.motions[key.code] {
            model.transcript.moveSelection(motion, rows: rows)
            return .stays
        }
        switch key.code {
        case .escape where model.transcript.selection?.mark != nil: model.transcript.selection?.mark = nil
        case .escape, .character("q"):
            cancel(in: &model)
            return .closes
        case .character(" "), .character("v"): model.transcript.markSelection(.characters)
        case .character("V"): model.transcript.markSelection(.rows)
        case .character("o"): model.transcript.swapSelection(rows: rows)
        case .character("/"): (search, direction) = (FilterText(), 1)
        case .character("?"): (search, direction) = (FilterText(), -1)
        case .character("n"): find(direction, in: &model)
        case .character("N"): find(-direction, in: &model)
        case .enter, .character("y"):
            let text = model.transcript.selectedText
            cancel(in: &model)
            return .closing(text.isEmpty ? [] : [.copy(text)])
        default: break
        }
        return .stays
    }

    /// How many rows a key moves the cursor.
    private static func distance(_ key: Key, rows: Int) -> Int? {
        switch (key.code, key.modifiers) {
        case (.up, []), (.character("k"), []), (.character("p"), .control), (.wheelUp, []): -1
        case (.down, []), (.character("j"), []), (.character("n"), .control), (.wheelDown, []): 1
        case (.pageUp, []), (.character("b"), .control): -max(1, rows - 1)
        case (.pageDown, []), (.character("f"), .control): max(1, rows - 1)
        case (.character("u"), .control): -max(1, rows / 2)
        case (.character("d"), .control): max(1, rows / 2)
        default: nil
        }
    }

    /// Takes a key into the words that are looked for; Enter looks for them.
    private mutating func type(_ key: Key, in model: inout AppModel) {
        if key.code == .escape || (key.code == .backspace && search?.text.isEmpty == true) {
            search = nil
        } else if key.code == .enter {
            // Nothing written looks for the same words again.
            if let text = search?.text, !text.isEmpty { model.transcript.find = TranscriptFind(text: text) }
            search = nil
            find(direction, in: &model)
        } else {
            _ = search?.press(key)
        }
    }

    mutating func paste(_ text: String, in model: inout AppModel) {
        search?.append(text)
    }

    private mutating func find(_ direction: Int, in model: inout AppModel) {
        guard let cursor = model.transcript.selection?.cursor, model.transcript.find != nil else { return }
        let point = model.transcript.nextMatch(direction, from: cursor)
        model.transcript.find?.place = point
        isMissing = point == nil
        if let point { model.transcript.moveCursor(to: point, rows: ScreenLayout(model).chat.rows) }
    }

    func cancel(in model: inout AppModel) {
        (model.transcript.selection, model.transcript.find) = (nil, nil)
    }

    mutating func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        if let search {
            let end = frame.put(direction < 0 ? "?" : "/", in: rect, style: model.theme[.prompt])
            let place = Position(column: end, row: rect.row)
            let after = frame.put(search.text, at: place, in: rect, style: model.theme[.text])
            frame.cursor = Position(column: min(after, rect.endColumn - 1), row: rect.row)
            return
        }
        frame.put(model.glyphs.truncated(help(model), to: rect.columns), in: rect, style: model.theme[.prompt])
        let chat = ScreenLayout(model).chat
        var transcript = model.transcript
        guard let place = transcript.cursorPosition(rows: chat.rows) else { return }
        let column = chat.column + TranscriptView.indent + place.column
        frame.cursor = Position(column: min(column, chat.endColumn - 1), row: chat.row + place.row)
    }

    private func help(_ model: AppModel) -> String {
        if isMissing, let find = model.transcript.find { return "copy: '\(find.text)' is nowhere" }
        guard let selection = model.transcript.selection else { return "copy: nothing has been said yet   Esc closes" }
        guard selection.mark != nil else {
            return "copy: h j k l w b 0 $ move   v V mark   y copies the row   / n find   Esc closes"
        }
        let what = selection.unit == .rows ? "rows" : "characters"
        return "copy: y copies the marked \(what)   o other end   v V change   Esc unmarks"
    }
}
