import Chat

extension AppModel {
    /// What `/copy` means by its argument.
    ///
    /// Nothing is the last answer, `2` the second answer, `code 1` a block of code, `all` the whole chat. Where there is
    /// nothing to copy, a notice says so.
    mutating func copy(_ argument: String) -> [Effect] {
        let words = argument.split(whereSeparator: \.isWhitespace)
        let answers = transcript.entries.filter { if case .model = $0.kind { true } else { false } }
        switch (words.first, words.dropFirst().first.flatMap { Int($0) }) {
        case (nil, _):
            guard let last = answers.last(where: { !$0.shownText.isEmpty }) else {
                return refuse("There is no answer yet.")
            }
            return [.copy(String(last.shownText))]
        case ("all", _):
            let text = transcript.plainText
            return text.isEmpty ? refuse("Nothing has been said yet.") : [.copy(text)]
        case ("code", let number?) where words.count == 2:
            let blocks = answers.flatMap(\.codeBlocks)
            guard blocks.indices.contains(number - 1) else {
                return refuse("There is no block of code \(number); there are \(blocks.count).")
            }
            return [.copy(blocks[number - 1])]
        case ("code", nil) where words.count == 1:
            guard let last = answers.flatMap(\.codeBlocks).last else { return refuse("There is no block of code yet.") }
            return [.copy(last)]
        case (let word?, _) where words.count == 1 && Int(word) != nil:
            let number = Int(word) ?? 0
            guard answers.indices.contains(number - 1) else {
                return refuse("There is no answer \(number); there are \(answers.count).")
            }
            return [.copy(String(answers[number - 1].shownText))]
        default:
            return refuse("/copy takes a number, 'code' and a number, or 'all'.")
        }
    }

    private mutating func refuse(_ why: String) -> [Effect] {
        notice = [why]
        return []
    }
}

extension Transcript {
    /// Questions and answers as plain text, each under its speaker's name.
    var plainText: String {
        let parts = entries.compactMap { entry -> String? in
            switch entry.kind {
            case .user: "you:\n" + entry.text
            case .model(let name, _): name + ":\n" + entry.shownText
            case .welcome, .note, .failure: nil
            }
        }
        return parts.joined(separator: "\n\n")
    }
}
