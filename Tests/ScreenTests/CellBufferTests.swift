import Screen
import Testing

@Suite struct CellBufferTests {
    private func drawing(_ columns: Int, _ rows: Int, _ draw: (inout CellBuffer) -> Void) -> CellBuffer {
        var frame = CellBuffer(size: Size(columns: columns, rows: rows))
        draw(&frame)
        return frame
    }

    @Test func textIsClippedToTheRectangle() {
        let frame = drawing(10, 3) {
            let rect = Rect(column: 2, row: 1, columns: 4, rows: 1)
            $0.put("abcdefgh", in: rect, style: Style())
            $0.put("outside", row: 1, in: rect, style: Style())
        }
        #expect(frame.lines == ["", "  abcd", ""])
    }

    @Test func wideCharacterIsNeverHalf() {
        let cut = drawing(5, 1) { $0.put("日本語", in: $0.bounds, style: Style()) }
        #expect(cut.lines == ["日本"])
        let overwritten = drawing(4, 1) {
            $0.put("日本", in: $0.bounds, style: Style())
            $0.put("x", at: Position(column: 1, row: 0), in: $0.bounds, style: Style())
        }
        #expect(overwritten.text(ofRow: 0) == " x本")
        let shifted = drawing(4, 1) {
            $0.put("日本", in: $0.bounds, style: Style())
            $0.put("語", at: Position(column: 1, row: 0), in: $0.bounds, style: Style())
        }
        #expect(shifted.text(ofRow: 0) == " 語 ")
    }

    @Test func putReturnsTheNextColumn() {
        _ = drawing(10, 1) {
            #expect($0.put("a日", in: $0.bounds, style: Style()) == 3)
            #expect($0.put("0123456789abc", in: $0.bounds, style: Style()) == 10)
        }
    }

    @Test func clearTakesOnTheSizeAndHidesTheCursor() {
        var frame = drawing(4, 2) {
            $0.put("abcd", in: $0.bounds, style: Style(attributes: .bold))
            $0.cursor = Position(column: 1, row: 1)
        }
        frame.clear(size: Size(columns: 2, rows: 3))
        #expect(frame == CellBuffer(size: Size(columns: 2, rows: 3)))
    }

    @Test func takingRowsSplitsARectangle() {
        var rest = Rect(column: 1, row: 2, columns: 5, rows: 10)
        #expect(rest.takeTop(3) == Rect(column: 1, row: 2, columns: 5, rows: 3))
        #expect(rest.takeBottom(4) == Rect(column: 1, row: 8, columns: 5, rows: 4))
        #expect(rest == Rect(column: 1, row: 5, columns: 5, rows: 3))
        #expect(rest.takeBottom(9).rows == 3)
    }

    @Test func memoryDisplayKeepsEveryFrame() {
        var display = MemoryDisplay(size: Size(columns: 3, rows: 1))
        let frame = drawing(3, 1) { $0.put("abc", in: $0.bounds, style: Style()) }
        display.present(CellBuffer(size: display.size))
        display.present(frame)
        #expect(display.frames.map(\.lines) == [[""], ["abc"]])
    }

    @Test(arguments: [
        ("short", 10, "short"), ("exactly", 7, "exactly"), ("too long", 5, "too …"), ("日本語", 4, "日…"), ("ab", 1, ""),
    ])
    func truncationShowsThatSomethingIsMissing(_ text: String, _ columns: Int, _ result: String) {
        #expect(Glyphs.unicode.truncated(text, to: columns) == result)
    }
}
