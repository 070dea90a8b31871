import Chat
import Screen
import TestSupport
import Testing

@testable import UI

/// Random text that looks like what is parsed: nothing traps, and pieces give what the whole gives.
@Suite struct FuzzTests {
    private static let pieces = [
        "*", "**", "***", "_", "`", "```", "~~~", "#", "> ", "- ", "1. ", "\n", "\n\n", " ", "a", "word ", "日本", "\\",
        "\t",
        "\u{1B}[2J", "\u{202E}", "e\u{301}", "👩\u{200D}👧", "|", "---", "    ",
    ]

    @Test(arguments: 1...200)
    func randomMarkdownStreamsAsItIsWhole(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let parts = (0..<Int.random(in: 1...60, using: &generator)).compactMap { _ in
            Self.pieces.randomElement(using: &generator)
        }
        let width = Int.random(in: 1...80, using: &generator)
        var grown = WrappedText("", width: width, format: MarkdownFormat(glyphs: .unicode))
        for part in parts {
            grown.append(part)
            for (index, line) in grown.lines.enumerated() {
                let columns = grown.cells[line].reduce(0) { $0 + $1.width }
                #expect(grown.indents[index] + columns <= max(width, 2) + 80)
            }
        }
        grown.close()
        var whole = WrappedText(parts.joined(), width: width, format: MarkdownFormat(glyphs: .unicode))
        whole.close()
        #expect(grown.cells == whole.cells && grown.lines == whole.lines && grown.indents == whole.indents)
        #expect(CodeBlocks.all(in: parts.joined()[...]).count <= parts.count)
    }

    @Test(arguments: 1...200)
    func randomThemesAreReadOrRefused(_ seed: UInt64) {
        let words = [
            "[styles]", "[palette]", "[gauges]", "\n", "text", "dim", "rate", " = ", "\"red\"", "\"#12345\"",
            "\"#A0B0C0 on x\"",
            " [\"red\"]", "[", "[é", "]", "\"", "inherits", "name", "# c", "you.label", "1",
        ]
        var generator = SeededGenerator(seed: seed)
        let text = (0..<Int.random(in: 1...30, using: &generator))
            .compactMap { _ in words.randomElement(using: &generator) }.joined()
        do {
            _ = try ThemeLoader().load(ThemeLoader.Source(text: text, file: "t.toml")).weakStyles
        } catch {
            #expect("\(error)".hasPrefix("t.toml"))
        }
    }

    @Test(arguments: 1...60)
    func randomKeysNeverTrap(_ seed: UInt64) throws {
        let codes: [Key.Code] = [
            .enter, .tab, .backTab, .backspace, .delete, .escape, .up, .down, .left, .right, .home, .end, .pageUp,
            .pageDown,
            .wheelUp, .function(1), .function(2), .function(3), .function(9), .function(12), .character("/"),
            .character("x"),
            .character("n"), .character("["), .character("?"), .character(" "), .character("p"), .character("g"),
        ]
        var generator = SeededGenerator(seed: seed)
        var stage = try Stage(columns: 120, rows: 24)
        stage.talk("One?", Script.answer(daytrip))
        for _ in 0..<150 {
            guard let code = codes.randomElement(using: &generator) else { continue }
            let modifiers: Key.Modifiers = [[], [], [], .control, .alt].randomElement(using: &generator) ?? []
            stage.press(code, modifiers)
            if Bool.random(using: &generator) {
                stage.resize(
                    Int.random(in: 20...200, using: &generator), Int.random(in: 5...60, using: &generator))
            }
            stage.send(.tick(Double(generator.next() % 100)))
            _ = stage.frame()
            for event in Script.answer("more *text*") { stage.send(.generation(event)) }
        }
    }
}
