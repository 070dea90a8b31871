import Launch
import UI

/// What `hiss help` explains besides its subcommands.
enum HelpTopic: String, CaseIterable {
    case keys, commands, settings, exit, files

    /// The topic that the command line asks for; nil if it asks for something else.
    init?(_ arguments: [String]) {
        // `keys` is a subcommand too, and says the same.
        guard arguments.count == 2, arguments[0] == "help" else { return nil }
        self.init(rawValue: arguments[1])
    }

    /// Prints the topic.
    func print() throws -> ExitStatus {
        let text: String
        switch self {
        case .keys, .commands: text = KeyTable.text
        case .settings:
            text =
                SettingKeys.summary.map { "\($0.name)\n  \($0.expected)\n" }.joined()
                + "In config.toml (hiss config path), or in the environment: sampler.temp is HISS_SAMPLER_TEMP.\n"
        case .exit: text = ExitStatus.allCases.map { "\($0.rawValue)\t\($0.meaning)\n" }.joined()
        case .files: text = Directories.current.listing + "\n"
        }
        try Output.standardOutput.write(text)
        return .done
    }
}
