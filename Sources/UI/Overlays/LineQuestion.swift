import Screen

/// A question that an overlay asks in its last row: a word to write, or whether something is to be deleted.
struct LineQuestion: Sendable, Equatable {
    /// What is asked, such as `name of the branch`.
    var prompt: String
    /// What has been written; nil where `y` or another key answers.
    var text: FilterText?

    /// Asks for a word.
    static func word(_ prompt: String, _ text: String = "") -> LineQuestion {
        var written = FilterText()
        written.append(text)
        return LineQuestion(prompt: prompt, text: written)
    }

    /// Asks before something is deleted.
    static func deletion(of what: String) -> LineQuestion {
        LineQuestion(prompt: "Delete \(what)? y deletes, any other key keeps", text: nil)
    }

    /// What a key did to the question.
    enum Outcome: Sendable, Equatable {
        case stays
        case keeps
        /// Yes, or the word that was written.
        case answered(String)
    }

    mutating func press(_ key: Key) -> Outcome {
        if key.code == .escape { return .keeps }
        guard text != nil else { return key == .letter("y") ? .answered("y") : .keeps }
        if key.code == .enter { return .answered(text?.text.trimmingBlanks ?? "") }
        _ = text?.press(key)
        return .stays
    }

    func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        guard let text else {
            frame.put(model.glyphs.truncated(" " + prompt, to: rect.columns), in: rect, style: model.theme[.warn])
            return
        }
        let end = frame.put(" \(prompt): ", in: rect, style: model.theme[.prompt])
        let place = Position(column: end, row: rect.row)
        let after = frame.put(text.text, at: place, in: rect, style: model.theme[.text])
        frame.cursor = Position(column: min(after, rect.endColumn - 1), row: rect.row)
    }
}

/// Short texts one after the other, in as many rows as they need.
func flowing(_ texts: [String], columns: Int) -> [String] {
    var rows: [String] = []
    for text in texts {
        if let last = rows.last, TextWidth.of(last) + 3 + TextWidth.of(text) <= columns - 1 {
            rows[rows.count - 1] = last + "   " + text
        } else {
            rows.append(" " + text)
        }
    }
    return rows
}
