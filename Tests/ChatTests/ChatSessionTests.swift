import Chat
import TestSupport
import Testing

@Suite struct ChatSessionTests {
    private func drain(_ events: AsyncStream<GenerationEvent>) async {
        for await _ in events {}
    }

    private func talk(_ engine: ScriptedEngine, _ questions: [String]) async -> ChatSession {
        let session = ChatSession(engine)
        for question in questions { await drain(session.reply(to: question, options: GenerationOptions())) }
        return session
    }

    @Test func goingBackAndForthReadsNothing() async throws {
        let engine = ScriptedEngine(scripts: [Script.answer("One."), Script.answer("Two.")])
        let session = await talk(engine, ["a", "b"])
        let back = try await session.go(.undo(1))
        #expect(back.turn == 1)
        #expect(back.messages == [ChatMessage(role: .user, text: "a"), ChatMessage(role: .assistant, text: "One.")])
        #expect(try await session.go(.redo(1)).turn == 2)
        #expect(try await session.go(.turn("0")).messages.isEmpty)
        // Places are numbered in the order in which they were taken: the beginning, after a, after b.
        #expect(engine.calls == [.reply("a"), .reply("b"), .go(1), .go(2), .go(0)])
    }

    /// The engine would forget the places inside the answer.
    @Test func goingWhereItStandsLeavesTheEngineAlone() async throws {
        let engine = ScriptedEngine(scripts: [Script.answer("One.")])
        let session = await talk(engine, ["a"])
        let place = try await session.go(.turn("1"))
        #expect(place.label == "1" && place.recomputedTokens == 0 && place.messages.count == 2)
        #expect(engine.calls == [.reply("a")])
    }

    @Test(arguments: [ChatSession.Move.redo(1), .turn("7")])
    func aTurnThatIsNotThereIsRefused(move: ChatSession.Move) async {
        let engine = ScriptedEngine(scripts: [Script.answer("One.")])
        let session = await talk(engine, ["a"])
        await #expect(throws: ChatFailure.self) { try await session.go(move) }
        #expect(engine.calls == [.reply("a")])
    }

    @Test func theBeginningHasNothingBefore() async {
        let session = ChatSession(ScriptedEngine(scripts: []))
        await #expect(throws: ChatFailure.self) { try await session.go(.undo(1)) }
    }

    @Test func aTurnThatWasTakenBackIsNoTurn() async {
        let engine = ScriptedEngine(scripts: [[.finished(.withdrawn, Metrics())]])
        let session = await talk(engine, ["a"])
        await #expect(throws: ChatFailure.self) { try await session.go(.undo(1)) }
    }

    @Test func anotherAnswerKeepsTheFirst() async throws {
        let engine = ScriptedEngine(scripts: [Script.answer("One."), Script.answer("Uno.")])
        let session = await talk(engine, ["a"])
        await drain(session.answerAgain(options: GenerationOptions()))
        #expect(try await session.go(.turn("1")).messages.last?.text == "One.")
        #expect(try await session.go(.turn("1b")).messages.last?.text == "Uno.")
    }

    @Test func onlyAnotherQuestionBeginsABranchWithAName() async throws {
        let engine = ScriptedEngine(scripts: ["One.", "Uno.", "Un.", "Two."].map { Script.answer($0) })
        let session = await talk(engine, ["a"])
        await drain(session.answerAgain(options: GenerationOptions()))
        await drain(session.pick(1, back: 0, options: GenerationOptions()))
        _ = try await session.go(.turn("0"))
        await drain(session.reply(to: "b", options: GenerationOptions()))
        #expect(await session.timelineRows().map(\.branch) == [nil, nil, nil, nil, "branch-1"])
    }

    @Test func aResetForgetsTheTimeline() async throws {
        let engine = ScriptedEngine(scripts: [Script.answer("One.")])
        let session = await talk(engine, ["a"])
        try await session.reset(systemPrompt: nil)
        await #expect(throws: ChatFailure.self) { try await session.go(.undo(1)) }
    }

    @Test func commandsAreReadAsMoves() {
        #expect(ChatSession.Move(.undo, argument: "") == .undo(1))
        #expect(ChatSession.Move(.redo, argument: " 3 ") == .redo(3))
        #expect(ChatSession.Move(.goto, argument: "2b") == .turn("2b"))
        #expect(ChatSession.Move(.goto, argument: " my  mark ") == .turn("my mark"))
        #expect(ChatSession.Move(.undo, argument: "1 2") == nil)
        for (name, argument) in [(Command.Name.undo, "0"), (.undo, "x"), (.goto, ""), (.help, "1")] {
            #expect(ChatSession.Move(name, argument: argument) == nil)
        }
    }
}
