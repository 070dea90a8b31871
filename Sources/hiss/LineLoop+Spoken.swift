import Chat
import Launch
import Screen
import Terminal
import UI

/// What can be done with what was said.
extension LineLoop {
    /// `/find`: the lines with these words, each with who said it.
    func find(_ words: String) throws {
        let wanted = words.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !wanted.isEmpty else { return note("/find needs the words to look for") }
        var count = 0
        for message in spoken {
            let name = message.role == .user ? "you" : engine.summary.name
            for line in message.text.split(whereSeparator: \.isNewline) where line.lowercased().contains(wanted) {
                count += 1
                try output.write(InertText.plain("\(name): \(line)") + "\n")
            }
        }
        note(CountText.of(count, "line"))
    }

    /// `/copy`: puts a text where other programs can paste it.
    func copy(_ argument: String) async {
        let answers = spoken.filter { $0.role == .assistant }.map(\.text)
        let whole = spoken.map { ($0.role == .user ? "you" : engine.summary.name) + ":\n" + $0.text }
        do {
            let text = try CopyChoice.text(argument, answers: answers, whole: whole.joined(separator: "\n\n"))
            let clipboard = Clipboard(file: clipboardFile)
            let said = await clipboard.copy(text) { [input, output] text in
                // A reader that gets plain lines gets no escape sequences either.
                guard input.isEditing, let sequence = TerminalClipboard.sequence(text) else { return false }
                return (try? output.write(sequence)) != nil
            }
            note(said)
        } catch {
            note(error.why)
        }
    }

    /// What is for the whole screen alone.
    static let screenCommands: Set<Command.Name> = [
        .compare, .lockstep, .swap, .vote, .blind, .ascii, .dumpFrame, .theme, .mouse, .wrap, .meters,
    ]

    /// Keys and commands, one a line; with words only the lines that have them.
    static func help(_ words: String) -> String {
        let keys = [
            "Enter sends, Ctrl-J or Alt-Enter makes a new line, Tab completes a command,",
            "Ctrl-R searches the lines sent, Ctrl-C stops an answer, Ctrl-D leaves.",
        ]
        let here = Command.all.filter { !screenCommands.contains($0.name) }.map { ($0.call, $0.summary) }
        let rows = here + [("//TEXT", "send a text that begins with a slash")]
        let screen = Command.all.filter { screenCommands.contains($0.name) }.map { ($0.call, $0.summary) }
        let columns = 2 + ((rows + screen).map(\.0.count).max() ?? 0)
        func line(_ row: (call: String, summary: String)) -> String {
            "  \(row.call)\(String(repeating: " ", count: columns - row.call.count))\(row.summary)"
        }
        let lines = rows.map(line) + ["On the whole screen (hiss without repl and --plain):"] + screen.map(line)
        let wanted = words.lowercased()
        let found = (keys + lines).filter { wanted.isEmpty || $0.lowercased().contains(wanted) }
        return found.isEmpty ? "Nothing is called '\(words)'.\n" : found.joined(separator: "\n") + "\n"
    }
}
