import Chat
import Foundation
import Screen
import TestSupport
import Testing

@testable import UI

/// Random text that looks like what is parsed: nothing traps, and pieces give what the whole gives.
@Suite struct FuzzTests {
    private static let pieces = [
        "*", "**", "***", "_", "`", "```", "~~~", "#", "> ", "- ", "1. ", "\n", "\n\n", " ", "a", "word ", "日本", "\\",
        "\t",
        "\u{1B}[2J", "\u{202E}", "e\u{301}", "👩\u{200D}👧", "|", "---", "    ",
    ]

    @Test(arguments: 1...200)
    func randomMarkdownStreamsAsItIsWhole(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let parts = (0..<Int.random(in: 1...60, using: &generator)).compactMap { _ in
            Self.pieces.randomElement(using: &generator)
        }
        let width = Int.random(in: 1...80, using: &generator)
        var grown = WrappedText("", width: width, format: MarkdownFormat(glyphs: .unicode))
        for part in parts {
            grown.append(part)
            for (index, line) in grown.lines.enumerated() {
                let columns = grown.cells[line].reduce(0) { $0 + $1.width }
                #expect(grown.indents[index] + columns <= max(width, 2) + 80)
            }
        }
        grown.close()
        var whole = WrappedText(parts.joined(), width: width, format: MarkdownFormat(glyphs: .unicode))
        whole.close()
        #expect(grown.cells == whole.cells && grown.lines == whole.lines && grown.indents == whole.indents)
        #expect(CodeBlocks.all(in: parts.joined()[...]).count <= parts.count)
    }

    @Test(arguments: 1...200)
    func randomThemesAreReadOrRefused(_ seed: UInt64) {
        let words = [
            "[styles]", "[palette]", "[gauges]", "\n", "text", "dim", "rate", " = ", "\"red\"", "\"#12345\"",
            "\"#A0B0C0 on x\"",
            " [\"red\"]", "[", "[é", "]", "\"", "inherits", "name", "# c", "you.label", "1",
        ]
        var generator = SeededGenerator(seed: seed)
        let text = (0..<Int.random(in: 1...30, using: &generator))
            .compactMap { _ in words.randomElement(using: &generator) }.joined()
        do {
            _ = try ThemeLoader().load(ThemeLoader.Source(text: text, file: "t.toml")).weakColors
        } catch {
            #expect("\(error)".hasPrefix("t.toml"))
        }
    }

    private static let keys: [Key] =
        (KeyMap.standard.bindings + KeyMap.standard.afterPrefix).flatMap(\.keys).filter { $0.code != .function(10) }
        + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 /?{}$^[]#日é".map { Key.letter($0) }

    /// Something that may happen besides keys.
    private static func happening(_ number: Int) -> Message {
        let turn = TimelineRow(label: "1", parent: "0", question: "a", answer: "b", isCurrent: true, isOnPath: true)
        return switch number {
        case 0: .session(.success(.timeline(SessionOverlayTests.rows)))
        case 1: .session(.success(.sessions(SessionOverlayTests.sessions, found: [])))
        case 2: .session(.success(.difference(SessionOverlayTests.difference)))
        case 3: .session(.success(.tokens(SessionOverlayTests.place)))
        case 4: .session(.success(.done("done")))
        case 5: .session(.failure(ChatFailure(what: "can't", why: "because", advice: "do")))
        case 6: .session(.success(.timeline([])))
        case 7: .session(.success(.sessions([], found: [])))
        case 8: .sessionState(SessionState(name: "x", rows: SessionOverlayTests.rows))
        case 9: .sessionState(SessionState(name: "x", saved: 1, rows: [turn]))
        case 10: .notice(String(repeating: "a notice ", count: 40))
        case 11: .themes([])
        case 12: .resetDone(note: "New.")
        case 13: .note("a note\n\n")
        case 14: .input(.paste(String(repeating: "line\n", count: 30)))
        case 15: .loaded(.sample)
        case 16: .generation(.failed(ChatFailure(what: "it failed")))
        case 17:
            .pair(
                .began(
                    PairOpening(
                        models: [.a: .sample, .b: .attention], sharesTokens: true, mode: .free, isBlind: number % 2 == 0
                    )))
        case 18: .pair(.voted(.tie))
        case 19: .pair(.refused(ChatFailure(what: "can't")))
        case 20: .pair(.session(.b, SessionState(name: "x", saved: 1, rows: [turn])))
        case 21...26: .pair(.event(PairScript.lockStep()[number - 21]))
        case 27...30: .pair(.event(PairScript.lockStep().reversed()[number - 27]))
        default: .tick(Double(number))
        }
    }

    @Test(arguments: 1...60)
    func randomKeysNeverTrap(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var stage = try Stage(columns: 120, rows: 24, history: ["one", "two\nlines"])
        stage.talk("One?", Script.answer(daytrip))
        let rounds = Int(ProcessInfo.processInfo.environment["HISS_FUZZ_ROUNDS"] ?? "") ?? 150
        for _ in 0..<rounds {
            guard let key = Self.keys.randomElement(using: &generator) else { continue }
            stage.send(.input(.key(key)))
            // As the program does it: messages come between frames, and sizes are whatever a window can have.
            if Int.random(in: 0..<3, using: &generator) == 0 {
                stage.send(Self.happening(Int.random(in: 0..<40, using: &generator)))
            }
            if Int.random(in: 0..<3, using: &generator) == 0 {
                let most = [3, 70, 200].randomElement(using: &generator) ?? 3
                stage.resize(
                    Int.random(in: 0...most, using: &generator), Int.random(in: 0...min(most, 60), using: &generator))
            }
            _ = stage.frame()
            if Int.random(in: 0..<4, using: &generator) == 0 {
                for event in Script.answer("more *text*\n```\ncode") { stage.send(.generation(event)) }
                _ = stage.frame()
            }
        }
    }
}
