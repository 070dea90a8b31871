/// What a line that begins with a slash can go on to: out of the one command table, for both front ends.
public enum CommandCompletion {
    /// A word that can stand in an argument's place.
    public struct Word: Sendable, Equatable {
        public var text: String
        /// What a list says of it.
        public var help: String

        public init(_ text: String, _ help: String = "") {
            self.text = text
            self.help = help
        }
    }

    /// One way to go on.
    public struct Candidate: Sendable, Equatable {
        /// The whole line then.
        public var line: String
        /// What a list shows of it.
        public var label: String
        public var help: String
    }

    /// Where an argument is being written.
    public struct Place: Sendable, Equatable {
        public var command: Command.Name
        /// What can stand here.
        public var words: Command.Words
        /// The words before, without the command.
        public var before: [String]
        /// What is written of this one.
        public var begun: String
    }

    /// The ways in which `line` can go on.
    ///
    /// - Parameter words: the words of a place that only a front end knows, such as sessions and files
    public static func candidates(for line: String, words: (Place) -> [Word]) -> [Candidate] {
        guard line.hasPrefix("/"), !line.hasPrefix("//"), !line.contains("\n") else { return [] }
        if !line.contains(" ") {
            return Command.all.filter { $0.name.rawValue.hasPrefix(line.dropFirst()) }.map { command in
                let name = "/" + command.name.rawValue
                return Candidate(
                    line: command.argument == nil ? name : name + " ", label: command.call, help: command.summary)
            }
        }
        guard let place = place(in: line) else { return [] }
        let kept = String(line.dropLast(place.begun.count))
        let isLast = Command.named(place.command)?.words.count == place.before.count + 1
        return known(place, words: words).filter { $0.text.hasPrefix(place.begun) && $0.text != place.begun }.map {
            // Where another word may follow, it can be written at once.
            let text = $0.text + (isLast ? "" : " ")
            let label = place.words == .settingValues ? place.before.joined(separator: " ") + " " + $0.text : $0.text
            return Candidate(line: kept + text, label: label, help: $0.help)
        }
    }

    /// Where in its argument a line ends; nil where nothing can be completed.
    public static func place(in line: String) -> Place? {
        guard case .command(let name, _) = SubmittedLine(line), let command = Command.named(name),
            !command.words.isEmpty
        else { return nil }
        var rest = line.dropFirst(name.rawValue.count + 1)
        guard rest.first == " " else { return nil }
        rest = rest.drop { $0 == " " }
        var before: [String] = []
        while before.count < command.words.count - 1, let blank = rest.firstIndex(of: " ") {
            before.append(String(rest[..<blank]))
            rest = rest[blank...].drop { $0 == " " }
        }
        return Place(command: name, words: command.words[before.count], before: before, begun: String(rest))
    }

    private static func known(_ place: Place, words: (Place) -> [Word]) -> [Word] {
        switch place.words {
        case .listed(let texts): texts.map { Word($0) }
        case .commands: Command.all.map { Word($0.name.rawValue, $0.summary) }
        case .settings, .settingValues, .themes, .sessions, .personas, .models, .turns, .files: words(place)
        }
    }

    /// The words that name turns: their numbers, bookmarks and branches.
    public static func words(of turns: [TimelineRow]) -> [Word] {
        turns.map { Word($0.label, $0.title) }
            + turns.compactMap { row in row.bookmark.map { Word($0, "turn \(row.label): \(row.title)") } }
            + turns.compactMap { row in row.branch.map { Word($0, "branch from turn \(row.label)") } }
    }
}

extension Command {
    /// What the table says of a command.
    public static func named(_ name: Name) -> Command? { all.first { $0.name == name } }
}
