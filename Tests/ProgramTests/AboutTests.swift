import Chat
import Foundation
import TestSupport
import Testing

@Suite struct AboutTests {
    @Test func keysNameEveryCommand() throws {
        let outcome = try Program().run(["keys"])
        #expect(outcome.status == 0)
        for command in Command.all { #expect(outcome.text.contains("/\(command.name.rawValue)")) }
        #expect(try Program().run(["help", "commands"]).text == outcome.text)
    }

    @Test func helpExplainsTheChatsCommands() throws {
        let program = try Program()
        for command in Command.all where command.name != .help {
            let outcome = try program.run(["help", "/" + command.name.rawValue])
            #expect(outcome.status == 0 && outcome.text.contains(command.summary), "\(command.call)")
        }
        let undo = try program.run(["help", "undo"]).text
        #expect(undo.contains("/undo [N]") && undo.contains("keys: ^X u") && undo.contains("Between answers"))
        #expect(try program.run(["help", "/time"]).text.contains("keys: F5, ^X t"))
        let wrong = try program.run(["help", "udno"])
        #expect(wrong.status == 2 && wrong.errors.contains("no help on 'udno'"), "\(wrong.errors)")
        #expect(try program.run(["help", "sesion"]).errors.contains("try: hiss help session"))
    }

    @Test func keysAreChangedByTheirFile() throws {
        let program = try Program()
        let standard = try program.run(["keys", "--standard"])
        #expect(standard.status == 0 && standard.text.contains("^X u") && standard.text.contains("cut-to-end"))
        #expect(try program.run(["keys", "--print"]).text == standard.text)
        let path = program.home.url.path + "/keys.conf"
        try Data("F7 /fork\nF6 none\n".utf8).write(to: URL(filePath: path))
        let changed = try program.run(["keys", "--print"]).text
        #expect(changed.contains("F7") && changed.contains("F6 none"))
        #expect(try program.run(["keys", "--standard"]).text == standard.text)
        try Data("# mine\nF7 frok\n".utf8).write(to: URL(filePath: path))
        let wrong = try program.run(["keys"])
        #expect(wrong.status == 2 && wrong.errors.contains("\(path):2: there is no action 'frok'"), "\(wrong.errors)")
        let doctor = try program.run(["doctor"])
        #expect(doctor.status == 1 && doctor.text.contains("BAD   keys: "))
    }

    @Test func theLogIsWrittenOrExplained() throws {
        let program = try Program()
        let log = program.home.url.path + "/log.txt"
        let outcome = try program.run(["repl", "--log", log], input: Array("/hlep\n/seed 7\n/quit\n".utf8))
        #expect(outcome.status == 0, "\(outcome.errors)")
        let text = try String(contentsOfFile: log, encoding: .utf8)
        #expect(text.contains("note: there is no /hlep") && text.contains("note: seed = 7"))
        let refused = try program.run(["repl", "--log", "/nowhere/log.txt"])
        #expect(refused.status == 7 && refused.errors.contains("cannot write the log '/nowhere/log.txt'"))
    }

    @Test func lineModeTakesFilesSettingsAndReports() throws {
        let program = try Program()
        let lines = [
            "/file \(program.home.url.path)/missing", "/file /", "/set max_tokens 5", "/set temp 0.9", "/reset-set",
            "/reset-set", "/stop", "/info", "/doctor", "/log", "/edit-file draft", "/wrap off",
        ]
        let outcome = try program.run(
            ["repl"], input: Array(lines.joined(separator: "\n").utf8), environment: ["EDITOR": "false"])
        #expect(outcome.status == 0)
        for part in [
            "there is no file '", "'/' is no file of text", "max_tokens = 5", "back to temp = 0.2, max_tokens = 2048",
            "no setting was changed", "there is no answer to stop", "'false' ended with status 1",
            "the message stays as it was", "is for the whole screen",
        ] {
            #expect(outcome.errors.contains(part), "\(part)")
        }
        for part in ["line history", "ok    theme: ansi", "max_tokens = 5"] {
            #expect(outcome.text.contains(part), "\(part)")
        }
    }

    @Test func lineModeRepeatsNothingAndSaysWhatIsForTheScreen() throws {
        let lines = ["Hello", "And you?", "/undo", "/undo", "/regen", "/time x", "/help"]
        let outcome = try Program().run(
            ["repl", "--temp", "0", "--no-autosave"], input: Array(lines.joined(separator: "\n").utf8))
        #expect(outcome.status == 0)
        // What is on the screen already isn't written again where the reader goes back.
        #expect(!outcome.text.contains("you: "))
        // Nobody is named before an answer that doesn't come.
        #expect(!outcome.text.contains("smolmamba2: Enter sends"))
        #expect(outcome.errors.contains("there is no answer to make again"))
        #expect(outcome.errors.contains("/time takes nothing, not 'x'"))
        let help = try #require(outcome.text.range(of: "On the whole screen"))
        #expect(outcome.text[..<help.lowerBound].contains("/undo [N]"))
        #expect(outcome.text[help.upperBound...].contains("/theme [NAME]"))
    }

    @Test(arguments: ["settings", "exit", "files", "keys", "run"])
    func helpExplainsTopicsAndCommands(_ topic: String) throws {
        let outcome = try Program().run(["help", topic])
        #expect(outcome.status == 0)
        #expect(outcome.output.count > 100)
    }

    @Test func themesAreListedCheckedAndShown() throws {
        let program = try Program()
        let list = try program.run(["theme", "list"])
        #expect(list.status == 0)
        for name in ["ansi", "mono", "nord", "solarized-light"] {
            #expect(list.text.contains("\n\(name) ") || list.text.hasPrefix("\(name) "))
            #expect(try program.run(["theme", "check", name]).status == 0)
        }
        let plain = try program.run(["theme", "preview", "nord"])
        #expect(plain.text.contains("let answer = 42") && !plain.text.contains("\u{1B}"))
        #expect(plain.text.contains("<ESC>[31m"))
        let colored = try program.run(
            ["theme", "preview", "nord", "--color", "always"], environment: ["COLORTERM": "truecolor"])
        #expect(colored.text.contains("\u{1B}[0;38;2;216;222;233;48;2;46;52;64m"))
        #expect(!colored.text.contains("\u{1B}[31m"))
    }

    @Test(arguments: [
        ("[styles]\ntext = \"#777777 on #888888\"", "text: 1.2"), ("[styles]\n\ntxt = \"red\"", ":3: unknown key txt"),
        ("inherits = \"nord\"\n[styles]\ndim = \"#303030\"", "dim: "), ("inherits = \"none\"", ":1: inherits \"none\""),
    ])
    func wrongThemesAreExplained(_ text: String, _ part: String) throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write(Array(text.utf8), "bad.toml")
        let outcome = try Program().run(["theme", "check", file])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(part), "\(outcome.errors)")
    }

    @Test func configurationIsSetShownAndChecked() throws {
        let program = try Program()
        #expect(try program.run(["config", "set", "sampler.temp", "0.5"]).status == 0)
        #expect(try program.run(["config", "set", "sampler.temp", "hot"]).status == 2)
        let path = try program.run(["config", "path"]).text.trimmingCharacters(in: .newlines)
        #expect(path == program.home.url.path + "/config.toml")
        let shown = try program.run(["config", "show", "--origin"], environment: ["HISS_THEME": "nord"])
        #expect(shown.text.contains("sampler.temp = 0.5"))
        #expect(shown.text.contains("# \(path):2"))
        #expect(shown.text.contains("theme = nord") && shown.text.contains("# HISS_THEME"))
        #expect(shown.text.contains("# built in"))
        #expect(try program.run(["config", "check"]).text == "\(path): all right\n")
        try Data("themes = 1\n".utf8).write(to: URL(filePath: path))
        let wrong = try program.run(["config", "check"])
        #expect(wrong.status == 2 && wrong.errors.contains("\(path):1: there is no setting called 'themes'"))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionsNameTheCommands(_ shell: String) throws {
        let outcome = try Program().run(["completion", shell])
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("tokenize") && outcome.text.contains("temp"))
    }

    @Test func unknownShellIsRefused() throws {
        let outcome = try Program().run(["completion", "csh"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("bash, zsh, fish") || outcome.errors.contains("zsh, bash, fish"))
    }

    @Test func manualPageHasEveryCommandKeyAndStatus() throws {
        let outcome = try Program().run(["man"])
        #expect(outcome.status == 0)
        #expect(outcome.text.hasPrefix(".TH HISS 1\n"))
        for part in [".SS hiss run", ".SS hiss theme", "/reset", "sampler.temp", "143  asked to end", "line history"] {
            #expect(outcome.text.contains(part), "\(part)")
        }
        // Only the page's own requests begin with a dot.
        let requests = Set(outcome.text.split(separator: "\n").filter { $0.hasPrefix(".") }.map { $0.prefix(3) })
        #expect(requests.isSubset(of: [".TH", ".SH", ".SS", ".B ", ".nf", ".fi"]))
    }

    @Test func doctorLooksAtEverything() throws {
        let program = try Program()
        let fine = try program.run(["doctor"])
        #expect(fine.status == 0, "\(fine.text)")
        for part in ["terminal", "characters", "configuration", "theme: ansi", "state folder", "model: /"] {
            #expect(fine.text.contains(part), "\(part)")
        }
        let broken = try program.run(["doctor"], environment: ["HISS_MODEL": "nothing"])
        #expect(broken.status == 1)
        #expect(broken.text.contains("BAD   model: no model is called 'nothing'"))
    }

    @Test func infoPrintsEveryPath() throws {
        let program = try Program()
        let text = try program.run(["info"]).text
        for part in ["config.toml", "/models", "/themes", "/history"] {
            #expect(text.contains(program.home.url.path + (part.hasPrefix("/") ? part : "/" + part)))
        }
    }
}
