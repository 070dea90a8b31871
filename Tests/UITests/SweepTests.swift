import Chat
import Foundation
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct SweepTests {
    /// Text that would act on a terminal, or that confuses widths.
    static let hostile = [
        "\u{1B}]52;c;aGFja2Vk\u{7}", "\u{1B}]8;;http://example.com\u{1B}\\link\u{1B}]8;;\u{1B}\\", "\u{1B}[2J\u{1B}[H",
        "\u{9B}31m\u{9D}0;t\u{9C}",
        "\u{202E}evil\u{202C} \u{2066}x\u{2069}", "\r\u{8}\u{B}\u{C}\u{E}\u{F}",
        "\u{0}\u{7F}\u{80}\u{9F}\u{85}\u{2028}\u{2029}",
        "\u{1B}P+q\u{1B}\\", "z" + String(repeating: "\u{300}", count: 100),
        "👩\u{200D}👩\u{200D}👧 ⚠\u{FE0F} 🇫🇷🇫 \u{1FAE9} \u{E0001}", "\u{FEFF}\u{200E}\u{200F}\u{61C}",
    ]

    private func expectHarmless(_ frame: CellBuffer) {
        for row in 0..<frame.size.rows {
            for column in 0..<frame.size.columns {
                let scalars = frame[column, row].text.unicodeScalars
                let isInert = scalars.allSatisfy {
                    ![.control, .format, .surrogate, .lineSeparator, .paragraphSeparator]
                        .contains($0.properties.generalCategory)
                }
                #expect(isInert && scalars.count <= 5, "\(scalars.map(\.value)) at \(column), \(row)")
            }
        }
    }

    @Test func hostileTextNeverReachesACell() throws {
        for size in [(60, 15), (81, 40)] {
            var stage = try Stage(columns: size.0, rows: size.1)
            for text in Self.hostile {
                stage.send(.note(text))
                stage.send(.input(.paste(text)))
                expectHarmless(stage.frame())
                let question = stage.press(.enter)
                #expect(question.last == .ask(text) || text.allSatisfy(\.isWhitespace))
                for scalar in text.unicodeScalars {
                    let token = SampledToken(id: 1, text: String(scalar), probability: 1)
                    stage.send(.generation(.token(token, Metrics())))
                }
                expectHarmless(stage.frame())
                stage.send(.generation(.failed(ChatFailure(what: text, why: text, advice: text))))
                expectHarmless(stage.frame())
            }
        }
    }

    @Test func hostileNamesAndCommandsAreHarmlessToo() throws {
        for text in Self.hostile {
            var summary = ModelSummary.sample
            summary.name = text
            var stage = try Stage(summary: summary)
            expectHarmless(stage.frame())
            stage.send(.input(.paste("/" + text)))
            stage.press(.enter)
            expectHarmless(stage.frame())
            stage.send(.loadFailed(ChatFailure(what: text)))
            expectHarmless(stage.frame())
        }
    }

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
            for row in 0..<24 {
                let used = frame.text(ofRow: row).unicodeScalars.reduce(0) { $0 + TextWidth.of($1) }
                #expect(used == columns)
            }
            guard columns >= 60, columns < 110, stage.model.overlay == nil else { continue }
            let gauges = try #require(frame.lines.last { $0.contains("tok/s") && $0.contains("recomp") })
            #expect(gauges.hasPrefix(" tok/s"))
        }
    }
}
