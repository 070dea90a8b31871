import Foundation
import Testing

extension InTerminal {
    /// What lies over the chat, and what leaves it, in a real terminal.
    @Suite(.serialized, .endToEnd) struct OverlayEndToEndTests {
        private let program = ProbeLog.program
        private let log: ProbeLog

        init() throws {
            log = try ProbeLog()
        }

        private func start(columns: Int, rows: Int) async throws -> Tmux {
            let tmux = try Tmux(
                "\(program) --temp 0 --seed 1", columns: columns, rows: rows,
                environment: ["HISS_HOME": log.folder.path])
            _ = try await tmux.waitForScreen("ready") { $0.contains { $0.contains("Enter send ") } }
            return tmux
        }

        @Test func functionKeysOpenAndEscClosesAtEverySize() async throws {
            let tmux = try await start(columns: 60, rows: 15)
            for (columns, rows) in [(60, 15), (80, 24), (120, 40), (200, 60)] {
                try tmux.resize(columns: columns, rows: rows)
                for (key, title) in [("F1", "hiss help"), ("F2", "hiss settings"), ("F9", "hiss theme")] {
                    try tmux.press(key)
                    let screen = try await tmux.waitForScreen("\(title) at \(columns)") {
                        $0.contains { $0.contains(title) } && ($0.last { !$0.isEmpty }?.hasPrefix("F1") ?? false)
                    }
                    #expect(screen.allSatisfy { $0.count <= columns })
                    try tmux.press("Escape")
                    _ = try await tmux.waitForScreen("chat at \(columns)") { !$0.contains { $0.contains(title) } }
                }
            }
            try tmux.press("C-d")
        }

        @Test func copiedTextReachesTheTerminalsClipboard() async throws {
            let tmux = try await start(columns: 80, rows: 24)
            try tmux.run("set-option", "-s", "set-clipboard", "on")
            try tmux.type("What is the capital of France?")
            try tmux.press("Enter")
            let screen = try await tmux.waitForScreen("answer") {
                $0.contains { $0.hasPrefix("smolmamba2 ·") && $0.contains("tok/s") && !$0.contains("generating") }
            }
            try tmux.type("/copy")
            try tmux.press("Enter")
            _ = try await tmux.waitForScreen("notice") {
                $0.contains { $0.contains("sent to the terminal's clipboard") }
            }
            let copied = try tmux.run("show-buffer")
            let shown = screen.filter { $0.hasPrefix("  ") }.joined(separator: " ").split(separator: " ")
            #expect(!copied.isEmpty)
            #expect(
                shown.suffix(copied.split { $0.isWhitespace }.count).elementsEqual(copied.split { $0.isWhitespace }))
            try tmux.press("C-d")
        }

        @Test func copyModeHandsTheMarkedWordsToTmux() async throws {
            let tmux = try await start(columns: 80, rows: 24)
            try tmux.type("What is the capital of France?")
            try tmux.press("Enter")
            let screen = try await tmux.waitForScreen("answer") {
                $0.contains { $0.hasPrefix("smolmamba2 ·") && $0.contains("tok/s") && !$0.contains("generating") }
            }
            try tmux.press("C-x", "[")
            _ = try await tmux.waitForScreen("copy mode") { $0.contains { $0.hasPrefix("copy: ") } }
            try tmux.type("gvjew")
            try await waitUntil("marked words", state: { (try? tmux.screen().joined(separator: "\n")) ?? "" }) {
                (try? tmux.screen(styles: true))?.contains { $0.contains("\u{1B}[7m") && $0.contains("What") } == true
            }
            try tmux.press("Escape")
            _ = try await tmux.waitForScreen("unmarked") { $0.contains { $0.contains("v V mark") } }
            try tmux.type("Gvey")
            _ = try await tmux.waitForScreen("notice") { $0.contains { $0.contains("tmux's buffer") } }
            let words = screen.last { $0.hasPrefix("  ") }?.split(separator: " ") ?? []
            #expect(try tmux.run("show-buffer") == words.first.map(String.init))
            try tmux.press("C-d")
        }

        @Test func keysAfterThePrefixAreListedAfterAMomentAndTheWheelScrolls() async throws {
            let tmux = try await start(columns: 80, rows: 24)
            try tmux.press("C-x")
            _ = try await tmux.waitForScreen("list") { $0.contains { $0.contains("after ^X") } }
            try tmux.press("m")
            _ = try await tmux.waitForScreen("mouse") { $0.contains { $0.contains("The wheel scrolls") } }
            #expect(try tmux.run("display-message", "-p", "#{mouse_any_flag}").hasPrefix("1"))
            try tmux.press("F12")
            _ = try await tmux.waitForScreen("file") { $0.contains { $0.contains("The screen is written") } }
            let dump = FileManager.default.contents(atPath: log.folder.appending(path: "frame.txt").path)
            let text = String(decoding: dump ?? Data(), as: UTF8.self)
            #expect(text.hasPrefix(" hiss  smolmamba2"))
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 25)
            try tmux.press("C-d")
        }
    }
}
