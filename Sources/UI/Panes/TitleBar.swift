import Chat
import Screen

/// The first row: who answers, which turn it is, and what is being done.
struct TitleBar: Widget {
    /// From the left, most important first.
    var parts: [String]
    /// Shorter forms of the second part, for when there isn't room for all.
    var shorter: [String] = []
    var state: String
    /// The key that helps.
    var help: String
    var theme: Theme
    var glyphs: Glyphs

    init(_ model: AppModel) {
        theme = model.theme
        help = model.keys.label(of: .overlay(.help)).map { $0 + " Help " } ?? ""
        glyphs = model.glyphs
        if let pair = model.pair {
            (parts, state) = model.pairTitle(pair)
            return
        }
        let separator = " \(model.glyphs.separator) "
        switch model.engine {
        case .loading:
            parts = ["hiss", "loading \(model.glyphs.ellipsis)"]
        case .failed:
            parts = ["hiss", "no model"]
        case .ready(let summary):
            let threads = summary.threads == 1 ? "1 thread" : "\(summary.threads) threads"
            let words = [summary.name, summary.isBaseModel ? "base model" : nil, summary.precision, threads]
            let known = words.compactMap { $0 }
            parts = ["hiss", known.joined(separator: separator)]
            shorter = (1..<known.count).reversed().map { known.prefix($0).joined(separator: separator) }
            if let session = model.session {
                parts.append([session.name, session.branch].compactMap { $0 }.joined(separator: "/"))
            }
            if model.turn > 0 { parts.append("turn \(Self.turnLabel(model))") }
        }
        state = model.activity.word ?? model.savedTime.map { "saved \($0)" } ?? ""
    }

    /// The turn's number, with the letter of a turn beside another one.
    private static func turnLabel(_ model: AppModel) -> String {
        let number = String(model.turn)
        guard let label = model.session?.turn, label.hasPrefix(number),
            label.dropFirst(number.count).allSatisfy(\.isLetter)
        else { return number }
        return label
    }

    func draw(into frame: inout CellBuffer, in rect: Rect) {
        frame.fill(rect, style: theme[.title])
        let right = (state.isEmpty ? "" : state + "  ") + help
        let room = rect.columns - right.count - 1
        var parts = parts
        for form in shorter where TextWidth.of(" " + parts.joined(separator: "  ")) > room { parts[1] = form }
        let left = glyphs.truncated(" " + parts.joined(separator: "  "), to: room)
        frame.put(left, in: rect, style: theme[.title])
        let place = Position(column: rect.endColumn - right.count, row: rect.row)
        frame.put(right, at: place, in: rect, style: theme[.title])
    }
}

extension AppModel.Activity {
    /// The word for it; nil where nothing goes on.
    var word: String? {
        switch self {
        case .idle: nil
        case .reading: "READ"
        case .answering: "GEN"
        case .stopping: "STOP"
        case .resetting: "RESET"
        case .moving: "GO"
        case .loading: "LOAD"
        case .measuring: "BENCH"
        }
    }
}
