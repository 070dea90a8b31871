import Chat
import Screen

/// All sessions; `/` finds words in what was said in them.
struct SessionsOverlay: Overlay {
    let name = OverlayName.sessions
    var escapeHint: String { filter.text.isEmpty && !isTyping ? "Esc closes" : "Esc shows all" }
    private var list = MarkedList(count: 0)
    private var filter = FilterText()
    private var isTyping = false
    private var question: (line: LineQuestion, verb: Verb)?

    private enum Verb {
        case rename, delete
    }

    private static let keys = [
        "Enter goes on with it", "/ finds words", "r rename", "e export .hiss", "x delete (asks)", "Esc closes",
    ]
    private static let columnsForDetails = 76

    init(_ words: String = "") {
        filter.append(words)
    }

    mutating func open(in model: inout AppModel) -> [Effect] {
        (model.sessions, model.found, model.notice) = (nil, [], [])
        return [listing]
    }

    private var listing: Effect {
        .session(.sessions(matching: filter.text.isEmpty ? nil : filter.text))
    }

    private func marked(_ model: AppModel) -> SessionInfo? {
        guard let sessions = model.sessions, sessions.indices.contains(list.marked) else { return nil }
        return sessions[list.marked]
    }

    mutating func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        list.count = model.sessions?.count ?? 0
        if question != nil { return answer(key, in: &model) }
        if isTyping { return type(key) }
        if key.code == .escape, !filter.text.isEmpty {
            filter.clear()
            return OverlayOutcome(effects: [listing])
        }
        if key.code == .escape || key == .letter("q") { return .closes }
        if list.press(key) { return .stays }
        guard key.modifiers.isEmpty else { return .stays }
        if key == .letter("/") {
            isTyping = true
            return .stays
        }
        guard let session = marked(model) else { return .stays }
        model.notice = []
        switch key.code {
        case .enter:
            guard !model.isBusy else {
                model.notice = ["The answer has to end first; Esc closes this, and stops it then."]
                return .stays
            }
            let verb: SessionRequest =
                session.isPersona ? .loadPersona(session.name) : .load(name: session.name)
            return .closing(model.request(verb))
        case .character("e"):
            return OverlayOutcome(effects: model.request(.export(.hiss, file: nil, session: session.name)))
        case .character("r"): question = (.word("new name", session.name), .rename)
        case .character("x"):
            question = (.deletion(of: "'\(session.name)' with \(CountText.of(session.turns, "turn"))"), .delete)
        default: break
        }
        return .stays
    }

    mutating func paste(_ text: String, in model: inout AppModel) {
        if isTyping { filter.append(text) } else { question?.line.text?.append(text) }
    }

    /// Takes a key while words are written; Enter looks for them.
    private mutating func type(_ key: Key) -> OverlayOutcome {
        switch key.code {
        case .escape:
            isTyping = false
            filter.clear()
            return OverlayOutcome(effects: [listing])
        case .enter:
            isTyping = false
            list.mark(0)
            return OverlayOutcome(effects: [listing])
        default:
            _ = filter.press(key)
            return .stays
        }
    }

    private mutating func answer(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        guard let verb = question?.verb, let session = marked(model), let outcome = question?.line.press(key) else {
            return .stays
        }
        guard case .answered(let text) = outcome else {
            if outcome == .keeps { question = nil }
            return .stays
        }
        question = nil
        switch verb {
        case .rename:
            guard !text.isEmpty, text != session.name else { return .stays }
            return OverlayOutcome(effects: model.request(.rename(to: text, session: session.name)))
        case .delete: return OverlayOutcome(effects: model.request(.removeSession(session.name)))
        }
    }

    // MARK: - Drawing

    mutating func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        list.count = model.sessions?.count ?? 0
        var rest = rect
        let wide = rect.columns >= Self.columnsForDetails
        let width = nameColumns(model, rect.columns)
        let heading =
            " " + "name".padding(to: width) + " changed    turns   seen"
            + (wide ? "   disk  " + "model".padding(to: modelColumns(model)) : "")
        frame.put(heading + "  begins", in: rest.takeTop(1), style: model.theme[.heading])
        let last = rest.takeBottom(1)
        drawLastRow(model, into: &frame, in: last)
        let keys = flowing(Self.keys, columns: rest.columns)
        let keyRows = rest.takeBottom(keys.count)
        for (row, text) in keys.enumerated() { frame.put(text, row: row, in: keyRows, style: model.theme[.hint]) }
        let excerpt = rest.takeBottom(1)
        drawExcerpt(model, into: &frame, in: excerpt)
        guard let sessions = model.sessions, !sessions.isEmpty else {
            let text =
                model.sessions == nil
                ? "looking \(model.glyphs.ellipsis)"
                : filter.text.isEmpty
                    ? "nothing is kept yet: every finished turn will be" : "no session has these words"
            frame.put(model.glyphs.truncated(" " + text, to: rest.columns), in: rest, style: model.theme[.dim])
            return
        }
        for (row, index) in list.visible(rows: rest.rows).enumerated() {
            let place = Rect(column: rest.column, row: rest.row + row, columns: rest.columns, rows: 1)
            let isCurrent = sessions[index].name == model.session?.name
            let style = model.theme[index == list.marked ? .select : isCurrent ? .prompt : .text]
            frame.fill(place, style: style)
            let text = " " + columns(of: sessions[index], model, name: width, wide: wide)
            frame.put(model.glyphs.truncated(text, to: place.columns - 1), in: place, style: style)
        }
    }

    private func nameColumns(_ model: AppModel, _ columns: Int) -> Int {
        let widest = (model.sessions ?? []).map { TextWidth.of($0.name) }.max() ?? 0
        return min(max(10, widest), max(10, columns / 4))
    }

    private func modelColumns(_ model: AppModel) -> Int {
        min(20, (model.sessions ?? []).map { TextWidth.of($0.model.name) }.max() ?? 0)
    }

    private func columns(of session: SessionInfo, _ model: AppModel, name: Int, wide: Bool) -> String {
        // Without the year.
        let changed = String(model.timeText(session.changed).dropFirst(5))
        let numbers = [
            model.glyphs.truncated(session.name, to: name).padding(to: name), changed.padding(to: 11),
            String(session.turns).leading(to: 4), String(session.tokensSeen).leading(to: 6),
        ]
        let modelName = model.glyphs.truncated(session.model.name, to: modelColumns(model))
        let details =
            wide
            ? [ByteText.short(session.snapshotBytes).leading(to: 6), " " + modelName.padding(to: modelColumns(model))]
            : []
        let words = session.isPersona ? "(persona) " + session.firstWords : session.firstWords
        return (numbers + details).joined(separator: " ") + "  " + words
    }

    /// Where the words that were looked for stand in the marked session.
    private func drawExcerpt(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        guard let session = marked(model), let found = model.found.first(where: { $0.session == session.id }) else {
            return
        }
        // The marks around the words are for programs.
        let text = found.excerpt.filter { !["\u{2068}", "\u{2069}"].contains($0) && !$0.isNewline }
        frame.put(model.glyphs.truncated("   \(text)", to: rect.columns), in: rect, style: model.theme[.dim])
    }

    private func drawLastRow(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        if let question { return question.line.draw(model, into: &frame, in: rect) }
        if isTyping || !filter.text.isEmpty {
            let end = frame.put(" find: ", in: rect, style: model.theme[.prompt])
            let place = Position(column: end, row: rect.row)
            let after = frame.put(filter.text, at: place, in: rect, style: model.theme[.text])
            if isTyping { frame.cursor = Position(column: min(after, rect.endColumn - 1), row: rect.row) }
            return
        }
        guard let notice = model.noticeLine else { return }
        frame.put(model.glyphs.truncated(" " + notice, to: rect.columns), in: rect, style: model.theme[.warn])
    }
}
