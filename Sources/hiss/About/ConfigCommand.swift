import ArgumentParser
import Launch

/// The configuration file: its values and where they come from, its path, whether it is right, and single changes.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show, check and change the settings.",
        subcommands: [Show.self, Path.self, Check.self, Set.self])

    /// Every setting's value.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print every setting's value, as the environment and the configuration file make it.")

        @Flag(help: "Also say where each value comes from.")
        var origin = false

        @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
        var config: String?

        func run() throws {
            let composition = try Composition(model: nil, config: config, notes: NoteFlags.none)
            let listing = try composition.settings.listing()
            let columns = (listing.map { $0.name.count + $0.value.count }.max() ?? 0) + 5
            for setting in listing {
                let line = "\(setting.name) = \(setting.value)"
                let pad = String(repeating: " ", count: max(1, columns - line.count))
                try Output.standardOutput.write(line + (origin ? "\(pad)# \(setting.origin)" : "") + "\n")
            }
        }
    }

    /// Where the file is.
    struct Path: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the configuration file's path.")

        func run() throws {
            try Output.standardOutput.write(Directories.current.configurationFile + "\n")
        }
    }

    /// Whether the file is right.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the configuration file's names and values.")

        @Argument(help: ArgumentHelp("The file (default: the one that is used).", valueName: "file"))
        var file: String?

        func run() throws {
            let configuration = try Configuration(path: file, directories: .current)
            try Output.standardOutput.write("\(configuration.path): all right\n")
        }
    }

    /// One value changed in the file.
    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change one value in the configuration file; comments and all else stay.")

        @Argument(help: ArgumentHelp("The setting: 'hiss config show' lists them.", valueName: "name"))
        var name: String

        @Argument(parsing: .remaining, help: ArgumentHelp("Its value.", valueName: "value"))
        var value: [String]

        @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
        var config: String?

        func run() throws {
            let path = config ?? Directories.current.configurationFile
            try ConfigurationEditor.set(name, to: value.joined(separator: " "), inFileAt: path)
        }
    }
}
