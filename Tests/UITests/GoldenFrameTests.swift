import Chat
import Foundation
import Screen
import TestSupport
import Testing

@testable import UI

/// Whole screens in the main situations, at four sizes; `RECORD=1` writes them anew.
@Suite struct GoldenFrameTests {
    enum Situation: String, CaseIterable, Sendable {
        case firstRun, loading, streaming, heldScroll, longComposer, help, loadFailed, answerFailed, wideText, stats
        case prefixKeys, queued, unknownCommand, stopped, ascii, growingState, baseModel
        case code, history, find, completion, prefixList, copyMode, helpFilter, colorless, settings, theme, metersText,
            traced
    }

    static let sizes = [(60, 15), (80, 24), (120, 40), (200, 60)]

    @Test(arguments: Situation.allCases, sizes)
    func screenLooksAsRecorded(_ situation: Situation, _ size: (columns: Int, rows: Int)) throws {
        var stage = try Self.stage(situation, columns: size.columns, rows: size.rows)
        let file = Stage.golden.appending(path: "\(situation.rawValue)-\(size.columns)x\(size.rows).txt")
        let hasStyles = size.columns == 80 && [.streaming, .wideText].contains(situation)
        let difference = try GoldenFrame.difference(stage.frame(), file: file, styles: hasStyles)
        #expect(difference == nil, "\(difference ?? "")")
    }

    @Test func tooSmallScreenSaysWhatItNeeds() throws {
        var stage = try Stage(columns: 59, rows: 15)
        let file = Stage.golden.appending(path: "tooSmall-59x15.txt")
        let difference = try GoldenFrame.difference(stage.frame(), file: file)
        #expect(difference == nil, "\(difference ?? "")")
    }

    static func stage(_ situation: Situation, columns: Int, rows: Int) throws -> Stage {
        switch situation {
        case .firstRun: return try Stage(columns: columns, rows: rows)
        case .loading:
            var stage = try Stage(columns: columns, rows: rows, loaded: false)
            stage.type("Hello th")
            return stage
        case .queued:
            var stage = try Stage(columns: columns, rows: rows, loaded: false)
            stage.type("Hello there")
            stage.press(.enter)
            return stage
        case .growingState:
            var summary = ModelSummary.sample
            summary.stateBytesPerToken = 3072
            return try Stage(columns: columns, rows: rows, summary: summary)
        case .baseModel:
            var summary = ModelSummary.sample
            (summary.name, summary.isBaseModel) = ("mamba-130m", true)
            var stage = try Stage(columns: columns, rows: rows, loaded: false)
            for note in summary.notes(rereadsHistory: false) { stage.send(.note("Note: \(note).")) }
            stage.send(.loaded(summary))
            stage.talk("What is a tide?", Script.answer("The sea's rise and fall."))
            return stage
        case .loadFailed:
            var stage = try Stage(columns: columns, rows: rows, loaded: false)
            stage.send(
                .loadFailed(
                    ChatFailure(
                        what: "cannot open /tmp/model.gguf", why: "it ends after 4096 bytes, its header needs 8192",
                        advice: "hiss -m PATH with a whole file")))
            return stage
        case .ascii:
            var stage = try Stage(columns: columns, rows: rows, glyphs: .ascii)
            converse(&stage)
            return stage
        default:
            var stage = try Stage(columns: columns, rows: rows)
            converse(&stage)
            finish(&stage, situation)
            return stage
        }
    }

    /// One finished turn, and an answer that is being made.
    private static func converse(_ stage: inout Stage) {
        stage.talk(
            "Remember: my hotel is the Sakura, room 412, and I leave on Thursday.",
            Script.answer("Noted. You are staying at the Sakura, room 412, until Thursday."))
        stage.talk("What is a good day trip from Kyoto?", Script.answer(daytrip, seenBefore: 60, finish: nil))
    }

    private static func finish(_ stage: inout Stage, _ situation: Situation) {
        var metrics = stage.model.readings.metrics
        metrics.tokensSeen += 1
        let end = Message.generation(.finished(.endOfTurn, metrics))
        switch situation {
        case .heldScroll:
            stage.send(end)
            stage.talk(turns: 5)
            stage.press(.pageUp)
        case .longComposer:
            stage.send(end)
            for line in 1...12 { stage.type("line \(line) of a longer text\n") }
            stage.press(.up)
            stage.type(
                "a word at the end of a line that is so long that it has to be wrapped in any window 80 columns wide")
        case .help: stage.type("/help"); stage.press(.enter)
        case .stats: stage.send(end); stage.type("/stats"); stage.press(.enter)
        case .prefixKeys: stage.control("x")
        case .prefixList:
            stage.control("x")
            stage.send(.tick(1))
            stage.send(.tick(2))
        case .code:
            stage.send(end)
            stage.talk("Write a Swift function that adds two numbers.", Script.answer(MarkdownTests.code))
        case .history: stage.control("r"); stage.type("hotel")
        case .find:
            stage.send(end)
            stage.press(.function(3))
            stage.type("park")
            stage.press(.enter)
        case .completion: stage.type("/re")
        case .copyMode:
            stage.send(end)
            stage.control("x")
            stage.press(.character("["))
            stage.type("kwvkb")
        case .helpFilter: stage.press(.function(1)); stage.type("scroll")
        case .settings: stage.press(.function(2)); stage.press(.down); stage.press(.right)
        case .theme:
            stage.press(.function(9))
            let theme = stage.model.theme
            stage.send(.themes(["ansi", "mono", "nord"].map { ThemeChoice(name: $0, theme: theme) }))
            stage.press(.down)
        case .metersText:
            stage.type("/set meters rate:text,state:text,token:text")
            stage.press(.enter)
        case .traced:
            stage.send(end)
            stage.talk("Which room?", Script.traced("on"))
            stage.type("/stats")
            stage.press(.enter)
        case .colorless: stage.model.usesColor = false
        case .unknownCommand: stage.type("/hlep me"); stage.press(.enter)
        case .stopped: stage.press(.escape); stage.send(.generation(.finished(.cancelled, metrics)))
        case .answerFailed:
            stage.send(
                .generation(
                    .failed(
                        ChatFailure(
                            what: "cannot go on with the answer", why: "the state holds NaN after 120 tokens",
                            advice: "/reset"))))
        case .wideText:
            stage.send(end)
            stage.talk(
                "日本語で答えてください。絵文字も使って。",
                Script.answer(
                    "はい、わかりました。奈良は京都から電車で四十五分です。公園の鹿と大きな木の寺は駅から歩いて行けます。👩‍👩‍👧 ⚠️ 🇫🇷 👍🏽 ✅ e\u{301} "
                        + "Sum: \u{1B}[2J and \u{202E}turned\u{202C}."))
        default: break
        }
    }
}
