import Chat
import Screen

/// The first row: who answers, which turn it is, and what is being done.
struct TitleBar: Widget {
    /// From the left, most important first.
    var parts: [String]
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
            parts = ["hiss", words.compactMap { $0 }.joined(separator: separator)]
            if let session = model.session {
                parts.append([session.name, session.branch].compactMap { $0 }.joined(separator: "/"))
            }
            if model.turn > 0 { parts.append("turn \(model.turn)") }
        }
        state = model.activity.word ?? model.savedTime.map { "saved \($0)" } ?? ""
    }

    func draw(into frame: inout CellBuffer, in rect: Rect) {
        frame.fill(rect, style: theme[.title])
        let right = (state.isEmpty ? "" : state + "  ") + help
        let left = glyphs.truncated(" " + parts.joined(separator: "  "), to: rect.columns - right.count - 1)
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
