import Chat
import Launch
import UI

/// What `hiss help` explains besides its subcommands.
enum HelpTopic {
    /// Texts that are made for it.
    enum Page: String, CaseIterable {
        case keys, commands, settings, exit, files
    }

    case page(Page)
    /// A command of the chat.
    case command(Command)

    /// The topic that the command line asks for; nil if it asks for something else.
    ///
    /// - Parameter subcommands: what the program's own help explains
    /// - Throws: `LaunchError` with status `.usage` for a topic that there is none of
    init?(_ arguments: [String], subcommands: Set<String>) throws {
        guard arguments.count == 2, arguments[0] == "help" else { return nil }
        let word = arguments[1]
        // `keys` is a subcommand too, and says the same.
        if let page = Page(rawValue: word) {
            self = .page(page)
            return
        }
        if subcommands.contains(word) || word.hasPrefix("-") { return nil }
        let name = word.hasPrefix("/") ? String(word.dropFirst()) : word
        guard let command = Command.all.first(where: { $0.name.rawValue == name }) else {
            let topics = subcommands.sorted() + Page.allCases.map(\.rawValue) + Command.all.map(\.name.rawValue)
            let near = topics.min { name.distance(to: $0) < name.distance(to: $1) } ?? ""
            let advice = name.distance(to: near) <= 2 ? "hiss help \(near)" : "hiss help, or hiss help commands"
            throw LaunchError(
                .usage, "there is no help on '\(word)'",
                why: "there is some on every subcommand, every command of the chat, and on "
                    + Page.allCases.map(\.rawValue).joined(separator: ", "), advice: advice)
        }
        self = .command(command)
    }

    /// Prints the topic.
    func print() throws -> ExitStatus {
        try Output.standardOutput.write(try text)
        return .done
    }

    private var text: String {
        get throws {
            switch self {
            case .page(.keys), .page(.commands): try KeyTable.text(KeyFiles.keys())
            case .page(.settings):
                SettingKeys.summary.map { "\($0.name)\n  \($0.expected)\n" }.joined()
                    + "In config.toml (hiss config path), or in the environment: sampler.temp is HISS_SAMPLER_TEMP.\n"
            case .page(.exit): ExitStatus.allCases.map { "\($0.rawValue)\t\($0.meaning)\n" }.joined()
            case .page(.files): Directories.current.listing + "\n"
            case .command(let command): try KeyTable.text(of: command, KeyFiles.keys())
            }
        }
    }
}
