import Chat

extension AppModel {
    /// `/copy`; where there is nothing to copy, a notice says so.
    mutating func copy(_ argument: String) -> [Effect] {
        let answers = transcript.entries.filter { if case .model = $0.kind { true } else { false } }
        do {
            let texts = answers.map { String($0.saidText) }
            return [.copy(try CopyChoice.text(argument, answers: texts, whole: transcript.plainText))]
        } catch {
            notice = [error.why]
            return []
        }
    }
}

extension Transcript {
    /// Questions and answers as plain text, each under its speaker's name.
    var plainText: String {
        let parts = entries.compactMap { entry -> String? in
            switch entry.kind {
            case .user: "you:\n" + entry.text
            case .model(let name, _): name + ":\n" + entry.saidText
            case .welcome, .note, .failure: nil
            }
        }
        return parts.joined(separator: "\n\n")
    }
}
