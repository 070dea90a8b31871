import Foundation
import Testing

extension InTerminal {
    /// The program itself, with the shipped model, in a real terminal.
    @Suite(.serialized, .endToEnd) struct EndToEndTests {
        private let program = ProbeLog.program
        private let log: ProbeLog

        init() throws {
            log = try ProbeLog()
        }

        /// Starts the program in tmux, in a shell that tells its status and the terminal's settings before and after.
        private func start(_ arguments: String, columns: Int = 80, rows: Int = 24, term: String? = nil) throws -> Tmux {
            let folder = log.folder.path
            let environment = term.map { "TERM=\($0) " } ?? ""
            let script =
                "trap : INT; stty -g >\(folder)/before; \(environment)HISS_HOME=\(folder) \(program) \(arguments); "
                + "echo $? >\(folder)/status; stty -g >\(folder)/after; echo gone; cat"
            return try Tmux("sh -c '\(script)'", columns: columns, rows: rows)
        }

        private func file(_ name: String) -> String? {
            FileManager.default.contents(atPath: log.folder.appending(path: name).path)
                .map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) }
                .flatMap { $0.isEmpty ? nil : $0 }
        }

        /// Waits until the program has gone, and expects the terminal as it was.
        private func expectEnd(_ tmux: Tmux, status: String) async throws {
            try await waitUntil("end of the program", state: { (try? tmux.screen().joined(separator: "\n")) ?? "" }) {
                file("after") != nil
            }
            #expect(file("status") == status)
            #expect(file("before") == file("after"))
            let screen = try await tmux.waitForScreen("shell") { $0.contains { $0.hasPrefix("gone") } }
            #expect(!screen.contains { $0.contains("── Enter send") })
        }

        private func isReady(_ screen: [String]) -> Bool {
            screen.contains { $0.contains("Enter send") } && !screen.contains { $0.contains("loading") }
                && screen[0].contains("exact")
        }

        /// Sends a question and waits for the end of its answer, whose header has a rate and no progress.
        private func ask(_ question: String, turn: Int, _ tmux: Tmux) async throws -> [String] {
            try tmux.type(question)
            try tmux.press("Enter")
            return try await tmux.waitForScreen("answer \(turn)") { isAnswered($0, turn: turn) }
        }

        private func isAnswered(_ screen: [String], turn: Int) -> Bool {
            screen[0].contains("turn \(turn)") && !screen.contains { $0.contains("Esc stop") }
                && screen.last { $0.hasPrefix("smolmamba2 ·") }?.contains("tok/s") == true
        }

        /// The words of the last answer on the screen.
        private func lastAnswer(_ screen: [String]) -> [String] {
            guard let header = screen.lastIndex(where: { $0.hasPrefix("smolmamba2 ·") }) else { return [] }
            return screen[(header + 1)...].prefix { $0.isEmpty || $0.hasPrefix("  ") }.flatMap(words)
        }

        @Test func theSecondTurnReadsNothingAgainAndSaysWhatOnePassSays() async throws {
            var reference = try ReferenceConversation()
            let first = try reference.ask("What is the capital of France?")
            let second = try reference.ask("Write two sentences about it.")

            let tmux = try start("--precision exact --temp 0")
            _ = try await tmux.waitForScreen("ready", isReady)
            let one = try await ask("What is the capital of France?", turn: 1, tmux)
            #expect(lastAnswer(one) == words(first.text))
            let two = try await ask("Write two sentences about it.", turn: 2, tmux)
            #expect(!second.certainWords.isEmpty)
            #expect(Array(lastAnswer(two).prefix(second.certainWords.count)) == second.certainWords)

            let gauges = try #require(two.first { $0.hasPrefix(" tok/s") })
            #expect(gauges.contains("recomp 0"))
            #expect(gauges.contains("state 4.81M fixed"))
            let seen = first.promptTokens + first.tokens.count + second.promptTokens + second.tokens.count
            #expect(gauges.contains("seen \(seen) "), "\(gauges)")
            try tmux.press("C-d")
            try await expectEnd(tmux, status: "0")
        }

        @Test func resizingWhileAnAnswerStreamsLosesNothing() async throws {
            var reference = try ReferenceConversation()
            let question = "What is photosynthesis?"
            let expected = try reference.ask(question)
            #expect(expected.tokens.count > 40)

            let tmux = try start("--precision exact --temp 0", columns: 80, rows: 60)
            _ = try await tmux.waitForScreen("ready", isReady)
            try tmux.type(question)
            try tmux.press("Enter")
            _ = try await tmux.waitForScreen("stream") { $0.contains { $0.contains("generating") } }
            for columns in [60, 120, 71, 100] {
                try tmux.resize(columns: columns, rows: 60)
                _ = try await tmux.waitForScreen("title of \(columns) columns") { $0[0].count <= columns }
            }
            let screen = try await tmux.waitForScreen("answer") { isAnswered($0, turn: 1) }
            #expect(Array(lastAnswer(screen).prefix(expected.certainWords.count)) == expected.certainWords)
            try tmux.press("C-d")
            try await expectEnd(tmux, status: "0")
        }

        @Test func escStopsTheAnswerAndKeepsWhatWasSaidAndTyped() async throws {
            let tmux = try start("--precision exact --temp 0")
            _ = try await tmux.waitForScreen("ready", isReady)
            try tmux.type("Explain in detail how a sailing ship works.")
            try tmux.press("Enter")
            _ = try await tmux.waitForScreen("stream") { $0.contains { $0.contains("generating") } }
            try tmux.type("half a question")
            try tmux.press("Escape")
            let stopped = try await tmux.waitForScreen("stop") { $0.contains { $0.contains("· stopped") } }
            #expect(!lastAnswer(stopped).isEmpty)
            #expect(stopped.contains { $0.hasPrefix("> half a question") || $0.hasPrefix(">half a question") })
            try tmux.press("C-u")
            let next = try await ask("What is the capital of France?", turn: 2, tmux)
            #expect(!lastAnswer(next).isEmpty)
            #expect(next.contains { $0.contains("recomp 0") })
            try tmux.press("C-d")
            try await expectEnd(tmux, status: "0")
        }

        @Test(arguments: [("TERM", "143"), ("HUP", "129")])
        func aSignalEndsTheProgramAndRestoresTheTerminal(signal: String, status: String) async throws {
            let tmux = try start("--precision exact --temp 0")
            _ = try await tmux.waitForScreen("ready", isReady)
            try tmux.type("Explain in detail how a sailing ship works.")
            try tmux.press("Enter")
            _ = try await tmux.waitForScreen("stream") { $0.contains { $0.contains("generating") } }
            let pane = try tmux.run("display-message", "-p", "#{pane_pid}").trimmingCharacters(
                in: .whitespacesAndNewlines)
            try tmux.run("run-shell", "pkill -\(signal) -P \(pane) || pkill -\(signal) -f \(log.folder.path)")
            try await expectEnd(tmux, status: status)
        }

        @Test func anUnknownTerminalFallsBackAndSaysSo() async throws {
            let tmux = try start("--precision exact --temp 0", term: "no-such-terminal")
            let screen = try await tmux.waitForScreen("ready", isReady)
            let note = words(screen.joined(separator: " ")).joined(separator: " ")
            #expect(note.contains("\"no-such-terminal\" is not described on this machine; using xterm-256color"))
            try tmux.press("C-d")
            try await expectEnd(tmux, status: "0")
        }

        @Test func lineModeStopsAnAnswerWithCtrlCAndGoesOn() async throws {
            let tmux = try start("repl --precision exact --temp 0")
            _ = try await tmux.waitForScreen("prompt") { $0.contains { $0.hasPrefix(">") } }
            try tmux.type("Explain in detail how a sailing ship works.")
            try tmux.press("Enter")
            _ = try await tmux.waitForScreen("words") { $0.joined(separator: " ").split(separator: " ").count > 60 }
            try tmux.press("C-c")
            // What is typed before the prompt is there comes before it on the screen.
            _ = try await tmux.waitForScreen("stop") { screen in
                screen.contains { $0.hasPrefix("note: stopped") } && screen.filter { $0.hasPrefix(">") }.count == 2
            }
            try tmux.type("What is the capital of France?")
            try tmux.press("Enter")
            _ = try await tmux.waitForScreen("next prompt") { screen in
                screen.filter { $0.hasPrefix(">") }.count == 3
            }
            try tmux.type("/stats")
            try tmux.press("Enter")
            _ = try await tmux.waitForScreen("gauges") { $0.contains { $0.contains("recomp 0") } }
            try tmux.press("C-d")
            try await expectEnd(tmux, status: "0")
        }
    }
}
