import Chat
import Testing

@Suite struct TimelineTests {
    private func place(_ tokens: Int) -> Checkpoint {
        Checkpoint(byteCount: 100, tokensSeen: tokens, content: tokens)
    }

    /// Turns "a", "b", "c", one after the other.
    private func three(byteLimit: Int = 1000) -> Timeline {
        var timeline = Timeline(beginning: place(0), byteLimit: byteLimit)
        for (index, text) in ["a", "b", "c"].enumerated() {
            timeline.append(question: text, answer: text.uppercased(), checkpoint: place((index + 1) * 10))
        }
        return timeline
    }

    @Test func undoAndRedoWalkTheSameWay() {
        var timeline = three()
        #expect(timeline.after(1) == nil)
        #expect(timeline.before(2) == 1)
        timeline.move(to: 1)
        #expect(timeline.path.map(\.question) == ["a"])
        #expect(timeline.before(9) == 0)
        #expect(timeline.after(1) == 2 && timeline.after(9) == 3)
        timeline.move(to: 0)
        #expect(timeline.before(1) == nil && timeline.path.isEmpty)
    }

    @Test func goingBackDeletesNothing() {
        var timeline = three()
        timeline.move(to: 1)
        timeline.append(question: "x", answer: "X", checkpoint: place(20))
        #expect(timeline.turns.map(\.label) == ["0", "1", "2", "3", "2b"])
        #expect(timeline.path.map(\.question) == ["a", "x"])
        // Redo follows the way that was taken last.
        timeline.move(to: 1)
        #expect(timeline.after(1) == 4)
        timeline.move(to: 3)
        timeline.move(to: 1)
        #expect(timeline.after(2) == 3)
    }

    @Test func anotherAnswerStandsBesideTheFirst() {
        var timeline = three()
        timeline.append(question: "c", answer: "C2", checkpoint: place(31), beside: true)
        #expect(timeline.turns[4].label == "3b" && timeline.turns[4].parent == 2)
        #expect(timeline.path.map(\.answer) == ["A", "B", "C2"])
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

    @Test func theOldestPlacesAreGivenUpForMemory() {
        let timeline = three(byteLimit: 250)
        #expect(timeline.turns.map { $0.checkpoint?.tokensSeen } == [0, nil, nil, 30])
        #expect(timeline.listing.contains("o 1  given up  a"))
    }
}
