import Testing

@testable import Chat

@Suite struct TimelineTests {
    private func place(_ tokens: Int) -> Checkpoint {
        Checkpoint(byteCount: 100, tokensSeen: tokens, content: tokens)
    }

    private func content(_ kind: TurnContent.Kind, _ question: String, _ answer: String, _ tokens: Int) -> TurnContent {
        var content = TurnContent(
            kind: kind, question: question, answer: answer, reason: .endOfTurn, fed: FedTokens(chunkSize: 1),
            resumption: "{}", tokensSeen: tokens, created: 0)
        content.metrics.completionTokens = answer.count
        content.metrics.decodeSeconds = Double(answer.count) / 40
        return content
    }

    /// Turns "a", "b", "c", one after the other.
    private func three(byteLimit: Int = 1000) -> Timeline {
        var timeline = Timeline(
            beginning: content(.beginning, "", "", 0), checkpoint: place(0), byteLimit: byteLimit)
        for (index, text) in ["a", "b", "c"].enumerated() { add(text, (index + 1) * 10, to: &timeline) }
        return timeline
    }

    /// Adds a turn with its question in capitals as answer, after the current one.
    private func add(
        _ question: String, _ tokens: Int, after parent: Int? = nil, kind: TurnContent.Kind = .reply,
        to timeline: inout Timeline
    ) {
        timeline.append(
            content(kind, question, question.uppercased(), tokens), after: parent ?? timeline.current,
            checkpoint: place(tokens))
    }

    @Test func undoAndRedoWalkTheSameWay() {
        var timeline = three()
        #expect(timeline.after(1) == nil)
        #expect(timeline.before(2) == 1)
        timeline.move(to: 1)
        #expect(timeline.said(on: timeline.path).map(\.message.text) == ["a", "A"])
        #expect(timeline.before(9) == 0)
        #expect(timeline.after(1) == 2 && timeline.after(9) == 3)
        timeline.move(to: 0)
        #expect(timeline.before(1) == nil && timeline.path == [0])
    }

    @Test func goingBackDeletesNothing() {
        var timeline = three()
        timeline.move(to: 1)
        add("x", 20, to: &timeline)
        #expect(timeline.turns.map(\.label) == ["0", "1", "2", "3", "2b"])
        #expect(timeline.path == [0, 1, 4])
        // Redo follows the way that was taken last.
        timeline.move(to: 1)
        #expect(timeline.after(1) == 4)
        timeline.move(to: 3)
        timeline.move(to: 1)
        #expect(timeline.after(2) == 3)
    }

    @Test func anotherAnswerStandsBesideTheFirst() {
        var timeline = three()
        add("c", 31, after: 2, to: &timeline)
        #expect(timeline.turns[4].label == "3b" && timeline.turns[4].parent == 2)
        #expect(timeline.path == [0, 1, 2, 4])
    }

    @Test func aContinuationBelongsToItsQuestion() {
        var timeline = three()
        add("more", 35, kind: .continuation, to: &timeline)
        #expect(timeline.turns[4].label == "3b" && timeline.answer(at: 4) == [3, 4])
        let said = timeline.said(on: timeline.path(to: 4))
        #expect(said.last?.message.text == "CMORE")
        #expect(said.last?.metrics?.completionTokens == 5 && said.last?.metrics?.decodeSeconds == 0.125)
        #expect(said.dropLast().last?.metrics == nil)
        #expect(timeline.answer(at: 0).isEmpty)
    }

    @Test func aRemovedBranchIsGoneAndRedoGoesElsewhere() {
        var timeline = three()
        timeline.move(to: 1)
        add("x", 20, to: &timeline)
        timeline.move(to: 1)
        timeline.remove(4)
        #expect(timeline.after(1) == 2 && timeline.turn(named: "2b") == nil)
        #expect(timeline.rows.map(\.label) == ["0", "1", "2", "3"])
    }

    @Test func bookmarksAndBranchesAreFound() {
        var timeline = three()
        timeline.change(1) { $0.bookmark = "here" }
        timeline.change(2) { $0.branch = "side" }
        #expect(timeline.turn(named: "here") == 1)
        // A branch is gone to where it was left.
        #expect(timeline.turn(named: "side") == 3)
    }

    @Test func theListSaysWhereOneStands() {
        var timeline = three()
        timeline.move(to: 2)
        #expect(
            timeline.listing == """
                o 0  0 tok  (the beginning)
                o 1  10 tok  a
                @ 2  20 tok  b
                | 3  30 tok  c
                """)
    }

    @Test func whatIsNearIsAPartOfTheWhole() {
        var timeline = three()
        for number in 4...30 { add("q\(number)", number * 10, to: &timeline) }
        timeline.move(to: 20)
        add("side", 210, to: &timeline)
        timeline.change(31) { $0.branch = "side" }
        add("further", 220, to: &timeline)
        timeline.move(to: 22)
        let near = timeline.nearby(before: 3)
        #expect(near.rows.map(\.question) == ["q19", "q20", "q21", "q22", "q23", "side"])
        #expect(near.rows.allSatisfy { timeline.rows.contains($0) })
        #expect(near.places == timeline.rows.count { $0.snapshotBytes != nil } && near.branch == nil)
        #expect(near.memoryBytes == timeline.turns.reduce(0) { $0 + ($1.checkpoint?.byteCount ?? 0) })
        timeline.move(to: 31)
        #expect(timeline.nearby(before: 2).branch == "side")
        #expect(timeline.nearby(before: 2).rows.map(\.question) == ["q19", "q20", "q21", "side", "further"])
        timeline.move(to: 0)
        #expect(timeline.nearby(before: 6).rows.map(\.label) == ["0", "1"])
    }

    @Test func theOldestPlacesAreGivenUpForMemory() {
        let timeline = three(byteLimit: 250)
        #expect(timeline.turns.map { $0.checkpoint?.tokensSeen } == [0, nil, nil, 30])
        #expect(timeline.rows.map { $0.snapshotBytes != nil } == [true, false, false, true])
    }
}
