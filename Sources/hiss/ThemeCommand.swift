import ArgumentParser
import Chat
import FoundationEssentials
import Launch
import Screen
import UI

/// Themes: which there are, whether one is right, and what it looks like.
struct ThemeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "theme", abstract: "List, check and show themes.",
        subcommands: [List.self, Check.self, Preview.self])

    /// The themes by name.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the themes and where their files are.")

        func run() throws {
            let locator = ThemeLocator(.current)
            let names = locator.names
            let columns = (names.map(\.count).max() ?? 0) + 2
            for name in names {
                let path = try locator.locate(name)
                let note =
                    switch Result(catching: { try ThemeFiles(locator).theme(name) }) {
                    case .success(let theme): theme.background.rawValue
                    case .failure: "wrong"
                    }
                let pad = String(repeating: " ", count: columns - name.count)
                try Output.standardOutput.write(
                    "\(name)\(pad)\(note)\(String(repeating: " ", count: 7 - note.count))\(path)\n")
            }
        }
    }

    /// Whether a theme can be used and read.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a theme's keys, colours and contrast.",
            discussion:
                "Fails on what it doesn't know, and where both colours of a style are given with a contrast below 4.5:1."
        )

        @Argument(help: ArgumentHelp("A theme's name or file.", valueName: "name|file"))
        var theme: String

        func run() throws {
            let theme = try ThemeFiles(ThemeLocator(.current)).theme(self.theme)
            let weak = theme.weakColors
            guard weak.isEmpty else {
                let lines = weak.map { style in
                    "\(style.name): \((style.contrast * 100).rounded(.down) / 100):1"
                }
                throw LaunchError(
                    .usage, "the theme '\(self.theme)' is hard to read",
                    why: "these have less than \(Theme.minimumContrast):1\n" + lines.joined(separator: "\n"),
                    advice: "colours that differ more in brightness")
            }
            try Output.standardOutput.write("\(theme.name): all right\n")
        }
    }

    /// What the screen looks like in a theme.
    struct Preview: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a screen in a theme's colours.")

        @Argument(help: ArgumentHelp("A theme's name or file.", valueName: "name|file"))
        var theme: String

        @Option(help: ArgumentHelp("Whether to use colour (default: auto).", valueName: "auto|always|never"))
        var color: String?

        @Option(help: "The screen's columns.")
        var columns = 80

        @Option(help: "The screen's rows.")
        var rows = 24

        func validate() throws {
            guard (60...500).contains(columns), (15...200).contains(rows) else {
                throw ValidationError("--columns has to be from 60 to 500, --rows from 15 to 200")
            }
        }

        func run() throws {
            let composition = try Composition(model: nil, config: nil, notes: NoteFlags.none)
            let choice = try composition.setting(SettingKeys.color, flag: color, builtIn: .auto)
            let usesColor = composition.settings.usesColor(choice, isTerminal: Output.standardOutput.isTerminal)
            let theme = try ThemeFiles(ThemeLocator(composition.directories)).theme(self.theme)
            let frame = SampleScreen.frame(size: Size(columns: columns, rows: rows), theme: theme, usesColor: usesColor)
            guard usesColor else {
                return try Output.standardOutput.write(frame.lines.joined(separator: "\n") + "\n")
            }
            let isTrueColor = ["truecolor", "24bit"].contains(composition.settings.environment["COLORTERM"])
            try Output.standardOutput.write(
                StyleSequence.text(of: frame, depth: isTrueColor ? .trueColor : .indexed256))
        }
    }
}

/// Reads themes where they are found.
struct ThemeFiles {
    private let locator: ThemeLocator

    init(_ locator: ThemeLocator) {
        self.locator = locator
    }

    /// The theme of a name or in a file, with all that it inherits.
    func theme(_ reference: String) throws -> Theme {
        do {
            return try ThemeLoader { try? source($0) }.load(source(reference))
        } catch let error as ThemeError {
            throw LaunchError(
                .usage, "the theme '\(reference)' is wrong", why: error.description,
                advice: "hiss theme check \(reference)")
        }
    }

    private func source(_ name: String) throws -> ThemeLoader.Source {
        let path = try locator.locate(name)
        return ThemeLoader.Source(text: try TextInput.text(TextInput.file(path), from: "'\(path)'"), file: path)
    }

    /// Every theme that can be named, with what is wrong with it, if anything.
    func choices() -> [ThemeChoice] {
        locator.names.map { name in
            do {
                return ThemeChoice(name: name, theme: try theme(name))
            } catch {
                let failure = (error as? LaunchError)?.failure
                return ThemeChoice(name: name, theme: nil, problem: failure?.why ?? "\(error)")
            }
        }
    }
}
