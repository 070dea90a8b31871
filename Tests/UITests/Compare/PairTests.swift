import Foundation
import Screen
import TestSupport
import Testing

@testable import Chat
@testable import UI

@Suite struct PairTests {
    private func stage(_ mode: ChatPair.Mode = .free, columns: Int = 140, rows: Int = 40) throws -> Stage {
        try Stage(comparing: mode, columns: columns, rows: rows)
    }

    private func after(_ key: Character, _ stage: inout Stage) -> [Effect] {
        stage.control("x")
        return stage.press(.character(key))
    }

    private func text(_ stage: inout Stage) -> String { stage.lines().joined(separator: "\n") }

    @Test func f7OpensAndGoesBackToTheChatAsItWas() throws {
        var stage = try Stage()
        stage.talk(turns: 2)
        let before = stage.lines()
        #expect(stage.press(.function(7)) == [.pair(.open(nil))])
        #expect(stage.lines()[0].contains("hiss compare"))
        stage.begin(.free)
        stage.compareFreely()
        #expect(!stage.lines().contains { $0.contains("Answer 2 takes") })
        #expect(stage.press(.function(7)) == [.pair(.close)])
        #expect(stage.lines() == before)
    }

    @Test func aModelThatCanNotBeHadIsToldInTheChat() throws {
        var stage = try Stage()
        stage.type("/compare smollm2")
        #expect(stage.press(.enter).contains(.pair(.open("smollm2"))))
        let failure = ChatFailure(
            what: "'smollm2' is not on this machine", why: "the attention model", advice: "hiss model pull smollm2")
        stage.send(.pair(.failed(failure)))
        #expect(text(&stage).contains("try: hiss model pull smollm2"))
        #expect(stage.lines()[0].contains("smolmamba2"))
    }

    @Test func whatIsWrittenWhileModelsLoadIsAskedThen() throws {
        var stage = try Stage()
        stage.press(.function(7))
        stage.type("Hello")
        #expect(stage.press(.enter).isEmpty)
        #expect(stage.model.draft == "Hello")
        stage.begin(.free)
        #expect(stage.effects.contains(.pair(.ask("Hello"))))
        #expect(stage.model.draft.isEmpty)
    }

    @Test func onePromptGoesToBothAndEscStopsBoth() throws {
        var stage = try stage()
        stage.type("Hello")
        #expect(stage.press(.enter) == [.remember("Hello"), .pair(.ask("Hello"))])
        #expect(stage.lines().filter { $0.contains("Hello") }.first?.contains("│") == true)
        #expect(stage.press(.enter).isEmpty)
        #expect(stage.press(.escape) == [.pair(.stop)])
        #expect(stage.press(.escape).isEmpty)
        for event in PairScript.free("one", "two", finish: .cancelled) { stage.send(.pair(.event(event))) }
        #expect(!stage.model.isBusy)
        #expect(text(&stage).components(separatedBy: "stopped").count == 3)
    }

    @Test func anAnswerIsThereWhenBothAre() throws {
        var stage = try stage()
        stage.model.options.alert = .bell
        stage.send(.input(.focus(false)))
        stage.type("Hello")
        stage.press(.enter)
        var effects: [Effect] = []
        for var event in PairScript.free("one two", "three") {
            if case .finished(let reason, var metrics) = event.event {
                metrics.decodeSeconds = 20
                event.event = .finished(reason, metrics)
            }
            effects += stage.send(.pair(.event(event)))
        }
        #expect(effects == [.alert(.bell)])
    }

    @Test func narrowScreensFlipTallOnesStackWideOnesShowBoth() throws {
        for (columns, rows, shown) in [(80, 24, 1), (80, 40, 2), (140, 24, 2), (60, 15, 1)] {
            var stage = try stage(columns: columns, rows: rows)
            stage.compareFreely()
            let screen = text(&stage)
            #expect(screen.contains("leave on Thursday"))
            #expect(screen.contains("check out on Thursday") == (shown == 2), "\(columns)x\(rows)")
            _ = after("o", &stage)
            #expect(text(&stage).contains("check out on Thursday"))
        }
    }

    @Test func zoomShowsOnePaneOverTheWholeWidth() throws {
        var stage = try stage()
        stage.compareFreely()
        let before = stage.lines()
        _ = after("z", &stage)
        #expect(!text(&stage).contains("check out on Thursday"))
        #expect(!text(&stage).contains("top-1 agree"))
        _ = after("z", &stage)
        #expect(stage.lines() == before)
    }

    @Test func panesScrollAloneOrTogether() throws {
        var stage = try stage(rows: 24)
        for turn in 0..<12 { stage.compare("Q\(turn)", PairScript.free("a\(turn)", "b\(turn)")) }
        func tops() -> [Bool] { ChatPair.Side.allCases.map { stage.model.panes[$0.pane].transcript.isFollowing } }
        stage.press(.pageUp)
        #expect(tops() == [false, true])
        stage.press(.end)
        _ = after("=", &stage)
        stage.press(.pageUp)
        #expect(tops() == [false, false])
        stage.press(.end)
        #expect(tops() == [true, true])
        _ = after("o", &stage)
        _ = after("=", &stage)
        stage.press(.pageUp)
        #expect(tops() == [true, false])
    }

    @Test func lockStepIsForTheSameTokensAndTheSameMemory() throws {
        var stage = try stage()
        stage.begin(.free, sharesTokens: false)
        stage.type("/lockstep on")
        #expect(stage.press(.enter).isEmpty)
        #expect(text(&stage).contains("different tokens"))
        stage.control("u")
        stage.begin(.free)
        stage.compareFreely()
        stage.type("/lockstep on")
        #expect(stage.press(.enter).isEmpty)
        #expect(text(&stage).contains("different answers"))
        stage.control("u")
        stage.type("/reset")
        #expect(stage.press(.enter).contains(.pair(.begin(systemPrompt: nil, isBlind: false))))
        stage.begin(.free)
        stage.type("/lockstep on")
        #expect(stage.press(.enter).contains(.pair(.setMode(.lockstep))))
        #expect(text(&stage).contains("lock-step: both are fed A's tokens"))
        stage.type("/swap")
        #expect(stage.press(.enter).contains(.pair(.swapLead)))
        #expect(text(&stage).contains("both are fed B's tokens") && text(&stage).contains("KL(B||A)"))
    }

    @Test func sessionsThatRememberOtherAnswersCanNotGoOnInLockStep() throws {
        var stage = try Stage()
        stage.press(.function(7))
        func place(_ answer: String) -> ChatSession.Place {
            ChatSession.Place(
                session: nil,
                messages: [ChatMessage(role: .user, text: "Q"), ChatMessage(role: .assistant, text: answer)],
                times: [0, 0], turn: 1, label: "1", tokensSeen: 30, recomputedTokens: 0, note: "Resumed.")
        }
        let effects = stage.send(
            .pair(
                .began(
                    PairOpening(
                        models: [.a: .sample, .b: .attention], sharesTokens: true, mode: .lockstep, isBlind: false,
                        places: [.a: place("one"), .b: place("other")]))))
        #expect(effects == [.pair(.setMode(.free))])
        #expect(text(&stage).contains("free: each says its own"))
        #expect(text(&stage).contains("other"))
    }

    @Test func columnsSayWhatCanNotBeCompared() throws {
        var stage = try stage()
        stage.compareFreely()
        let rows = stage.lines().filter { $0.hasPrefix(" A smolmamba2") || $0.hasPrefix(" B smollm2") }
        #expect(rows.count == 2 && rows.allSatisfy { $0.hasSuffix("--") })
        #expect(text(&stage).contains("own ppl"))
    }

    @Test func commandsOfTheChatSayWhereTheyWork() throws {
        var stage = try stage()
        for command in ["/undo", "/load x", "/time"] {
            stage.type(command)
            #expect(stage.press(.enter).isEmpty)
            #expect(text(&stage).contains("is for the chat"))
            stage.control("u")
        }
        #expect(stage.press(.function(5)).isEmpty)
        #expect(stage.model.overlay == nil)
        #expect(stage.press(.escape).isEmpty)
        #expect(stage.press(.escape).isEmpty)
        var chat = try Stage()
        chat.type("/swap")
        #expect(chat.press(.enter).isEmpty)
        #expect(chat.lines().contains { $0.contains("/compare MODEL begins one") })
    }
}

@Suite struct VotingTests {
    private func text(_ stage: inout Stage) -> String { stage.lines().joined(separator: "\n") }

    @Test func blindHidesNamesAndFiguresUntilTheVote() throws {
        var stage = try Stage(comparing: .free, columns: 140, rows: 40, isBlind: true)
        stage.compareFreely()
        for telling in ["smol", "tok/s 4", "40.0", "22.6", "4.81M", "fast"] {
            #expect(!text(&stage).contains(telling), "\(telling)")
        }
        stage.type("/stats")
        stage.press(.enter)
        #expect(!text(&stage).contains("4.81M"))
        stage.type("/vote b")
        let effects = stage.press(.enter)
        let vote = PairVote(
            question: "Which room did I say, and when do I check out?",
            answers: [
                .a: "You said room 412, and you leave on Thursday. ", .b: "Room 412. You check out on Thursday. ",
            ], choice: .b, isBlind: true)
        #expect(effects.contains(.pair(.vote(vote))))
        // Nothing is told before the vote is kept.
        #expect(!text(&stage).contains("smol"))
        stage.send(.pair(.voted(.b)))
        #expect(text(&stage).contains("A is smolmamba2, B is smollm2."))
        #expect(text(&stage).contains("22.6"))
    }

    @Test func aVoteTakesOneKey() throws {
        for (key, choice) in [("a", Vote.Choice.a), ("b", .b), ("t", .tie), ("x", .bothBad)] {
            var stage = try Stage(comparing: .free, columns: 80, rows: 24)
            stage.compareFreely()
            stage.control("x")
            stage.press(.character("v"))
            #expect(stage.lines().contains { $0.contains("Which is better?") })
            guard case .pair(.vote(let vote))? = stage.press(.character(Character(key))).first else {
                Issue.record("no vote for \(key)")
                continue
            }
            #expect(vote.choice == choice && !vote.isBlind)
            stage.send(.pair(.voted(choice)))
            stage.type("/vote a")
            #expect(!stage.press(.enter).contains { if case .pair = $0 { true } else { false } })
            #expect(text(&stage).contains("You have voted"))
        }
    }

    @Test func thereIsNothingToVoteOnBeforeTwoAnswers() throws {
        var stage = try Stage(comparing: .free, columns: 80, rows: 24)
        stage.type("/vote a")
        #expect(stage.press(.enter).isEmpty)
        stage.control("u")
        stage.compareFreely(finish: nil)
        stage.control("x")
        stage.press(.character("v"))
        #expect(stage.press(.character("a")).isEmpty)
        var lockStep = try Stage(comparing: .lockstep, columns: 80, rows: 24)
        lockStep.compare("Q", PairScript.lockStep())
        lockStep.type("/vote a")
        #expect(lockStep.press(.enter).isEmpty)
        #expect(text(&lockStep).contains("both say the same"))
    }

    @Test func blindBeginsAnew() throws {
        var stage = try Stage(comparing: .free, columns: 80, rows: 24)
        stage.type("/blind")
        #expect(stage.press(.enter).contains(.pair(.begin(systemPrompt: nil, isBlind: true))))
        stage.send(.pair(.refused(ChatFailure(what: "one turn is not saved"))))
        #expect(!stage.model.isBusy)
        #expect(text(&stage).contains("not saved"))
    }
}
