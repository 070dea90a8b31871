import Chat
import Testing

@Suite struct SessionRequestTests {
    @Test func commandsBecomeRequests() throws {
        #expect(try SessionRequest(.undo, argument: "2") == .go(.undo(2)))
        #expect(try SessionRequest(.fork, argument: "") == .fork(name: nil, turn: nil))
        #expect(try SessionRequest(.fork, argument: " side trip ") == .fork(name: "side trip", turn: nil))
        #expect(try SessionRequest(.diff, argument: "1 2b") == .difference(from: "1", to: "2b"))
        #expect(try SessionRequest(.merge, argument: "2b 0.25") == .merge(turn: "2b", weight: 0.25))
        #expect(try SessionRequest(.export, argument: "") == .export(.hiss, file: nil, session: nil))
        #expect(
            try SessionRequest(.export, argument: "md my notes.md") == .export(.md, file: "my notes.md", session: nil))
        #expect(try SessionRequest(.persona, argument: "save guide") == .savePersona("guide"))
        #expect(try SessionRequest(.state, argument: "") == .state)
        #expect(try SessionRequest(.bench, argument: "") == .measureSpeed(tokens: 64))
        #expect(try SessionRequest(.regen, argument: "") == nil)
        #expect(try AnswerRequest(.edit, argument: "2b Why so?") == .edit(turn: "2b", text: "Why so?"))
        #expect(try AnswerRequest(.ask, argument: "Which room?") == .aside("Which room?"))
        #expect(try AnswerRequest(.undo, argument: "") == nil)
    }

    @Test(arguments: [
        (Command.Name.undo, "x"), (.goto, ""), (.merge, ""), (.merge, "2 1.5"), (.step, "-1"), (.load, ""),
        (.rename, ""),
        (.export, "pdf"), (.persona, "save"), (.persona, "keep it"), (.diff, "1 2 3"), (.state, "all"), (.bench, "7"),
        (.bench, "x"),
    ])
    func wrongArgumentsAreExplained(_ name: Command.Name, _ argument: String) {
        #expect { try SessionRequest(name, argument: argument) } throws: { error in
            (error as? ChatFailure)?.what.hasPrefix("/\(name.rawValue) takes ") == true
        }
    }

    @Test func numbersAreWrittenWithWhatTheyCount() {
        #expect([0, 1, 2].map { CountText.of($0, "turn") } == ["0 turns", "1 turn", "2 turns"])
    }

    @Test(arguments: [(Command.Name.edit, "2"), (.ask, " "), (.pick, "0"), (.pick, "a b")])
    func wrongAnswersAreExplained(_ name: Command.Name, _ argument: String) {
        #expect(throws: ChatFailure.self) { try AnswerRequest(name, argument: argument) }
    }
}
