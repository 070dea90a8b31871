import Screen

/// Finds words in the chat: type and Enter, then n goes down and N up.
struct FindOverlay: Overlay {
    let name = OverlayName.find
    let placement = OverlayPlacement.composer
    private var filter = FilterText()
    /// Whether letters are typed into the text; after Enter they step.
    private var isTyping = true

    init(_ text: String = "") {
        filter.append(text)
        isTyping = text.isEmpty
    }

    mutating func open(in model: inout AppModel) -> [Effect] {
        if !isTyping { find(in: &model) }
        return []
    }

    mutating func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        if key.code == .escape {
            cancel(in: &model)
            return .closes
        }
        if isTyping {
            if key.code == .enter {
                guard !filter.text.isEmpty else { return .closes }
                isTyping = false
            } else if !filter.press(key) {
                return .stays
            }
            find(in: &model)
            return .stays
        }
        switch (key.code, key.modifiers) {
        case (.enter, []), (.up, []), (.character("N"), []), (.character("p"), .control): model.findNext(-1)
        case (.character("n"), _), (.down, []): model.findNext(1)
        case (.character("/"), []), (.backspace, []): isTyping = true
        case (.pageUp, []), (.pageDown, []), (.home, []), (.end, []): scroll(key.code, in: &model)
        default: break
        }
        return .stays
    }

    mutating func paste(_ text: String, in model: inout AppModel) {
        filter.append(text)
        find(in: &model)
    }

    func cancel(in model: inout AppModel) {
        model.transcript.find = nil
    }

    /// Looks for the text from the end upwards.
    private func find(in model: inout AppModel) {
        model.transcript.find = filter.text.isEmpty ? nil : TranscriptFind(text: filter.text)
        model.findNext(-1)
    }

    private func scroll(_ code: Key.Code, in model: inout AppModel) {
        let action: [Key.Code: Action] = [.pageUp: .pageUp, .pageDown: .pageDown, .home: .home, .end: .end]
        if let action = action[code] { _ = model.perform(action) }
    }

    mutating func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        let end = frame.put("find: ", in: rect, style: model.theme[.prompt])
        let after = frame.put(
            filter.text, at: Position(column: end, row: rect.row), in: rect, style: model.theme[.text])
        guard !isTyping, let find = model.transcript.find else {
            frame.cursor = Position(column: min(after, rect.endColumn - 1), row: rect.row)
            return
        }
        let count = find.place.map { "message \($0.entry + 1) of \(model.transcript.entries.count)" } ?? "not found"
        let status = "  \(count)   n down  N up  / other words  Esc closes"
        frame.put(
            model.glyphs.truncated(status, to: rect.endColumn - after),
            at: Position(column: after, row: rect.row), in: rect, style: model.theme[.dim])
    }
}
