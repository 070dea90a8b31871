import Foundation
import Testing

@testable import Screen

@Suite struct ShippedThemeTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Themes")
        .standardizedFileURL
    static let names = [
        "ansi", "default-dark", "default-light", "deuteranopia", "high-contrast", "mono", "nord", "solarized-dark",
        "solarized-light",
    ]

    private func theme(_ name: String) throws -> Theme {
        let text = try String(contentsOf: Self.folder.appending(path: name + ".toml"), encoding: .utf8)
        return try ThemeLoader().load(ThemeLoader.Source(text: text, file: name + ".toml"))
    }

    @Test func theFolderHoldsThem() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(files.sorted() == Self.names.map { $0 + ".toml" })
    }

    @Test(arguments: names)
    func everyShippedThemeCanBeRead(_ name: String) throws {
        let theme = try theme(name)
        #expect(theme.weakColors == [])
        #expect(theme.styles.count == StyleName.allCases.count)
    }

    /// Colour is never all that tells the marked row or a match from text.
    @Test func monoHasNoColour() throws {
        let theme = try theme("mono")
        for name in StyleName.allCases {
            #expect(theme[name].foreground == .terminal && theme[name].background == .terminal)
        }
        #expect(theme[.select].attributes == .reverse)
    }

    @Test func ansiUsesTheTerminalsOwnColours() throws {
        for style in try theme("ansi").styles.values {
            for color in [style.foreground, style.background] {
                if case .rgb = color { Issue.record("\(color) is no colour of the terminal's own") }
            }
        }
    }

    @Test(arguments: [
        (Color.rgb(red: 0, green: 0, blue: 0), Color.rgb(red: 255, green: 255, blue: 255), 21.0),
        (.rgb(red: 119, green: 119, blue: 119), .rgb(red: 255, green: 255, blue: 255), 4.48),
        (.indexed(16), .indexed(231), 21.0),
    ])
    func contrastIsThatOfWCAG(_ first: Color, _ second: Color, _ expected: Double) throws {
        let contrast = try #require(Color.contrast(first, second))
        #expect(abs(contrast - expected) < 0.01)
        #expect(Color.contrast(second, first) == contrast)
    }

    @Test func terminalColoursHaveNoContrastToCheck() {
        #expect(Color.contrast(.terminal, .indexed(16)) == nil)
        #expect(Color.contrast(.indexed(1), .indexed(0)) == nil)
    }

    @Test func groundIsThatOfTheText() throws {
        let source = ThemeLoader.Source(
            text: "[styles]\ntext = \"#FFFFFF on #000000\"\ndim = \"#333333\"\nwarn = \"default on #FFFFFF\"", file: "t"
        )
        let theme = try ThemeLoader().load(source)
        #expect(theme[.dim].background == .rgb(red: 0, green: 0, blue: 0))
        #expect(theme.weakColors.map(\.name) == ["dim", "warn"])
    }

    /// What reads well in exact colours may not where the nearest of 256 is shown.
    @Test func contrastCountsAsTwoHundredAndFiftySixColoursShowIt() throws {
        let source = ThemeLoader.Source(
            text:
                "[styles]\ntext = \"#D8DEE9 on #2E3440\"\nerror = \"#DE8F97\"\n[gauges]\nrate = [\"#DE8F97\", \"#FFFFFF\"]",
            file: "t")
        #expect(try ThemeLoader().load(source).weakColors.map(\.name) == ["error", "gauges.rate"])
    }

    @Test func framesBecomeSequences() {
        var frame = CellBuffer(size: Size(columns: 3, rows: 1))
        frame.put("日", in: frame.bounds, style: Style(foreground: .rgb(red: 1, green: 2, blue: 3), attributes: .bold))
        #expect(
            StyleSequence.text(of: frame, depth: .trueColor) == "\u{1B}[0;1;38;2;1;2;3m日\u{1B}[0m \u{1B}[0m\n")
        #expect(StyleSequence.text(of: frame, depth: .mono) == "\u{1B}[0;1m日\u{1B}[0m \u{1B}[0m\n")
    }
}
