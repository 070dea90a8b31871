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
            hints = KeyMap.afterPrefix.map { "\($0.label) \($0.help)" }
            return
        case .quit:
            hints = ["^C again to quit"]
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
    }

    private static func usual(_ model: AppModel) -> [String] {
        let editing = ["^J newline", "^R history", "/ commands", "^X keys"]
        switch (model.engine, model.activity) {
        case (_, .answering), (_, .reading): return ["answering: Esc stops", "^J newline", "PgUp scroll", "^X keys"]
        case (_, .stopping): return ["stopping", "^J newline", "^X keys"]
        case (_, .moving): return ["going to another turn", "^J newline", "^X keys"]
        case (_, .resetting): return ["starting over", "^J newline", "^X keys"]
        case (.loading, _): return ["Enter sends once loaded"] + editing
        case (.failed, _): return ["no model: ^X q quits", "PgUp scroll", "/ commands"]
        case (.ready, .idle): return ["Enter send"] + editing + ["PgUp scroll"]
        }
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
