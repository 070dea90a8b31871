import Screen
import TestSupport
import Testing

@testable import Chat
@testable import UI

/// What the screen says of what was done, and of what can't be.
@Suite struct FeedbackTests {
    @Test func comparisonThatCannotBeginLeavesTheAnswerAlone() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First."))
        let answer = stage.model.transcript.entries.last
        stage.press(.function(7))
        #expect(stage.model.pair != nil)
        stage.send(.pair(.failed(ChatFailure(what: "'smollm2' is not on this machine", advice: "hiss model pull"))))
        #expect(stage.model.pair == nil)
        #expect(stage.model.transcript.entries.contains { $0 == answer })
        #expect(stage.lines().contains { $0.contains("hiss: 'smollm2' is not on this machine") })
    }

    @Test func noticeGoesWithWhatItWasAbout() throws {
        var stage = try Stage()
        stage.type("/nothing")
        stage.press(.enter)
        #expect(stage.lines().contains { $0.contains("There is no /nothing") })
        for key in [2, 3, 9] {
            stage.press(.function(key))
            #expect(!stage.lines().contains { $0.contains("There is no /nothing") })
            stage.press(.escape)
        }
    }

    @Test func keyAfterThePrefixThatDoesNothingSaysSo() throws {
        var stage = try Stage()
        stage.control("x")
        stage.press(.character("Q"))
        #expect(stage.model.notice == ["^X Q does nothing; ^X ? lists the keys."])
        stage.model.notice = []
        stage.control("x")
        stage.press(.escape)
        #expect(stage.model.notice == [])
    }

    @Test func zoomNeedsAPanelToTakeAway() throws {
        var stage = try Stage()
        stage.control("x")
        stage.press(.character("z"))
        #expect(stage.model.notice == ["The chat has the whole width; the panel comes at 110 columns."])
        stage.resize(110, 24)
        #expect(stage.model.showsPanel)
        stage.control("x")
        stage.press(.character("z"))
        #expect(!stage.model.showsPanel)
    }

    @Test(arguments: Command.all.filter { $0.argument == nil })
    func commandsWithoutAnArgumentTakeNone(_ command: Command) throws {
        var stage = try Stage()
        let line = "/\(command.name.rawValue) x"
        stage.type(line)
        #expect(stage.press(.enter) == [])
        #expect(stage.model.notice == ["/\(command.name.rawValue) takes nothing, not 'x'."])
        #expect(stage.model.draft == line)
    }

    @Test func titleKeepsTheTurnBeforeTheThreads() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First."))
        stage.send(.sessionState(SessionState(name: "2026-11-28", branch: "branch-1", turn: "1c")))
        #expect(stage.lines()[0].contains("smolmamba2 · fast · 2 threads  2026-11-28/branch-1  turn 1c"))
        stage.resize(65, 24)
        #expect(stage.lines()[0].contains(" smolmamba2 · fast  2026-11-28/branch-1  turn 1c"))
        stage.resize(60, 24)
        #expect(stage.lines()[0].contains(" smolmamba2  2026-11-28/branch-1  turn 1c"))
        // A label of another turn isn't this one's.
        stage.send(.sessionState(SessionState(name: "kyoto", turn: "12")))
        #expect(stage.lines()[0].contains("kyoto  turn 1 "))
    }

    @Test func smallestScreenListsAllKeysAfterThePrefix() throws {
        var stage = try Stage(columns: 60, rows: 15)
        stage.control("x")
        stage.send(.tick(1))
        stage.send(.tick(2))
        let text = stage.lines().joined(separator: "\n")
        for binding in stage.model.keysAfterPrefix { #expect(text.contains(" \(binding.label) ")) }
        #expect(!text.contains("other pane"))
        #expect(!text.contains("after ^X, "))
    }

    @Test func differenceIsShownFromItsBeginning() throws {
        var stage = try Stage()
        stage.talk(turns: 4)
        stage.send(.session(.success(.difference(SessionOverlayTests.difference))))
        #expect(stage.lines().contains { $0.contains("state diff 2 -> 3") })
    }

    @Test(arguments: [
        ("/copy 9", "There is no answer 9; there is 1."), ("/copy code 1", "There is no block of code yet."),
        ("/seed new", "seed is new, drawn for each answer, in this run; F2 and Enter saves it."),
        ("/seed x", "seed can't be 'x': it has to be a whole number from 0 to 18446744073709551615,"),
    ])
    func wordsFitTheNumber(_ line: String, _ said: String) throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First."))
        stage.type(line)
        stage.press(.enter)
        #expect(stage.lines().contains { $0.hasPrefix(" " + said) })
    }

    @Test func attentionIsNotComparedWithItself() throws {
        var stage = try Stage(columns: 120, rows: 40, summary: .attention)
        stage.talk("One?", Script.answer("First."))
        #expect(!stage.lines().contains { $0.contains("same tokens") })
        stage.resize(80, 24)
        #expect(!stage.gaugeLine().contains("KV-equiv"))
    }

    @Test func answersKeepTheirFiguresWhereTheReaderGoes() throws {
        var stage = try Stage()
        var metrics = Metrics()
        (metrics.completionTokens, metrics.decodeSeconds) = (9, 0.25)
        let place = ChatSession.Place(
            session: nil,
            messages: [ChatMessage(role: .user, text: "One?"), ChatMessage(role: .assistant, text: "First.")],
            times: [0, 0], metrics: [nil, metrics], turn: 1, label: "1", tokensSeen: 30, recomputedTokens: 0,
            note: "At turn 1.")
        stage.send(.session(.success(.place(place))))
        #expect(stage.lines().contains { $0.hasPrefix("smolmamba2") && $0.contains("9 tok · 36.0 tok/s") })
        #expect(stage.lines().contains { $0.hasPrefix("you") && !$0.contains("tok") })
    }

    @Test func answersBesideOthersSaySo() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First."))
        stage.type("/regen")
        #expect(stage.press(.enter).contains(.answer(.again)))
        #expect(stage.lines().contains { $0.contains("Answered again; the answer before stays in /time") })
    }

    @Test func reasonWithRowsOfItsOwnStandsBelow() throws {
        var stage = try Stage()
        stage.send(
            .session(
                .failure(ChatFailure(what: "no model is called 'x'", why: "searched:\n/a\nfound: b", advice: "/models"))
            ))
        #expect(stage.model.notice == ["no model is called 'x'", "searched:", "/a", "found: b", "try: /models"])
    }
}
