import Chat
import Screen
import TestSupport

@testable import UI

/// The screens that the README shows: a conversation as the default model had it, drawn by the program itself.
enum ReadmePictures {
    /// By the name that stands in the README's marks.
    static let all: [(name: String, lines: @Sendable () throws -> [String])] = [
        ("chat", { try chat() }), ("timeline", { try timeline() }), ("comparison", { try comparison() }),
    ]

    /// Wide enough for the panel of gauges.
    private static func chat() throws -> [String] {
        var stage = try conversation(columns: 110, rows: 30)
        stage.type("And what is my hotel")
        return stage.lines()
    }

    private static func timeline() throws -> [String] {
        var stage = try conversation(columns: 80, rows: 16)
        stage.press(.function(5))
        stage.send(.session(.success(.timeline(turns))))
        return stage.lines()
    }

    /// A question to the default model and to its attention teacher, in lock-step.
    private static func comparison() throws -> [String] {
        var stage = try Stage(comparing: .lockstep, columns: 110, rows: 24)
        stage.type("Which room did I say, and when do I leave?")
        stage.press(.enter)
        for event in PairScript.lockStep(seenBefore: 298) { stage.send(.pair(.event(event))) }
        // What the one that follows would have said stands in its own pane.
        stage.control("x")
        stage.press(.character("o"))
        return stage.lines()
    }

    private static let turns: [TimelineRow] = {
        let rows = [
            ("0", "", "", 0, "3fa1c02e"),
            ("1", "What is the capital of France?", "The capital of France is Paris.", 7, "9b07d1a4"),
            ("2", "Remember: my hotel is the Sakura, room 412.", "Got it.", 3, "51c4e77f"),
            ("2b", "Remember: my hotel is the Ryokan, room 7.", "Noted.", 3, "e02b9c11"),
            ("3", "Which room did I say?", "You are in room 412.", 9, "c7718da0"),
        ]
        let parents = ["1": "0", "2": "1", "2b": "1", "3": "2"]
        return rows.enumerated().map { index, row in
            TimelineRow(
                label: row.0, parent: parents[row.0], kind: row.0 == "0" ? .beginning : .reply, question: row.1,
                answer: row.2, tokens: row.3, tokensSeen: index * 30, snapshotBytes: ModelSummary.sample.stateBytes,
                digest: row.4, created: Double(index * 60), branch: row.0 == "2b" ? "branch-1" : nil,
                bookmark: row.0 == "2" ? "hotel" : nil, isCurrent: row.0 == "3", isOnPath: row.0 != "2b")
        }
    }()

    /// Three turns in the session 'kyoto'.
    private static func conversation(columns: Int, rows: Int) throws -> Stage {
        var stage = try Stage(columns: columns, rows: rows)
        stage.model.timeText = { "2026-11-28 21:0\(4 + Int($0) / 60 % 5)" }
        stage.model.generation.sampling.seed = 1
        for (turn, row) in turns.filter({ $0.isOnPath && $0.kind == .reply }).enumerated() {
            stage.talk(
                row.question,
                Script.answer(
                    row.answer, promptTokens: [37, 18, 12][turn], tokensPerSecond: [91.7, 88.2, 90.4][turn],
                    seenBefore: [0, 44, 68][turn]))
        }
        let snapshots = SnapshotUsage(count: 5, memoryBytes: 25_228_800, diskBytes: 31_000_000)
        stage.send(
            .sessionState(
                SessionState(name: "kyoto", turn: "3", snapshots: snapshots, saved: 240, rows: turns)))
        stage.send(.usage(ProcessUsage(residentBytes: 200 << 20, fileBytes: 93 << 20, processorShare: 0.01)))
        return stage
    }
}
