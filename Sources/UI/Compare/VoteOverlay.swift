import Chat
import Screen

/// Asks which of two answers is better.
struct VoteOverlay: Overlay {
    let name = OverlayName.vote
    let placement = OverlayPlacement.composer

    /// What a key votes.
    private static let choices: [(key: Character, words: String, choice: Vote.Choice)] = [
        ("a", "A", .a), ("b", "B", .b), ("t", "tie", .tie), ("x", "both bad", .bothBad),
    ]

    func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        guard model.reasonAgainstVote == nil,
            let choice = Self.choices.first(where: { Key.letter($0.key) == key })?.choice
        else { return key.code == .escape || model.reasonAgainstVote != nil ? .closes : .stays }
        return .closing(model.vote(choice))
    }

    func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        if let reason = model.reasonAgainstVote {
            frame.put(model.glyphs.truncated(" " + reason, to: rect.columns), in: rect, style: model.theme[.warn])
            return
        }
        let keys = Self.choices.map { "\($0.key) \($0.words)" }.joined(separator: "   ")
        let text = model.glyphs.truncated(" Which is better?   \(keys)   Esc neither", to: rect.columns)
        frame.put(text, in: rect, style: model.theme[.prompt])
    }
}
