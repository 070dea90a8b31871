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

    @Test func lockStepIsForTheSameTokens() throws {
        var stage = try stage()
        stage.begin(.free, sharesTokens: false)
        stage.type("/lockstep on")
        #expect(stage.press(.enter).isEmpty)
        #expect(text(&stage).contains("different tokens"))
        // The line stays, to be changed.
        #expect(stage.model.draft == "/lockstep on")
        stage.control("u")
        stage.begin(.free)
        stage.type("/lockstep on")
        #expect(stage.press(.enter).contains(.pair(.setMode(.lockstep))))
        #expect(text(&stage).contains("lock-step: both are fed A's tokens"))
        stage.type("/swap")
        #expect(stage.press(.enter).contains(.pair(.swapLead)))
        #expect(text(&stage).contains("both are fed B's tokens") && text(&stage).contains("KL(B||A)"))
    }

    @Test func beforeLockStepTheOneThatFollowsReadsWhatTheOtherHasRead() throws {
        var stage = try stage()
        stage.compareFreely()
        stage.type("/lockstep on")
        #expect(stage.press(.enter).contains(.pair(.join)))
        #expect(stage.model.isBusy && text(&stage).contains("B reads what A has read"))
        #expect(stage.press(.enter).isEmpty)
        let place = ChatSession.Place(
            session: nil,
            messages: [ChatMessage(role: .user, text: "Q"), ChatMessage(role: .assistant, text: "as A says")],
            times: [0, 0], metrics: [nil, Metrics()], turn: 2, label: "2", tokensSeen: 64, recomputedTokens: 64,
            note: "Read.")
        stage.send(.pair(.joined(.b, place)))
        #expect(!stage.model.isBusy)
        let screen = text(&stage)
        #expect(screen.contains("lock-step: both are fed A's tokens") && screen.contains("as A says"))
        #expect(screen.contains("B has read A's text, 64 tokens"))
        #expect(stage.model.panes[ChatPair.Side.b.pane].readings.recomputedTokens == 64)
        #expect(!screen.contains("check out on Thursday"))
        stage.compare("And now?", PairScript.lockStep(seenBefore: 64))
        #expect(text(&stage).contains("0.625"))
    }

    /// What B would have said stands in its pane where A said something else, and nowhere else.
    @Test func theOneThatFollowsShowsItsOwnFirstChoices() throws {
        for (glyphs, bar) in [(Glyphs.unicode, "│"), (.ascii, "|")] {
            var stage = try Stage(comparing: .lockstep, columns: 140, rows: 40, glyphs: glyphs)
            stage.compare("Which room did I say?", PairScript.lockStep())
            let own = "You said room\(bar) 412\(bar) 412,\(bar).\(bar) and Thursday\(bar) Friday\(bar)."
            let lines = stage.lines()
            let row = try #require(lines.first { $0.contains("You said room 412, and Thursday.") })
            #expect(row.hasSuffix(own), "\(row)")
            #expect(lines.contains { $0.contains("\(bar)so\(bar) in B's pane is its own first choice") })
            // What is copied is what both were fed.
            stage.control("x")
            stage.press(.character("o"))
            stage.type("/copy")
            #expect(stage.press(.enter).contains(.copy("You said room 412, and Thursday.")))
        }
    }

    @Test func choicesBreakNoLinesAndActOnNoTerminal() {
        let format = ChoiceFormat(glyphs: .unicode)
        func shown(_ text: String, _ choice: String?) -> String {
            let line = ChoiceFormat.piece(text, choice: choice)
            return format.format(line[...], isOpen: true)?.cells.map(\.text).joined() ?? ""
        }
        #expect(shown(" Paris", " London\n") == " Paris│ London\\n│")
        #expect(shown(" Paris", nil) == " Paris")
        #expect(shown("a\u{2}b\u{3}", "\u{3}c\u{2}") == "ab│c│")
        #expect(!shown("a", "\u{1B}[2J").contains("\u{1B}"))
        #expect(shown("", " ") == "│ │")
    }

    @Test func sessionsThatRememberOtherAnswersCanNotGoOnInLockStep() throws {
        var stage = try Stage()
        stage.press(.function(7))
        func place(_ answer: String) -> ChatSession.Place {
            ChatSession.Place(
                session: nil,
                messages: [ChatMessage(role: .user, text: "Q"), ChatMessage(role: .assistant, text: answer)],
                times: [0, 0], metrics: [nil, Metrics()], turn: 1, label: "1", tokensSeen: 30,
                stateBytes: answer == "one" ? 0 : 1_382_400,
                recomputedTokens: 0, note: "Resumed.")
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
        #expect(stage.model.notice.joined(separator: " ").contains("/lockstep on lets B read A's text first"))
        // The state is as large as the session left it, before anything is asked.
        let row = stage.lines().last { $0.hasPrefix(" B smollm2") }
        #expect(row?.contains("1.32M") == true, "\(row ?? "")")
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
