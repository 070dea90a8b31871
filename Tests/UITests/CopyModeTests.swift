import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct CopyModeTests {
    /// Copy mode over one answer.
    private func stage(_ answer: String, columns: Int = 60, rows: Int = 24) throws -> Stage {
        var stage = try Stage(columns: columns, rows: rows)
        stage.talk("Say it.", Script.answer(answer))
        stage.control("x")
        stage.press(.character("["))
        return stage
    }

    /// The character under the cursor, as the frame has it.
    private func under(_ stage: inout Stage) -> String? {
        let frame = stage.frame()
        return frame.cursor.map { frame[$0.column, $0.row].text }
    }

    @Test func rowsAreMarkedWithTheirIndentation() throws {
        var stage = try stage(
            "One.\n\n```\n    let a = 1\n    let b = 2\n```\n" + String(repeating: "word ", count: 20))
        stage.type("kkkVk")
        #expect(stage.type("y", last: ()) == [.copy("      let a = 1\n      let b = 2")])
        #expect(stage.model.overlay == nil)
        #expect(stage.model.transcript.selection == nil)
    }

    @Test(arguments: [
        ("vy", "t"), ("vly", "th"), ("vey", "the"), ("wvey", "quick"), ("wwvby", "quick b"), ("v$y", "the quick brown"),
        ("$v0y", "the quick brown"), ("$vhhy", "own"), ("Vy", "the quick brown"),
        ("y", "the quick brown"),
        ("wwwy", "the quick brown"), ("0wvwhy", "quick "), ("evbvy", "the quick brown"),
    ])
    func motionsMarkCharacters(_ keys: String, _ copied: String) throws {
        var stage = try stage("the quick brown")
        stage.type("0")
        #expect(stage.type(keys, last: ()) == [.copy(copied)])
    }

    @Test func aLineThatIsBrokenOnTheScreenIsCopiedWhole() throws {
        let line = (1...30).map { "word\($0)" }.joined(separator: " ")
        var stage = try stage("before\n" + line + "\nafter")
        stage.type("gjvG0h")
        #expect(under(&stage) == "0")
        #expect(stage.type("y", last: ()) == [.copy("before\n" + line)])
    }

    @Test func stepsUpAndDownKeepTheColumn() throws {
        var stage = try stage("a long first line\nab\nanother long line")
        stage.type("gj$")
        #expect(under(&stage) == "e")
        stage.type("jj")
        #expect(under(&stage) == "e")
        stage.type("k")
        #expect(under(&stage) == "b")
        stage.type("k")
        #expect(under(&stage) == "e")
    }

    @Test func wordsAreSearchedDownUpAndAround() throws {
        var stage = try stage("one two one\nthree one")
        stage.type("g/ONE")
        stage.press(.enter)
        stage.type("v")
        stage.type("nn")
        #expect(stage.type("y", last: ()) == [.copy("one two one\nthree o")])
        stage = try self.stage("one two one\nthree one")
        stage.type("?two")
        stage.press(.enter)
        #expect(under(&stage) == "t")
        stage.type("/nothing")
        stage.press(.enter)
        #expect(stage.lines().contains { $0.contains("'nothing' is nowhere") })
        stage.press(.escape)
        #expect(stage.model.transcript.find == nil)
    }

    @Test func escUnmarksFirst() throws {
        var stage = try stage("one two")
        stage.type("v")
        stage.press(.escape)
        #expect(stage.model.overlay != nil && stage.model.transcript.selection?.mark == nil)
        stage.press(.escape)
        #expect(stage.model.overlay == nil)
    }

    @Test func theMarkedTextStaysMarkedAtAnotherWidth() throws {
        let line = (1...30).map { "word\($0)" }.joined(separator: " ")
        var stage = try stage(line, columns: 120)
        stage.type("gj0wvee")
        stage.resize(61, 15)
        _ = stage.frame()
        #expect(stage.type("y", last: ()) == [.copy("word2 word3")])
    }

    @Test func wideCharactersAreOneStep() throws {
        var stage = try stage("日本語 text")
        stage.type("0l")
        #expect(under(&stage) == "本")
        #expect(stage.type("vly", last: ()) == [.copy("本語")])
    }

    @Test func anEmptyChatHasNothingToCopy() throws {
        var stage = try Stage(loaded: false)
        stage.control("x")
        stage.press(.character("["))
        #expect(stage.lines().contains { $0.hasPrefix("copy: nothing has been said yet") })
        stage.type("hjklwbe0$gGvVon/x")
        stage.press(.enter)
        stage.type("ny")
        #expect(stage.model.overlay == nil)
        #expect(!stage.effects.contains { if case .copy = $0 { true } else { false } })
    }

    @Test func everyCharacterIsReachedByStepsToTheLeft() throws {
        var stage = try stage("ab\n\ncd ef\n- item")
        stage.type("G$")
        var seen = ""
        for _ in 0..<40 {
            seen = (under(&stage) ?? "") + seen
            stage.type("h")
        }
        #expect(seen.hasSuffix("Say it.ab cd ef• item"))
    }
}

extension Stage {
    /// Types, and gives what the last key asked for.
    fileprivate mutating func type(_ text: String, last: Void) -> [Effect] {
        type(String(text.dropLast()))
        return text.last.map { press(.character($0)) } ?? []
    }
}
