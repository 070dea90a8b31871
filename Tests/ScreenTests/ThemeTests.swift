import Foundation
import Screen
import Testing

@Suite struct ThemeTests {
    private func load(_ text: String, bases: [String: String] = [:]) throws -> Theme {
        let loader = ThemeLoader { name in bases[name].map { ThemeLoader.Source(text: $0, file: name + ".toml") } }
        return try loader.load(ThemeLoader.Source(text: text, file: "my.toml"))
    }

    private func message(_ text: String, bases: [String: String] = [:]) -> String {
        do {
            _ = try load(text, bases: bases)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test func shippedThemeNamesEveryStyleAndUsesOnlyTheTerminalsColours() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Themes/ansi.toml")
        let text = try String(contentsOf: file.standardizedFileURL, encoding: .utf8)
        let theme = try load(text)
        #expect(theme.name == "ANSI")
        for name in StyleName.allCases {
            #expect(text.contains("\n\(name.rawValue) = "))
            #expect(theme[name].reduced(to: .ansi16) == theme[name])
        }
        for name in GradientName.allCases { #expect(theme.color(name, at: 1) != nil) }
    }

    @Test(arguments: [
        ("default", Style()), ("red", Style(foreground: .indexed(1))), ("bright-black", Style(foreground: .indexed(8))),
        (
            "#102030 on blue bold dim",
            Style(foreground: .rgb(red: 16, green: 32, blue: 48), background: .indexed(4), attributes: [.bold, .dim])
        ),
        ("on white", Style(background: .indexed(7))), ("reverse", Style(attributes: .reverse)),
        (
            "frost italic underline",
            Style(foreground: .rgb(red: 0x88, green: 0xC0, blue: 0xD0), attributes: [.italic, .underline])
        ),
    ])
    func styleIsForegroundBackgroundAttributes(_ text: String, _ style: Style) throws {
        let theme = try load("[palette]\nfrost = \"#88C0D0\"\n[styles]\nwarn = \"\(text)\"")
        #expect(theme[.warn] == style)
    }

    @Test func missingKeyLooksLikeText() throws {
        let theme = try load("[styles]\ntext = \"green\"")
        #expect(theme[.error] == Style(foreground: .indexed(2)))
        #expect(theme.color(.rate, at: 0.5) == nil)
    }

    @Test func themeInheritsStylesAndPalette() throws {
        let base = "background = \"dark\"\n[palette]\nfrost = \"#88C0D0\"\n[styles]\ntext = \"white\"\nwarn = \"red\""
        let theme = try load(
            "inherits = \"base\"\n[styles]\nwarn = \"frost\"\nyou.label = \"bold\"", bases: ["base": base])
        #expect(theme[.text] == Style(foreground: .indexed(7)))
        #expect(theme[.warn].foreground == .rgb(red: 0x88, green: 0xC0, blue: 0xD0))
        #expect(theme[.youLabel].attributes == .bold)
        #expect(theme.background == .dark)
        #expect(theme.name == "my.toml")
    }

    @Test(arguments: [
        ("[styles]\ntext = \"red\"\ntxet = \"red\"", "my.toml:3: unknown key txet in [styles]"),
        ("colour = 1", "my.toml:1: unknown key colour"), ("\n[sytles]\na = \"b\"", "my.toml:2: unknown key sytles"),
        ("[styles]\nwarn = \"rde\"", "my.toml:2: warn in [styles] has the colour \"rde\""),
        ("[styles]\nwarn = \"red loud\"", "my.toml:2: warn in [styles] has \"loud\""),
        ("[styles]\nwarn = \"#12345\"", "my.toml:2: warn in [styles] has the colour \"#12345\""),
        ("[styles]\nwarn = \"red on\"", "my.toml:2: warn in [styles] needs a colour after \"on\""),
        ("[styles]\nwarn = \"\"", "my.toml:2: warn in [styles] is empty"),
        ("[styles]\nwarn = 3", "my.toml:2: warn in [styles] has to be text in quotes"),
        ("[gauges]\nrate = [\"red\", 2]", "my.toml:2: rate in [gauges] has to be a list of one to three colours"),
        ("[gauges]\nrate = []", "my.toml:2: rate in [gauges] has to be a list"),
        ("[gauges]\nhaet = [\"red\"]", "my.toml:2: unknown key haet in [gauges]"),
        ("background = \"grey\"", "my.toml:1: background is \"grey\""), ("name = 1", "my.toml:1: name has to be text"),
        ("inherits = \"none\"", "my.toml:1: inherits \"none\", and there is no such theme"),
        ("[styles\ntext = \"red\"", "my.toml:1: "), ("[palette]\nfrost = \"#88C0\"", "my.toml:2: frost in [palette]"),
        ("styles = 3", "my.toml:1: styles has to be a table"),
    ])
    func errorNamesFileLineAndKey(_ text: String, _ start: String) {
        let message = message(text)
        #expect(message.hasPrefix(start), "\(message)")
    }

    @Test func circleOfThemesIsAnError() {
        let message = message("inherits = \"a\"", bases: ["a": "inherits = \"b\"", "b": "\ninherits = \"a\""])
        #expect(message.hasPrefix("b.toml:2: inherits \"a\", which inherits this theme"), "\(message)")
    }

    @Test func everyBrokenThemeIsAnErrorAndNoTrap() throws {
        let whole =
            "name = \"x\"\n[palette]\nf = \"#88C0D0\"\n[styles]\nyou.label = \"f on red bold\"\n[gauges]\nrate = [\"f\", \"red\"]\n"
        #expect(message(whole) == "no error")
        for length in 0..<whole.utf8.count {
            let message = message(String(whole.prefix(length)))
            #expect(message == "no error" || message.hasPrefix("my.toml:"), "\(message)")
        }
    }

    @Test func gradientMixesRGBAndPicksAmongOthers() throws {
        let theme = try load("[gauges]\nrate = [\"#000000\", \"#0A1400\"]\nstate = [\"red\", \"green\", \"blue\"]")
        #expect(theme.color(.rate, at: 0.5) == .rgb(red: 5, green: 10, blue: 0))
        #expect([0, 0.2, 0.5, 0.8, 7].map { theme.color(.state, at: $0) } == [1, 1, 2, 4, 4].map { .indexed($0) })
    }
}
