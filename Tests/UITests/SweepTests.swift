import Chat
import Foundation
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct SweepTests {
    @Test(arguments: [
        GoldenFrameTests.Situation.streaming, .heldScroll, .wideText, .longComposer, .help, .unknownCommand, .loading,
        .code, .history, .find,
        .completion, .copyMode, .settings, .theme,
    ])
    func noRowIsWiderThanTheScreenAtAnyWidth(_ situation: GoldenFrameTests.Situation) throws {
        var stage = try GoldenFrameTests.stage(situation, columns: 80, rows: 24)
        for columns in 20...200 {
            stage.resize(columns, 24)
            let frame = stage.frame()
            try Self.expectFull(frame, columns: columns)
            guard columns >= 60, columns < 110, stage.model.overlay == nil else { continue }
            let gauges = try #require(frame.lines.last { $0.contains("tok/s") && $0.contains("recomp") })
            #expect(gauges.hasPrefix(" tok/s"))
        }
    }

    /// The gauges in one row, and how many columns each row of a wrapped text takes.
    @Test func gaugesAndWrappingLookAsRecordedAtEveryWidth() throws {
        let stage = try GoldenFrameTests.stage(.traced, columns: 80, rows: 24)
        let text = daytrip + "\n\n" + MarkdownTests.code + "\n> 日本語で答えてください。絵文字も使って。 👩\u{200D}👩\u{200D}👧 e\u{301}\n"
        let rows = (20...200).flatMap { columns in
            var frame = CellBuffer(size: Size(columns: columns, rows: 1))
            GaugeLine(readings: stage.model.readings, theme: stage.model.theme, glyphs: .unicode)
                .draw(into: &frame, in: frame.bounds)
            var wrapped = WrappedText(text, width: columns, format: MarkdownFormat(glyphs: .unicode))
            wrapped.close()
            let used = wrapped.lines.indices.map { line in
                wrapped.cells[wrapped.lines[line]].reduce(wrapped.indents[line]) { $0 + $1.width }
            }
            return ["\(columns):\(frame.lines[0])", used.map(String.init).joined(separator: " ")]
        }
        let file = Stage.golden.appending(path: "everyWidth.txt")
        let difference = try GoldenFrame.difference(rows.joined(separator: "\n") + "\n", file: file)
        #expect(difference == nil, "\(difference ?? "")")
    }

    /// Every row takes all columns, and none more.
    static func expectFull(_ frame: CellBuffer, columns: Int) throws {
        for row in 0..<frame.size.rows {
            let used = frame.text(ofRow: row).unicodeScalars.reduce(0) { $0 + TextWidth.of($1) }
            #expect(used == columns, "row \(row) of \(columns) columns")
        }
    }
}
