import ArgumentParser
import Launch
import UI

/// The manual page, made from the commands, keys and settings themselves.
struct ManCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "man", abstract: "Print the manual page.", discussion: "Read it with: hiss man | man -l -")

    func run() throws {
        try Output.standardOutput.write(try Self.page())
    }

    /// The page in man(7)'s language.
    static func page() throws -> String {
        let commands = Hiss.configuration.subcommands
        let name = """
            .TH HISS 1
            .SH NAME
            hiss \\- \(escaped(Hiss.configuration.abstract))
            .SH SYNOPSIS
            .B hiss
            [\\fICOMMAND\\fR] [\\fIOPTIONS\\fR]

            """
        let sections = [("DESCRIPTION", Hiss.configuration.discussion), ("CHAT", KeyTable.text())].map { title, text in
            ".SH \(title)\n" + preformatted(text)
        }
        let help = commands.map { command in
            let name = command.configuration.commandName ?? ""
            return ".SS hiss \(name)\n" + preformatted(Hiss.helpMessage(for: command, columns: 76))
        }
        let settings = SettingKeys.summary.map { "\($0.name)\n    \($0.expected)" }.joined(separator: "\n")
        let statuses = ExitStatus.allCases.map { "\($0.rawValue)  \($0.meaning)" }.joined(separator: "\n")
        let rest = [
            ("SETTINGS", "In config.toml, or as HISS_… in the environment.\n\n" + settings),
            ("EXIT STATUS", statuses), ("FILES", Directories.current.listing),
        ].map { ".SH \($0)\n" + preformatted($1) }
        return name + (sections + [".SH COMMANDS\n"] + help + rest).joined()
    }

    private static func preformatted(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }
        return ".nf\n" + lines.joined(separator: "\n") + "\n.fi\n"
    }

    /// Text whose backslashes, dashes, and dots at a line's start are only text.
    private static func escaped(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
    }
}
