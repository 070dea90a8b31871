import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct MarkdownTests {
    static let code = """
        Here it is:

        ```swift
        func add(_ a: Int, _ b: Int) -> Int {
            a + b  // **not bold**
        }
        ```
        And another:
        ~~~
        ```
        ~~~
        Done.
        """

    /// Well-formed Markdown, and text that only looks like it.
    static let texts = [
        code,
        "# Title\n\nText with **bold words**, *soft ones*, ***both*** and `code **here**`.\n\n---\n> quoted *text*",
        "- one\n- two **strong**\n  - three with a text that is long enough to need a second row at least\n10. ten",
        "**bold over several words that wrap** and on", "a **b *c* d** e", "__init__ and snake_case_name and _soft_",
        "2 * 3 * 4 ** 5, 2*3*4, *args and **kwargs", "unclosed **bold\nnext line", "` and ``x`` and `a``b`",
        "| a | b |\n| - | - |\n| 1 | 2 |", "```\nnever closed", "```", "``` not `a fence", "    indented\n        more",
        "* \n*\n#\n# \n####### seven\n-\n1.\n1)x", "\\*not soft\\* \\# \\", "**", "***a** b*", "*a **b***", "> ",
        "a\u{1B}[1m**b\u{1B}**",
        "**日本語**の_文章_です。", "\n\n\n",
    ]

    /// Small models end answers with a fence that opens nothing.
    @Test func aFenceAtTheEndIsNoBlock() {
        #expect(rows("a\n```") == ["a"])
        #expect(rows("a\n```\n \n").first == "a")
        #expect(rows("```") == [""])
        #expect(CodeBlocks.all(in: "a\n```") == [] && CodeBlocks.all(in: "```\n  \n") == [])
        #expect(CodeBlocks.all(in: "```\n\n```") == [""])
    }

    private func rows(_ text: String, width: Int = 40, isOpen: Bool = false) -> [String] {
        var layout = WrappedText(text, width: width, format: MarkdownFormat(glyphs: .unicode))
        if !isOpen { layout.close() }
        return layout.lines.indices.map {
            String(repeating: " ", count: layout.indents[$0])
                + layout.text(ofLine: $0).filter { $0 != "\n" }
        }
    }

    private func faces(_ text: String) -> String {
        InlineMarkup.cells(of: text[...], isOpen: false).map { cell in
            switch cell.face {
            case .plain: "."
            case .strong: "B"
            case .emphasis: "i"
            case .strongEmphasis: "X"
            case .code: "c"
            case .marker: "`"
            default: "?"
            }
        }.joined()
    }

    @Test func codeIsIndentedAndItsFencesMakeWayForACopyLabel() {
        #expect(
            rows(Self.code) == [
                "Here it is:", "", "  func add(_ a: Int, _ b: Int) -> Int {", "      a + b  // **not bold**", "  }",
                "                  [1] copy: /copy code 1", "And another:", "  ```",
                "                  [2] copy: /copy code 2", "Done.",
            ])
        #expect(CodeBlocks.all(in: Self.code[...]).map { $0.split(separator: "\n").count } == [3, 1])
        #expect(CodeBlocks.all(in: Self.code[...])[1] == "```")
    }

    @Test func blockThatIsNeverClosedCanBeCopiedToo() {
        #expect(rows("```\nlet a = 1\n") == ["  let a = 1", "                  [1] copy: /copy code 1"])
        #expect(CodeBlocks.all(in: "```\nlet a = 1") == ["let a = 1"])
        #expect(rows("```\nlet a = 1", isOpen: true) == ["  let a = 1"])
    }

    @Test(arguments: [
        ("a **b** c", "a b c", "..B.."), ("*a* _b_ ***c***", "a b c", "i.i.X"),
        ("2 * 3 ** 4", "2 * 3 ** 4", ".........."),
        ("2*3*4", "2*3*4", "....."), ("snake_case_name", "snake_case_name", "..............."),
        ("`x*y*`", "`x*y*`", "`cccc`"), ("``a`b``", "``a`b``", "``ccc``"), ("a ` b", "a ` b", "....."),
        ("**a *b* c**", "a b c", "BBXBB"), ("***a** b*", "a b", "Xii"), ("*a **b***", "a b", "iiX"),
        ("**open", "**open", "......"), ("\\*a\\*", "*a*", "..."), ("**a**b", "ab", "B."), ("****", "****", "...."),
        ("say **\"hi\"**.", "say \"hi\".", "....BBBB."),
    ])
    func marksEmphasizeOnlyWhatTheySurround(_ text: String, _ shown: String, _ expected: String) {
        #expect(InlineMarkup.cells(of: text[...], isOpen: false).map(\.text).joined() == shown)
        #expect(faces(text) == expected)
    }

    @Test func itemsHangAndMarkersStay() {
        #expect(
            rows(
                "- one two three four five\n  1. six seven eight nine\n> ten eleven twelve thirteen\n## Head", width: 16
            )
                == [
                    "• one two three ", "  four five", "  1. six seven ", "     eight nine", "> ten eleven ",
                    "  twelve ",
                    "  thirteen", "Head",
                ])
        #expect(rows("***\n-\n- \n#\n#x") == [String(repeating: "─", count: 20), "-", "- ", "#", "#x"])
    }

    @Test(arguments: texts, [17, 40, 117])
    func streamingEndsAsOnePieceDoes(_ text: String, _ width: Int) {
        var grown = WrappedText("", width: width, format: MarkdownFormat(glyphs: .unicode))
        for scalar in text.unicodeScalars { grown.append(String(scalar)) }
        grown.close()
        var whole = WrappedText(text, width: width, format: MarkdownFormat(glyphs: .unicode))
        whole.close()
        #expect(grown.cells == whole.cells)
        #expect(grown.lines == whole.lines)
        #expect(grown.indents == whole.indents)
    }

    @Test(arguments: texts, [17, 40])
    func finishedLinesNeverChange(_ text: String, _ width: Int) {
        let all = rows(text, width: width)
        for (index, character) in zip(text.indices, text) where character == "\n" {
            // The row after the line break is still to be filled.
            let finished = rows(String(text[...index]), width: width, isOpen: true).dropLast()
            #expect(finished.elementsEqual(all.prefix(finished.count)))
        }
    }

    @Test(arguments: texts.prefix(5), [17, 40])
    func onlyTheWordAtTheEndMovesWhereMarksAreClosed(_ text: String, _ width: Int) {
        var before: [String] = []
        var sent = ""
        for character in text {
            sent.append(character)
            let now = rows(sent, width: width, isOpen: true)
            let fixed = max(0, before.count - 2)
            #expect(now.prefix(fixed).elementsEqual(before.prefix(fixed)), "after \(sent)")
            before = now
        }
    }

    @Test func onlyAnswersAreMarkdown() throws {
        var stage = try Stage()
        stage.talk("Say **this**", Script.answer("Said **that**."))
        let lines = stage.lines()
        #expect(lines.contains("  Say **this**"))
        #expect(lines.contains("  Said that."))
    }

    @Test func blocksAreNumberedThroughTheConversation() throws {
        var stage = try Stage(rows: 40)
        stage.talk("One?", Script.answer("```\na\n```\n```\nb\n```"))
        stage.talk("Two?", Script.answer("```\nc\n```"))
        #expect(stage.lines().contains { $0.hasSuffix("[3] copy: /copy code 3") })
    }

    @Test func noRowIsWiderThanItsRoom() {
        for text in Self.texts {
            for width in 1...120 {
                var layout = WrappedText(text, width: width, format: MarkdownFormat(glyphs: .unicode))
                layout.close()
                for (index, line) in layout.lines.enumerated() {
                    var cells = layout.cells[line]
                    while cells.last.map({ $0.text == " " || $0.width == 0 }) == true { cells.removeLast() }
                    let columns = layout.indents[index] + cells.reduce(0) { $0 + $1.width }
                    #expect(columns <= max(2, width))
                }
            }
        }
    }
}
