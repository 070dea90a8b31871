import Chat
import Screen

/// What a slash command can be completed to.
struct Completion: Sendable, Equatable {
    /// One way to go on.
    struct Candidate: Sendable, Equatable {
        /// The whole line then.
        var line: String
        var label: String
        var help: String
    }

    var candidates: [Candidate]
    /// The one that stands in the composer.
    var marked: Int?

    /// The candidates for a line that begins with a slash; nil if there are none.
    init?(_ line: String, _ model: AppModel) {
        guard line.hasPrefix("/"), !line.hasPrefix("//"), !line.contains("\n") else { return nil }
        let word = line.dropFirst().prefix { $0 != " " }
        if word.count + 1 == line.count {
            candidates = Command.all.filter { $0.name.rawValue.hasPrefix(word) }.map { command in
                let name = "/" + command.name.rawValue
                return Candidate(
                    line: command.argument == nil ? name : name + " ", label: command.call, help: command.summary)
            }
        } else if let name = Command.Name(rawValue: String(word)) {
            let begun = line.dropFirst(word.count + 1).drop { $0 == " " }
            candidates = Self.arguments(of: name, begun, model)
                .filter { $0.0.hasPrefix(begun) && ($0.0 != begun) }
                .map { Candidate(line: "/\(word) \($0.0)", label: $0.0, help: $0.1) }
        } else {
            return nil
        }
        if candidates.isEmpty { return nil }
    }

    /// What may follow a command.
    private static func arguments(
        of name: Command.Name, _ begun: Substring, _ model: AppModel
    ) -> [(String, String)] {
        switch name {
        case .set where begun.contains(" "):
            let setting = ChatSettings.named(String(begun.prefix { $0 != " " }))
            return setting.map { found in found.words.map { ("\(found.name) \($0)", "") } } ?? []
        case .load: return sessions(model).map { ($0.name, "\($0.turns) turns") }
        case .persona:
            let personas = (model.sessions ?? []).filter(\.isPersona).map { ("load " + $0.name, "") }
            return [("save ", "keep what was read so far"), ("load ", "begin from a persona")] + personas
        case .export: return ["hiss", "md", "json", "txt"].map { ($0, "") }
        default: return plainArguments(of: name, model)
        }
    }

    private static func sessions(_ model: AppModel) -> [SessionInfo] {
        (model.sessions ?? []).filter { !$0.isPersona }
    }

    private static func plainArguments(of name: Command.Name, _ model: AppModel) -> [(String, String)] {
        switch name {
        case .help: Command.all.map { ($0.name.rawValue, $0.summary) }
        case .set: ChatSettings.all.map { ($0.name + " ", "\($0.value(model)): \($0.summary)") }
        case .theme: model.themes.map { ($0.name, $0.theme?.background.rawValue ?? "wrong") }
        case .copy: [("all", "the whole chat"), ("code 1", "a block of code, by its number")]
        case .ascii, .mouse, .wrap: [("on", ""), ("off", "")]
        case .seed: [(GenerationSetting.drawnSeed, "another one for each answer")]
        case .meters: [("on", "all of them"), ("off", "no panel")]
        default: []
        }
    }

    /// The rows of the list.
    var rows: [String] {
        let columns = (candidates.map { TextWidth.of($0.label) }.max() ?? 0) + 2
        return candidates.map { $0.help.isEmpty ? $0.label : $0.label.padding(to: columns) + $0.help }
    }

    /// Goes to the next candidate, or the one before, and returns the line then.
    ///
    /// The first time, what all candidates begin with is enough if it is more than `line`.
    mutating func step(_ direction: Int, from line: String) -> String {
        if marked == nil, let common = commonBeginning, common.count > line.count { return common }
        let count = candidates.count
        let next = marked.map { ($0 + direction + count) % count } ?? (direction < 0 ? count - 1 : 0)
        marked = next
        return candidates[next].line
    }

    private var commonBeginning: String? {
        guard let first = candidates.first else { return nil }
        return candidates.dropFirst().reduce(first.line) { common, candidate in
            String(zip(common, candidate.line).prefix { $0 == $1 }.map(\.0))
        }
    }
}

extension AppModel {
    /// Lists what the command that is being written can become, and asks for the names of themes once they are needed.
    mutating func listCompletions() -> [Effect] {
        let buffer = composer.buffer
        completion = buffer.isCommand && buffer.cursor == buffer.elements.count ? Completion(buffer.text, self) : nil
        switch buffer.text {
        case "/theme " where themes.isEmpty: return [.listThemes]
        case "/load " where sessions == nil, "/persona load " where sessions == nil:
            return [.session(.sessions(matching: nil))]
        default: return []
        }
    }

    /// Tab: writes the next way in which the command can go on.
    mutating func complete(_ direction: Int) {
        guard var list = completion ?? Completion(composer.text, self) else { return }
        let line = list.step(direction, from: composer.text)
        _ = edit { $0.set(line) }
        // A line that is decided is where the next list begins.
        completion = list.candidates.count == 1 || list.marked == nil ? Completion(line, self) : list
    }
}
