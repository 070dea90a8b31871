import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct ViTests {
    private func stage(_ text: String = "", history: [String] = []) throws -> Stage {
        var stage = try Stage(history: history)
        #expect(stage.model.take("vi", for: "editmode") == nil)
        stage.type(text)
        return stage
    }

    /// Each row: what is written, the keys of normal mode after Esc and `0`, and the text with the cursor as `|`.
    @Test(arguments: [
        ("one two three", "w", "one |two three"), ("one two three", "2w", "one two |three"),
        ("one two three", "e", "on|e two three"), ("one two three", "2e", "one tw|o three"),
        ("one two three", "$", "one two thre|e"), ("one two three", "$b", "one two |three"),
        ("one two three", "$2b", "one |two three"), ("one two three", "wh", "one| two three"),
        ("one two three", "3l", "one| two three"), ("one two three", "99l", "one two thre|e"),
        ("a.b c", "w", "a|.b c"), ("a.b c", "W", "a.b |c"), ("a.b c", "E", "a.|b c"), ("  in", "^", "  |in"),
        ("one two three", "x", "|ne two three"), ("one two three", "3x", "| two three"),
        ("one two three", "dw", "|two three"), ("one two three", "2dw", "|three"), ("one two three", "d2w", "|three"),
        ("one two three", "wD", "one| "), ("one two three", "wdw", "one |three"),
        ("one two three", "de", "| two three"),
        ("one two three", "wd0", "|two three"), ("one two three", "wd$", "one| "), ("one two", "wdb", "|two"),
        ("one two", "$dh", "one t|o"), ("abcd", "$X", "ab|d"), ("one", "dd", "|"),
        ("one\ntwo\nthree", "dd", "one\n|two"), ("one\ntwo\nthree", "ggdd", "|two\nthree"),
        ("one\ntwo\nthree", "gg2dd", "|three"), ("one\ntwo\nthree", "ggdj", "|three"),
        ("one\ntwo\nthree", "dk", "|one"), ("one\ntwo", "gg$x", "o|n\ntwo"),
        ("one two", "yw$p", "one twoone| "), ("one two", "dwp", "tone| wo"), ("one two", "dwP", "one| two"),
        ("one\ntwo", "ggddp", "two\n|one"), ("one\ntwo", "yyP", "one\n|two\ntwo"), ("ab", "yl3p", "aaa|ab"),
        ("one two", "rX", "|Xne two"), ("one two", "2rX", "X|Xe two"), ("one two", "ft", "one |two"),
        ("one two", "to", "one t|wo"), ("one two", "$Fn", "o|ne two"), ("one two", "$Tn", "on|e two"),
        ("one two", "dfe", "| two"), ("one two", "dte", "|e two"), ("one two", "dfz", "|one two"),
        ("one\n  two", "ggJ", "one| two"), ("one two", "3~", "ONE| two"), ("one two", "xxuu", "|one two"),
        ("one two", "dwu", "|one two"), ("one two", "qzv", "|one two"), ("one two", "d5q", "|one two"),
        ("a b c d e", "dw..", "|d e"), ("a b c d e", "2dw.", "|e"), ("a b c d e", "dw2.", "|d e"),
        ("a b c d e", "2dw1..", "|e"), ("abcdef", "x..", "|def"), ("abcdef", "rX$.", "Xbcde|X"),
        ("a.b.c", "df..", "|c"), ("one\ntwo\nthree", "ggdd.", "|three"), ("ab", "yl3p.", "aaaaaa|ab"),
        ("one two", ".", "|one two"), ("abc", "xxu.", "|c"), ("ab cd", "d5q.", "|ab cd"),
    ])
    func normalModeMovesAndCuts(_ text: String, _ keys: String, _ expected: String) throws {
        var stage = try stage(text)
        stage.press(.escape)
        #expect(stage.model.vi.mode == .normal)
        stage.type("0")
        for key in keys { stage.press(.character(key)) }
        #expect(shown(stage) == expected)
        #expect(stage.model.vi.mode == .normal)
    }

    /// Each row: what is written, keys of which the first begins to type, and the text with the cursor as `|`.
    @Test(arguments: [
        ("one two", "iX", "X|one two"), ("one two", "aX", "oX|ne two"), ("  one", "$IX", "  X|one"),
        ("one two", "AX", "one twoX|"), ("one\ntwo", "ggoX", "one\nX|\ntwo"), ("one\ntwo", "OX", "one\nX|\ntwo"),
        ("one two", "cwX", "X| two"), ("one two", "2cwX", "X|"), ("one two", "wCX", "one X|"),
        ("one two", "ccX", "X|"), ("a\nb", "ggSX", "X|\nb"), ("one two", "sX", "X|ne two"),
        ("one two", "cfeX", "X| two"), ("one two", "wcbX", "X|two"), ("x y", "cwZ", "Z| y"),
    ])
    func insertModeBegins(_ text: String, _ keys: String, _ expected: String) throws {
        var stage = try stage(text)
        stage.press(.escape)
        stage.type("0")
        for key in keys { stage.press(.character(key)) }
        #expect(shown(stage) == expected)
        #expect(stage.model.vi.mode == .insert)
    }

    /// Each row: what is written, keys after Esc and `0` with `\u{1B}` for Esc, and the text with the cursor as `|`.
    @Test(arguments: [
        ("one two three", "cwX\u{1B}w.w.", "X X |X"), ("one two", "iab\u{1B}w.", "abone a|btwo"),
        ("one\ntwo", "ggA!\u{1B}j.", "one!\ntwo|!"), ("one", "oX\u{1B}..", "one\nX\nX\n|X"),
        ("a b c d", "2cwX\u{1B}w.", "X |X"), ("a b c d", "cwX\u{1B}w2.", "X |X d"),
        ("one two", "cwlonger\u{7F}\u{1B}w.", "longe long|e"), ("one two", "ix\u{7F}\u{1B}x", "|ne two"),
    ])
    func aChangeIsMadeAgain(_ text: String, _ keys: String, _ expected: String) throws {
        var stage = try stage(text)
        stage.press(.escape)
        stage.type("0")
        for key in keys {
            switch key {
            case "\u{1B}": stage.press(.escape)
            case "\u{7F}": stage.press(.backspace)
            default: stage.press(.character(key))
            }
        }
        #expect(shown(stage) == expected)
    }

    @Test func redoTakesUndoBackInNormalModeAndFindsLinesInInsertMode() throws {
        var stage = try stage("one two three", history: ["before"])
        stage.press(.escape)
        stage.type("0dwdwuu")
        #expect(stage.model.draft == "one two three")
        stage.control("r")
        #expect(stage.model.draft == "two three")
        stage.control("r")
        stage.control("r")
        #expect(stage.model.draft == "three" && stage.model.overlay == nil)
        stage.type("uui")
        stage.control("r")
        #expect(stage.model.overlay?.name == .history)
    }

    @Test func theCursorSaysTheMode() throws {
        var stage = try Stage()
        #expect(stage.model.cursorShape == .usual)
        #expect(stage.model.take("vi", for: "editmode") == nil)
        #expect(stage.model.cursorShape == .bar)
        stage.type("word")
        stage.press(.escape)
        #expect(stage.model.cursorShape == .block)
        stage.type("r")
        #expect(stage.model.cursorShape == .underline)
        stage.type("X")
        #expect(stage.model.cursorShape == .block)
        stage.press(.function(1))
        #expect(stage.model.cursorShape == .usual)
    }

    private func shown(_ stage: Stage) -> String {
        let buffer = stage.model.composer.buffer
        let texts = buffer.elements.map(\.text)
        return texts[..<buffer.cursor].joined() + "|" + texts[buffer.cursor...].joined()
    }

    @Test func escStopsOnceInsertModeIsLeft() throws {
        var stage = try stage()
        stage.talk("One?", Script.answer("First", finish: nil))
        #expect(stage.press(.escape) == [.stop])
        stage.send(.generation(.finished(.cancelled, Metrics())))
        stage.talk("Two?", Script.answer("Second", finish: nil))
        stage.type("draft")
        #expect(stage.press(.escape) == [])
        #expect(stage.model.vi.mode == .normal)
        #expect(stage.hintLine().contains("NORMAL"))
        stage.type("2")
        #expect(stage.press(.escape) == [])
        #expect(stage.press(.escape) == [.stop])
        #expect(stage.model.draft == "draft")
        stage.type("x")
        #expect(stage.model.draft == "draf")
    }

    @Test func sendingGoesBackToTyping() throws {
        var stage = try stage("hello")
        #expect(stage.hintLine().contains("INSERT"))
        stage.press(.escape)
        #expect(stage.press(.enter) == [.remember("hello"), .ask("hello")])
        #expect(stage.model.vi.mode == .insert)
        stage.type("x")
        #expect(stage.model.draft == "x")
    }

    @Test func linesSentBeforeAreReachedAndCommandsBegun() throws {
        var stage = try stage("now", history: ["first", "second"])
        stage.press(.escape)
        stage.type("2k")
        #expect(shown(stage) == "firs|t")
        stage.type("j")
        #expect(stage.model.draft == "second")
        stage.type("dd:hel")
        #expect(stage.model.draft == "/hel")
        #expect(stage.model.completion != nil)
        stage.control("u")
        stage.type("x")
        stage.press(.escape)
        stage.press(.backspace)
        stage.type("x")
        #expect(stage.press(.character("?")) == [])
        #expect(stage.model.overlay?.name == .help)
    }

    @Test func emacsKeysAndPastesWorkInBothModes() throws {
        var stage = try stage("one two")
        stage.control("w")
        #expect(stage.model.draft == "one ")
        stage.press(.escape)
        stage.send(.input(.paste("a\nb")))
        #expect(stage.model.draft == "onea\nb ")
        stage.press(.end)
        #expect(stage.model.composer.buffer.cursor == 6)
    }

    /// Whatever the keys, the cursor stays in the text and nothing fails.
    @Test(arguments: 0..<12)
    func randomKeysKeepTheCursorInTheText(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var stage = try stage("one two.three\n\n  four é👩‍👩‍👧 five")
        let keys: [Character] = Array("hjklwbeWBE0^$xXdcyDCiaIAoOpPuJrftFTgGsSYq~239 :/é")
        for _ in 0..<300 {
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: stage.press(.escape)
            case 1: stage.press(.backspace)
            default:
                if let key = keys.randomElement(using: &generator) { stage.press(.character(key)) }
            }
            let buffer = stage.model.composer.buffer
            #expect((0...buffer.elements.count).contains(buffer.cursor))
            if stage.model.vi.mode == .normal, buffer.lineStart < buffer.lineEnd {
                #expect(buffer.cursor < buffer.lineEnd)
            }
        }
        _ = stage.frame()
    }
}
