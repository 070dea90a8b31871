import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct SessionCommandTests {
    private func place() async throws -> ChatSession.Place {
        let engine = ScriptedEngine(scripts: [Script.answer("First."), Script.answer("Second.")])
        let session = ChatSession(engine, options: ChatSession.Options(now: { 1_795_608_000 }))
        for question in ["One?", "Two?"] {
            for await _ in session.reply(to: question, options: GenerationOptions()) {}
        }
        return try await session.go(.undo(1))
    }

    @Test func undoShowsTheConversationUpToThere() async throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First."))
        stage.talk("Two?", Script.answer("Second."))
        stage.type("/undo")
        #expect(stage.press(.enter) == [.remember("/undo"), .session(.go(.undo(1)))])
        #expect(stage.lines()[0].contains("GO"))
        stage.send(.session(.success(.place(try await place()))))
        #expect(stage.model.turn == 1 && !stage.model.isBusy)
        let lines = stage.lines()
        #expect(lines.contains { $0.contains("First.") } && !lines.contains { $0.contains("Second.") })
        #expect(lines.contains { $0.contains("At turn 1:") })
    }

    /// Of today the clock, else with the day.
    @Test(arguments: [("2026-11-25 21:30", false), ("2026-11-26 00:10", true)])
    func headersSayWhenItWasSaid(now: String, isOfAnotherDay: Bool) async throws {
        var stage = try Stage()
        stage.model.timeText = { $0 == 1_795_608_000 ? "2026-11-25 12:00" : "" }
        stage.send(.clock(now))
        stage.send(.session(.success(.place(try await place()))))
        let lines = stage.lines()
        #expect(lines.count { $0.contains("12:00") } == 2, "\(lines)")
        #expect(lines.contains { $0.contains("11-25 12:00") } == isOfAnotherDay)
    }

    @Test func whatCannotBeDoneSaysWhyAndChangesNothing() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First."))
        stage.type("/goto 9")
        #expect(stage.press(.enter) == [.remember("/goto 9"), .session(.go(.turn("9")))])
        stage.send(.session(.failure(ChatFailure(what: "there is no turn to go to", why: "no 9"))))
        #expect(!stage.model.isBusy)
        #expect(stage.lines().contains { $0.contains("there is no turn to go to: no 9") })
        #expect(stage.lines().contains { $0.contains("First.") })
        stage.type("/undo x")
        #expect(stage.press(.enter) == [])
        #expect(stage.model.draft == "/undo x")
    }

    @Test func regenAnswersTheLastQuestionAgain() throws {
        var stage = try Stage()
        stage.type("/regen")
        #expect(stage.press(.enter) == [])
        stage.control("u")
        stage.talk("One?", Script.answer("First."))
        stage.type("/regen")
        #expect(stage.press(.enter) == [.remember("/regen"), .answer(.again)])
        for event in Script.answer("Other.") { stage.send(.generation(event)) }
        #expect(stage.lines().contains { $0.contains("Other.") })
        #expect(stage.model.turn == 1)
    }

    @Test func timeListsTheTurns() throws {
        var stage = try Stage()
        stage.type("/time")
        #expect(stage.press(.enter) == [.remember("/time"), .session(.timeline)])
    }
}
