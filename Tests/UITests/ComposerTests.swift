import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct ComposerTests {
    /// Plays keys: `^A` control, `M-b` alt, names in brackets, all else types itself.
    private func stage(_ text: String = "", history: [String] = []) throws -> Stage {
        var stage = try Stage(history: history)
        stage.type(text)
        return stage
    }

    @Test(
        arguments: [
            ("one two", ["a"], "x", "xone two"), ("one two", ["a", "e"], "x", "one twox"),
            ("one two", ["b", "b"], "x", "one txwo"),
            ("one two", ["a", "f"], "x", "oxne two"), ("one two", ["a", "k"], "x", "x"), ("one two", ["u"], "x", "x"),
            ("one two", ["w"], "x", "one x"), ("one two", ["w", "w", "y"], "", "one two"),
            ("one two", ["a", "k", "y", "y"], "", "one twoone two"),
            ("ab", ["t"], "", "ba"), ("abc", ["b", "t"], "", "acb"), ("a", ["t"], "", "a"),
            ("ab\ncd", ["a"], "x", "ab\nxcd"),
            ("ab\ncd", ["a", "u"], "", "ab\ncd"), ("ab\ncd", ["a", "b", "k"], "", "abcd"), ("abc", ["h"], "", "ab"),
            ("", ["w", "k", "u", "t", "y", "_"], "", ""),
            ("f(a.b) c", ["w", "w"], "", ""),
        ] as [(String, [Character], String, String)])
    func emacsKeysEdit(_ text: String, _ controls: [Character], _ typed: String, _ result: String) throws {
        var stage = try stage(text)
        for letter in controls { stage.control(letter) }
        stage.type(typed)
        #expect(stage.model.draft == result)
    }

    @Test func whatIsUndoneIsDoneAgain() throws {
        var stage = try stage("one two")
        stage.control("w")
        stage.control("w")
        stage.control("_")
        stage.control("_")
        #expect(stage.model.draft == "one two")
        stage.press(.character("_"), .alt)
        #expect(stage.model.draft == "one ")
        stage.press(.character("_"), .alt)
        stage.press(.character("_"), .alt)
        #expect(stage.model.draft == "")
        stage.control("_")
        stage.type("x")
        stage.press(.character("_"), .alt)
        #expect(stage.model.draft == "one x")
    }

    @Test func linesThatBeginSoAreFound() throws {
        var stage = try stage("wh", history: ["what now?", "when?", "other", "when?", "what next?"])
        func search(_ key: Character) { stage.press(.character(key), .alt) }
        search("p")
        #expect(stage.model.draft == "what next?")
        search("p")
        #expect(stage.model.draft == "when?")
        search("p")
        #expect(stage.model.draft == "what now?")
        search("p")
        #expect(stage.model.draft == "what now?")
        #expect(stage.lines().contains { $0.contains("No other line that was sent begins so") })
        search("n")
        #expect(stage.model.draft == "when?")
        search("n")
        search("n")
        #expect(stage.model.draft == "wh")
        search("n")
        #expect(stage.model.draft == "wh")
        // Another beginning, from the middle of a line.
        stage.type("at ever")
        for _ in 0..<4 { stage.press(.left) }
        stage.control("k")
        search("p")
        #expect(stage.model.draft == "what next?")
        stage.press(.down)
        #expect(stage.model.draft == "what ")
    }

    @Test func wordKeysStopAtWords() throws {
        var stage = try stage("say foo_bar, baz!")
        stage.press(.character("b"), .alt)
        stage.press(.left, .control)
        #expect(stage.model.composer.buffer.cursor == 4)
        stage.press(.character("d"), .alt)
        #expect(stage.model.draft == "say , baz!")
        stage.press(.right, .control)
        #expect(stage.model.composer.buffer.cursor == 9)
        stage.press(.backspace, .alt)
        #expect(stage.model.draft == "say , !")
    }

    @Test func clustersAreOneStep() throws {
        var stage = try stage()
        stage.type("e\u{301}👩\u{200D}👩\u{200D}👧🇫🇷日")
        for character in ["e", "\u{301}"] as [Character] { stage.press(.character(character)) }
        #expect(stage.model.composer.buffer.elements.count == 5)
        stage.press(.backspace)
        stage.press(.backspace)
        stage.press(.backspace)
        #expect(stage.model.draft == "e\u{301}👩\u{200D}👩\u{200D}👧")
        stage.press(.left)
        stage.press(.backspace)
        #expect(stage.model.draft == "👩\u{200D}👩\u{200D}👧")
    }

    @Test(arguments: [(Key.Code.enter, Key.Modifiers.alt), (.enter, .shift), (.character("j"), .control)])
    func newlineHasThreeKeys(_ code: Key.Code, _ modifiers: Key.Modifiers) throws {
        var stage = try stage("a")
        #expect(stage.press(code, modifiers) == [])
        stage.type("b")
        #expect(stage.model.draft == "a\nb")
    }

    @Test func undoTakesBackWordsAndWholePastes() throws {
        var stage = try stage("one two")
        stage.send(.input(.paste(" pasted\ntext")))
        #expect(stage.model.draft == "one two pasted\ntext")
        stage.control("_")
        #expect(stage.model.draft == "one two")
        stage.control("_")
        #expect(stage.model.draft == "one")
        stage.control("_")
        #expect(stage.model.draft == "")
        stage.control("_")
        #expect(stage.model.draft == "")
    }

    @Test func pasteIsNeverSentByItsNewlines() throws {
        var stage = try stage()
        #expect(stage.send(.input(.paste("one\ntwo\n"))) == [])
        #expect(stage.press(.enter) == [.remember("one\ntwo\n"), .ask("one\ntwo\n")])
    }

    @Test(arguments: [(20, 0, false), (21, 0, true), (1, 4096, false), (1, 4097, true)])
    func largePasteIsFoldedAndSentInFull(_ lines: Int, _ bytes: Int, _ isFolded: Bool) throws {
        let paste =
            bytes > 0
            ? String(repeating: "x", count: bytes) : Array(repeating: "line", count: lines).joined(separator: "\n")
        var stage = try stage("see: ")
        stage.send(.input(.paste(paste)))
        stage.type(" end")
        #expect(stage.model.composer.buffer.hasFoldedPaste == isFolded)
        let shown = stage.lines().contains {
            $0.contains(lines > 1 ? "see: [paste \(lines) lines] end" : "see: [paste 4.00K] end")
        }
        #expect(shown == isFolded)
        #expect(stage.press(.enter).last == .ask("see: " + paste + " end"))
    }

    @Test func foldedPasteExpandsInPlace() throws {
        let paste = (1...312).map { "row \($0)" }.joined(separator: "\n")
        var stage = try stage("a b")
        stage.control("b")
        stage.send(.input(.paste(paste)))
        #expect(stage.lines().contains("> a [paste 312 lines]b"))
        stage.control("x")
        stage.press(.character("p"))
        #expect(!stage.model.composer.buffer.hasFoldedPaste)
        #expect(stage.model.draft == "a " + paste + "b")
        #expect(stage.lines().dropLast().last == "  row 312b")
        stage.control("x")
        stage.press(.character("p"))
        #expect(stage.lines().contains { $0.contains("no folded paste") })
    }

    @Test func foldedPasteIsOneStep() throws {
        var stage = try stage("a")
        stage.send(.input(.paste(String(repeating: "x\n", count: 30))))
        stage.press(.backspace)
        #expect(stage.model.draft == "a")
    }

    @Test func historyIsReachedOnlyFromTheFirstAndLastRow() throws {
        var stage = try stage(history: ["older", "first\nsecond"])
        stage.type("draft")
        stage.press(.up)
        #expect(stage.model.draft == "first\nsecond")
        stage.press(.up)
        #expect(stage.model.draft == "first\nsecond")
        stage.press(.up)
        #expect(stage.model.draft == "older")
        stage.press(.up)
        #expect(stage.model.draft == "older")
        stage.press(.down)
        stage.press(.down)
        #expect(stage.model.draft == "draft")
        stage.press(.down)
        #expect(stage.model.draft == "draft")
    }

    @Test func sentLinesCanBeRecalled() throws {
        var stage = try stage()
        stage.talk("One?", Script.answer("First"))
        stage.talk("One?", Script.answer("Again"))
        stage.press(.up)
        #expect(stage.model.draft == "One?")
        stage.press(.up)
        #expect(stage.model.draft == "One?")
        #expect(stage.model.composer.history == ["One?"])
    }

    @Test func arrowsMoveByWrappedRows() throws {
        var stage = try stage(String(repeating: "word ", count: 30))
        stage.press(.left)
        stage.press(.left)
        stage.press(.up)
        #expect(stage.model.composer.buffer.cursor == 73)
        stage.press(.down)
        #expect(stage.model.composer.buffer.cursor == 148)
    }

    @Test(arguments: [60, 80, 200], [15, 24, 60])
    func cursorStaysOnTheComposersRows(_ columns: Int, _ rows: Int) throws {
        var stage = try Stage(columns: columns, rows: rows)
        stage.type(
            (1...20).map { "line \($0) 日本語 👩\u{200D}👧" }.joined(separator: "\n") + String(repeating: "x", count: 300)
                + "      ")
        for _ in 0..<60 {
            let frame = stage.frame()
            let cursor = try #require(frame.cursor)
            let hints = try #require(frame.lines.lastIndex { $0.hasPrefix("──") })
            #expect(cursor.row > hints && cursor.row < rows && cursor.column < columns)
            stage.press(.up)
        }
    }

    @Test func placeAndElementAreInverse() {
        let buffer = "ab 日本語 a long line that wraps somewhere\n\nlast".map(EditBuffer.Element.character)
        let layout = ComposerLayout(buffer, width: 12)
        for index in 0...buffer.count {
            let place = layout.place(of: index)
            // A blank that hangs past the edge shares its column with nothing else.
            #expect(layout.element(row: place.row, column: place.column) == index)
        }
    }
}
