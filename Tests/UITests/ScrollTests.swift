import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct ScrollTests {
    /// The rows of the chat pane.
    private func chat(_ stage: inout Stage) -> [String] {
        stage.chatLines()
    }

    private func numbered(_ count: Int) -> String {
        (1...count).map { "number \($0)." }.joined(separator: "\n")
    }

    @Test func pagesOverlapByOneRowAndComeBack() throws {
        var stage = try Stage()
        stage.talk("Count.", Script.answer(numbered(100)))
        let bottom = chat(&stage)
        stage.press(.pageUp)
        let page = chat(&stage)
        #expect(page.last == bottom.first)
        #expect(!stage.model.transcript.isFollowing)
        stage.press(.pageDown)
        #expect(chat(&stage) == bottom)
        #expect(stage.model.transcript.isFollowing)
    }

    @Test func wheelScrollsThreeRowsOnceItIsOurs() throws {
        var stage = try Stage()
        stage.talk("Count.", Script.answer(numbered(100)))
        stage.type("/mouse on")
        stage.press(.enter)
        #expect(stage.model.usesMouse)
        #expect(stage.lines().contains { $0.contains("hold Shift to select") })
        stage.type("x")
        stage.control("u")
        let bottom = chat(&stage)
        stage.press(.wheelUp)
        #expect(Array(chat(&stage).suffix(bottom.count - 3)) == Array(bottom.dropLast(3)))
        stage.press(.wheelDown)
        #expect(stage.model.transcript.isFollowing)
        stage.control("x")
        stage.press(.character("m"))
        #expect(!stage.model.usesMouse)
    }

    @Test func everyLineIsSeenOnceWhilePagingUp() throws {
        var stage = try Stage(columns: 60, rows: 15)
        stage.talk("Count.", Script.answer(numbered(200)))
        var seen: Set<String> = []
        for _ in 0..<40 {
            let numbers = chat(&stage).filter { $0.contains("number") }
            #expect(Set(numbers).count == numbers.count)
            seen.formUnion(numbers)
            stage.press(.pageUp)
        }
        #expect(seen == Set((1...200).map { "  number \($0)." }))
    }

    @Test func homeAndEndScrollOnlyWhenNothingIsWritten() throws {
        var stage = try Stage()
        stage.talk("Count.", Script.answer(numbered(100)))
        stage.press(.home)
        #expect(chat(&stage).first == "you · 21:04")
        #expect(stage.gaugeLine().hasSuffix("+85 lines, End follows"))
        stage.type("ab")
        stage.press(.end)
        stage.press(.home)
        stage.type("x")
        #expect(stage.model.draft == "xab")
        #expect(!stage.model.transcript.isFollowing)
        stage.control("u")
        stage.control("k")
        stage.press(.end)
        #expect(stage.model.transcript.isFollowing)
    }

    @Test func messagesAreSteppedThrough() throws {
        var stage = try Stage()
        stage.talk(turns: 20)
        stage.press(.home)
        #expect(chat(&stage)[1] == "  Question 1?")
        stage.press(.down, .alt)
        #expect(chat(&stage)[1] == "  Answer 1 takes one line.")
        stage.press(.down, .alt)
        #expect(chat(&stage)[0] == "you · 21:04")
        #expect(chat(&stage)[1] == "  Question 2?")
        stage.press(.up, .alt)
        #expect(chat(&stage)[1] == "  Answer 1 takes one line.")
        for _ in 0..<60 { stage.press(.down, .alt) }
        #expect(stage.model.transcript.isFollowing)
        for _ in 0..<60 { stage.press(.up, .alt) }
        #expect(chat(&stage)[1] == "  Question 1?")
    }

    @Test func heldTextDoesNotMoveWhileTheAnswerGrows() throws {
        var stage = try Stage()
        stage.talk("Count.", Script.answer(numbered(100)))
        stage.talk("More.", Script.answer("Begin", finish: nil))
        stage.press(.pageUp)
        stage.press(.pageUp)
        let held = chat(&stage)
        for event in Script.answer(numbered(50), finish: nil) { stage.send(.generation(event)) }
        #expect(chat(&stage) == held)
        stage.talk("", [])
        stage.press(.end)
        #expect(chat(&stage).last == "  number 50.█")
    }

    @Test func sendingFollowsAgain() throws {
        var stage = try Stage()
        stage.talk("Count.", Script.answer(numbered(100)))
        stage.press(.pageUp)
        stage.talk("Next?", Script.answer("Here."))
        #expect(stage.model.transcript.isFollowing)
        #expect(chat(&stage).contains("  Here."))
    }

    @Test(arguments: [60, 63, 79, 100, 200])
    func resizeKeepsTheTopMessageAndItsPlaceInTheText(_ columns: Int) throws {
        var stage = try Stage()
        let words = (1...600).map { "w\($0)" }.joined(separator: " ")
        stage.talk("First?", Script.answer(words))
        stage.talk("Second?", Script.answer(words))
        stage.press(.home)
        for _ in 0..<2 { stage.press(.pageDown) }
        let top = try #require(chat(&stage).first?.split(separator: " ").first)
        stage.resize(columns, 24)
        #expect(chat(&stage).first?.split(separator: " ").contains(top) == true)
        stage.resize(80, 24)
        stage.resize(columns, 40)
        #expect(chat(&stage).first?.split(separator: " ").contains(top) == true)
    }

    @Test func linesAreNeitherLostNorDoubledByResizesWhileStreaming() throws {
        var stage = try Stage(columns: 200, rows: 60)
        stage.type("Count.")
        stage.press(.enter)
        let sizes = [(60, 15), (80, 24), (61, 30), (120, 40), (59, 10), (200, 300)]
        for (index, event) in Script.answer(numbered(200)).enumerated() {
            if index % 11 == 0 { stage.resize(sizes[index / 11 % sizes.count].0, sizes[index / 11 % sizes.count].1) }
            stage.send(.generation(event))
            if index % 5 == 0 { _ = stage.frame() }
        }
        stage.resize(200, 300)
        #expect(chat(&stage).filter { $0.contains("number") } == (1...200).map { "  number \($0)." })
    }

    @Test func tooSmallScreenGoesOnWhenItGrows() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First answer."))
        let before = stage.lines()
        stage.resize(59, 24)
        #expect(stage.lines()[0] == "needs 60x15, have 59x24")
        stage.type("typed blind")
        stage.resize(10, 2)
        #expect(stage.lines() == ["needs 60x…", ""])
        stage.resize(1, 1)
        _ = stage.frame()
        stage.resize(0, 0)
        _ = stage.frame()
        stage.resize(80, 24)
        #expect(stage.lines().dropLast(2).elementsEqual(before.dropLast(2)))
        #expect(stage.model.draft == "typed blind")
    }

    @Test func keyCostsTheScreenAndNotTheConversation() throws {
        var stage = try Stage(columns: 200, rows: 60)
        for index in 0..<5000 {
            for kind in [
                TranscriptEntry.Kind.user, .model("m", TranscriptEntry.Answer(progress: .finished(.endOfTurn))),
            ] {
                stage.model.transcript.append(TranscriptEntry(kind: kind, text: "Message \(index)", clock: ""))
            }
        }
        _ = stage.frame()
        #expect(stage.model.transcript.wrapCount < 60)
        for key in [Key.Code.pageUp, .home, .pageDown, .end, .pageUp] {
            let before = stage.model.transcript.wrapCount
            stage.press(key)
            _ = stage.frame()
            // A screen, and the 500 rows that are counted below it, at three rows a message.
            #expect(stage.model.transcript.wrapCount - before < 250)
        }
        #expect(stage.lines()[1].contains("lines, End follows"))
        stage.press(.home)
        #expect(stage.lines()[1].contains("500+ lines, End follows"))
        let before = stage.model.transcript.wrapCount
        stage.type("typing wraps nothing again")
        _ = stage.frame()
        #expect(stage.model.transcript.wrapCount == before)
    }
}
