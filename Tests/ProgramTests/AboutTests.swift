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
