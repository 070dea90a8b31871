import Chat
import Foundation
import Screen
import TestSupport
import Testing

@testable import UI

/// The timeline, the sessions and the places inside an answer.
@Suite struct SessionOverlayTests {
    enum Situation: String, CaseIterable, Sendable {
        case timeline, timelineDiff, sessions, tokens
    }

    static let rows = [
        TimelineRow(
            label: "0", parent: nil, kind: .beginning, question: "", answer: "", tokensSeen: 12,
            snapshotBytes: 5_045_760, digest: "3fa1c02e", created: 0, isOnPath: true),
        TimelineRow(
            label: "1", parent: "0", question: "Remember: my hotel is the Sakura, room 412.", answer: "Noted.",
            tokens: 58, tokensSeen: 90, snapshotBytes: 5_045_760, digest: "9b07d1a4", created: 60,
            bookmark: "hotel", isOnPath: true),
        TimelineRow(
            label: "2", parent: "1", question: "What is a good day trip from Kyoto?", answer: "Nara is close.",
            tokens: 91, tokensSeen: 200, digest: "51c4e77f", created: 120, isOnPath: true),
        TimelineRow(
            label: "2b", parent: "1", question: "What is a good day trip by bike?", answer: "Uji.", tokens: 88,
            tokensSeen: 190, snapshotBytes: 5_045_760, digest: "e02b9c11", created: 240, branch: "branch-1"),
        TimelineRow(
            label: "3b", parent: "2b", question: "And\nback?", answer: "By train.", tokens: 9, tokensSeen: 220,
            snapshotBytes: 5_045_760, digest: "aa02b9c1", created: 300),
        TimelineRow(
            label: "3", parent: "2", question: "Which room did I say, and when do I check out?", answer: "412.",
            tokens: 17, tokensSeen: 240, snapshotBytes: 5_045_760, digest: "c7718da0", created: 180, isCurrent: true,
            isOnPath: true),
    ]

    static let difference = StateDifference(
        from: "2", to: "3", layers: (0..<24).map { .init(index: $0, change: Double($0) / 80) },
        mostChanged: [.init(layer: 23, name: "head 4", change: 0.61), .init(layer: 12, name: "head 0", change: 0.4)],
        before: .init(top: [TokenChoice(id: 1, text: " on", probability: 0.71)], entropy: 2.1),
        after: .init(top: [TokenChoice(id: 2, text: " by\n", probability: 0.5)], entropy: 1.2), divergence: 0.94)

    static let place = TokenPlace(
        turn: "3", index: 4, count: 9, text: "You said room", rest: " 412, and you leave on Thursday.",
        chosen: TokenChoice(id: 7, text: " 412", probability: 0.62),
        alternatives: [
            TokenChoice(id: 7, text: " 412", probability: 0.62), TokenChoice(id: 8, text: " number", probability: 0.2),
            TokenChoice(id: 9, text: "\n", probability: 0.05),
        ])

    private static func session(_ name: String, turns: Int, words: String, isPersona: Bool = false) -> SessionInfo {
        SessionInfo(
            id: SessionID(name), name: name, model: ModelIdentity(name: "smolmamba2", model: "9b07", tokenizer: "51c4"),
            modelSource: "smolmamba2", isPersona: isPersona, created: 0, changed: 60, turns: turns, tokensSeen: 240,
            snapshotBytes: 13_400_000, firstWords: words)
    }

    static let sessions = [
        session("kyoto", turns: 6, words: "Remember: my hotel is the Sakura, room 412."),
        session("2026-11-25", turns: 1, words: "What is a tide?"),
        session("guide", turns: 1, words: "", isPersona: true),
    ]

    private static func stage(_ situation: Situation?, columns: Int = 80, rows: Int = 24) throws -> Stage {
        var stage = try Stage(columns: columns, rows: rows)
        stage.model.timeText = { "2026-11-25 21:0\(Int($0) / 60)" }
        stage.talk("Which room did I say?", Script.answer("You said room 412."))
        stage.send(.sessionState(SessionState(name: "kyoto", turn: "3")))
        switch situation {
        case nil: break
        case .timeline, .timelineDiff:
            stage.press(.function(5))
            stage.send(.session(.success(.timeline(Self.rows))))
            if situation == .timelineDiff {
                stage.type("m")
                stage.press(.up)
                stage.type("m")
                stage.send(.session(.success(.difference(difference))))
            }
        case .sessions:
            stage.press(.function(4))
            stage.send(.session(.success(.sessions(sessions, found: []))))
            stage.press(.down)
        case .tokens:
            stage.send(.session(.success(.tokens(place))))
            stage.press(.down)
        }
        return stage
    }

    @Test(arguments: Situation.allCases, GoldenFrameTests.sizes)
    func overlayLooksAsRecorded(_ situation: Situation, _ size: (columns: Int, rows: Int)) throws {
        var stage = try Self.stage(situation, columns: size.columns, rows: size.rows)
        let file = Stage.golden.appending(path: "\(situation.rawValue)-\(size.columns)x\(size.rows).txt")
        let difference = try GoldenFrame.difference(stage.frame(), file: file)
        #expect(difference == nil, "\(difference ?? "")")
    }

    @Test(arguments: Situation.allCases)
    func noRowIsWiderThanTheScreenAtAnyWidth(_ situation: Situation) throws {
        var stage = try Self.stage(situation)
        for columns in 20...200 {
            stage.resize(columns, 24)
            try SweepTests.expectFull(stage.frame(), columns: columns)
        }
    }

    /// What a state's difference has to say is there at every width, in more rows where they are narrower.
    @Test(arguments: [60, 80, 120, 200])
    func aDifferenceIsWholeAtEveryWidth(_ columns: Int) throws {
        let rows = Self.difference.lines(columns: columns - 2)
        #expect(rows.allSatisfy { TextWidth.of($0) <= columns - 2 })
        let text = rows.joined(separator: " ").split(separator: " ").joined(separator: " ")
        for part in [
            "state diff 2 -> 3", "L00 0.00", "L20 0.25", "L12 head 0 (0.40)", "least changed: L00", "KL 0.94 nat",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(text.contains("after 2: \" on\" 0.71") && text.contains("after 3: \" by\\n\" 0.50"))
    }

    @Test func aDifferenceToTheEmptyStateSaysThatThereIsNone() {
        var difference = Self.difference
        difference.layers = [.init(index: 0, change: .infinity)]
        let rows = difference.lines(columns: 58)
        #expect(rows.allSatisfy { TextWidth.of($0) <= 58 })
        #expect(rows.joined(separator: " ").contains("nothing has been read at 2"))
        #expect(!rows.joined().contains("--"))
    }

    @Test func branchesStandBelowTheTurnTheyGoOffFrom() {
        let lines = TimelineTree(Self.rows).lines
        #expect(lines.map(\.row.label) == ["0", "1", "2b", "3b", "2", "3"])
        #expect(lines.map(\.lanes) == [0, 0, 1, 1, 0, 0])
        #expect(lines.map(\.beginsBranch) == [false, false, true, false, false, false])
    }

    @Test func aLongTimelineIsLaidOutAtOnce() {
        let rows = (0..<10_000).map { index in
            TimelineRow(
                label: "\(index)", parent: index == 0 ? nil : "\(index - 1)", question: "Question \(index)", answer: "",
                isCurrent: index == 9999, isOnPath: true)
        }
        #expect(TimelineTree(rows).lines.count == 10_000)
    }

    @Test func timelineStandsAtTheCurrentTurnAndGoesWhereEnterSays() throws {
        var stage = try Self.stage(nil)
        #expect(stage.press(.function(5)) == [.session(.timeline)])
        stage.send(.session(.success(.timeline(Self.rows))))
        _ = stage.lines()
        stage.press(.up)
        #expect(stage.press(.enter) == [.session(.go(.turn("2")))])
        #expect(stage.model.overlay == nil && stage.model.isBusy)
    }

    @Test func timelineKeysAskForWhatTheySay() throws {
        func effects(_ keys: String) throws -> [Effect] {
            var stage = try Self.stage(.timeline)
            for key in keys.dropLast() { stage.press(.character(key)) }
            return keys.last == "!" ? stage.press(.enter) : stage.press(.character(keys.last ?? " "))
        }
        #expect(try effects("u") == [.session(.go(.undo(1)))])
        #expect(try effects("R") == [.session(.go(.redo(1)))])
        #expect(try effects("fbike!") == [.session(.fork(name: "bike", turn: "3"))])
        #expect(try effects("f!") == [.session(.fork(name: nil, turn: "3"))])
        #expect(try effects("rside!") == [.session(.nameBranch("side", turn: "3"))])
        #expect(try effects("b!") == [.session(.bookmark(name: "mark", turn: "3"))])
        #expect(try effects("e") == [.session(.export(.hiss, file: nil, session: nil))])
        #expect(try effects("p") == [.session(.step(back: 0, turn: "3"))])
        // The current branch can't be deleted.
        #expect(try effects("xy") == [])
    }

    @Test func deletingABranchAsksFirst() throws {
        var stage = try Self.stage(.timeline)
        for _ in 0..<3 { stage.press(.up) }
        stage.type("x")
        #expect(stage.lines().contains { $0.contains("Delete turn 2b and all after it? y deletes") })
        #expect(stage.press(.character("n")) == [])
        stage.type("x")
        #expect(stage.press(.character("y")) == [.session(.removeBranch(turn: "2b"))])
    }

    @Test func twoMarkedTurnsAreCompared() throws {
        var stage = try Self.stage(.timeline)
        stage.type("m")
        stage.press(.home)
        stage.type("m")
        #expect(stage.press(.character("d")) == [.session(.difference(from: "3", to: "0"))])
    }

    @Test func theCurrentTurnIsComparedWithTheOneBefore() throws {
        var stage = try Self.stage(.timeline)
        #expect(stage.press(.character("d")) == [.session(.difference(from: nil, to: nil))])
    }

    @Test func anotherQuestionIsWrittenForTheReaderToChange() throws {
        var stage = try Self.stage(.timeline)
        stage.type("i")
        #expect(stage.model.overlay == nil)
        #expect(stage.model.draft == "/edit 3 Which room did I say, and when do I check out?")
        let sent = stage.press(.enter)
        #expect(sent.last == .answer(.edit(turn: "3", text: "Which room did I say, and when do I check out?")))
    }

    @Test func escTwiceOnAnEmptyLineOpensTheTimeline() throws {
        var stage = try Self.stage(nil)
        stage.press(.escape)
        #expect(stage.hintLine().contains("Esc again: timeline"))
        #expect(stage.press(.escape) == [.session(.timeline)])
        stage.press(.escape)
        stage.type("a")
        stage.press(.escape)
        #expect(stage.press(.escape) == [])
        #expect(stage.model.draft == "a")
    }

    @Test func sessionsAreOpenedFoundRenamedAndDeleted() throws {
        var stage = try Self.stage(.sessions)
        stage.type("/tide")
        #expect(stage.press(.enter) == [.session(.sessions(matching: "tide"))])
        #expect(stage.press(.escape) == [.session(.sessions(matching: nil))])
        stage.press(.end)
        stage.press(.up)
        stage.type("r")
        for _ in 0..<10 { stage.press(.backspace) }
        stage.type("sea")
        #expect(stage.press(.enter) == [.session(.rename(to: "sea", session: "2026-11-25"))])
        stage.type("x")
        #expect(stage.press(.character("y")) == [.session(.removeSession("2026-11-25"))])
        #expect(stage.press(.enter) == [.session(.load(name: "2026-11-25"))])
        stage.send(.session(.failure(ChatFailure(what: "cannot resume", why: "another model"))))
        stage.press(.function(4))
        stage.send(.session(.success(.sessions(Self.sessions, found: []))))
        stage.press(.end)
        #expect(stage.press(.enter) == [.session(.loadPersona("guide"))])
    }

    @Test func stepsInsideAnAnswerAndTakesAnotherToken() throws {
        var stage = try Self.stage(.tokens)
        #expect(stage.press(.left) == [.session(.step(back: 6, turn: nil))])
        stage.send(.session(.success(.tokens(Self.place))))
        #expect(stage.press(.pageUp) == [.session(.step(back: 9, turn: nil))])
        stage.send(.session(.success(.tokens(Self.place))))
        #expect(stage.press(.enter) == [.answer(.take(8, back: 5))])
        #expect(stage.model.overlay == nil && stage.model.isBusy)
    }
}
