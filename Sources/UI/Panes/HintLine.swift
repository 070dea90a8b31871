import Chat
import Screen

/// The row above the composer: what the keys do in this moment.
struct HintLine: Widget {
    /// Most important first; what doesn't fit is left out.
    var hints: [String]
    /// Whether it says something that the reader should not miss.
    var isUrgent = false
    var theme: Theme
    var glyphs: Glyphs

    init(_ model: AppModel) {
        theme = model.theme
        glyphs = model.glyphs
        hints = []
        switch model.pending {
        case .prefix, .prefixListed:
            hints = model.keysAfterPrefix.map { "\($0.label) \($0.help)" }
            return
        case .quit:
            hints = ["\(model.keys.label(of: .interrupt) ?? "^C") again to quit"]
            isUrgent = true
            return
        case .timeline:
            hints = ["Esc again: timeline"]
            return
        case .nothing: break
        }
        if let overlay = model.overlay {
            hints = [overlay.name.rawValue, "Esc closes"]
        } else if model.sendsWhenLoaded {
            hints = ["sends when the model is loaded", "Esc keeps it here"]
            isUrgent = true
        } else if model.composer.buffer.isCommand {
            hints = ["Enter runs", "Tab completes", "// sends a slash"]
        } else {
            hints = Self.usual(model)
        }
        if model.options.editMode == .vi, model.overlay == nil {
            hints.insert(model.vi.mode == .normal ? "NORMAL" : "INSERT", at: 0)
        }
    }

    private static func usual(_ model: AppModel) -> [String] {
        if let pair = model.pair { return model.pairHints(pair) }
        let keys = model.keys
        func hint(_ action: Action, _ text: String) -> String? {
            keys.label(of: action).map { "\($0) \(text)" }
        }
        let newline = hint(.newline, "newline")
        let more = hint(.prefix, "keys")
        let scroll = hint(.pageUp, "scroll")
        let send = keys.label(of: .send) ?? ""
        let editing = [newline, hint(.overlay(.history), "history"), "/ commands", more]
        let hints: [String?] =
            switch (model.engine, model.activity) {
            case (_, .answering), (_, .reading):
                [hint(.stop, "stops").map { "answering: " + $0 }, newline, scroll, more]
            case (_, .stopping): ["stopping", newline, more]
            case (_, .loading): ["loading the model", newline, more]
            case (_, .measuring): [hint(.stop, "stops").map { "measuring: " + $0 }, newline, more]
            case (_, .moving): ["going to another turn", newline, more]
            case (_, .resetting): ["starting over", newline, more]
            case (.loading, _): ["\(send) sends once loaded"] + editing
            case (.failed, _): [keys.prefixedLabel(of: .quit).map { "no model: \($0) quits" }, scroll, "/ commands"]
            case (.ready, .idle): [hint(.send, "send")] + editing + [scroll]
            }
        return hints.compactMap { $0 }
    }

    func draw(into frame: inout CellBuffer, in rect: Rect) {
        let style = theme[isUrgent ? .warn : .hint]
        frame.fill(rect, with: glyphs.horizontalLine, style: theme[.hint])
        var text = " "
        for (index, hint) in hints.enumerated() {
            let longer = text + (index == 0 ? "" : "\(glyphs.separator) ") + hint + " "
            guard TextWidth.of(longer) + 4 <= rect.columns else { break }
            text = longer
        }
        guard text != " " else { return }
        frame.put(text, at: Position(column: rect.column + 2, row: rect.row), in: rect, style: style)
    }
}
