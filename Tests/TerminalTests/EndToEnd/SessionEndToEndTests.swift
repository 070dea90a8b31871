import Foundation
import Glibc
import Testing

extension InTerminal {
    /// Sessions in a real terminal, with the shipped model.
    @Suite(.serialized, .endToEnd) struct SessionEndToEndTests {
        private let program = ProbeLog.program
        private let log: ProbeLog

        init() throws {
            log = try ProbeLog()
        }

        private func start(_ arguments: String, columns: Int = 80, rows: Int = 24) async throws -> Tmux {
            let tmux = try Tmux(
                "exec \(program) --precision exact --temp 0 \(arguments)", columns: columns, rows: rows,
                environment: ["HISS_HOME": log.folder.path])
            _ = try await tmux.waitForScreen("ready") { screen in
                screen.contains { $0.contains("Enter send") } && !screen[0].contains("loading")
            }
            return tmux
        }

        private func ask(_ question: String, turn: Int, _ tmux: Tmux) async throws -> [String] {
            try tmux.type(question)
            try tmux.press("Enter")
            return try await tmux.waitForScreen("answer \(turn)") { screen in
                screen[0].contains("turn \(turn)") && !screen.contains { $0.contains("Esc stop") }
                    && screen.last { $0.hasPrefix("smolmamba2 ·") }?.contains("tok/s") == true
                    && !screen[0].contains("GEN") && !screen[0].contains("READ")
            }
        }

        private func lastAnswer(_ screen: [String]) -> [String] {
            guard let header = screen.lastIndex(where: { $0.hasPrefix("smolmamba2 ·") }) else { return [] }
            return screen[(header + 1)...].prefix { $0.isEmpty || $0.hasPrefix("  ") }.flatMap(words)
        }

        /// Kills the program in the way that gives it no time for anything.
        private func kill(_ tmux: Tmux) async throws {
            let pane = try tmux.run("display-message", "-p", "#{pane_pid}")
            let process = try #require(Int32(pane.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(Glibc.kill(process, SIGKILL) == 0)
            // What a dead pane says on its screen depends on where its cursor stood.
            _ = try await tmux.waitForScreen("end") { _ in
                (try? tmux.run("display-message", "-p", "#{pane_dead}"))?.hasPrefix("1") == true
            }
        }

        @Test func killedAndResumedItSaysWhatAnUninterruptedRunSays() async throws {
            let questions = ["Remember: my room is 412.", "What is the capital of France?", "Which room did I say?"]
            var reference = try ReferenceConversation()
            var expected: [ReferenceConversation.Turn] = []
            for question in questions { expected.append(try reference.ask(question)) }

            var tmux = try await start("-s kyoto")
            _ = try await ask(questions[0], turn: 1, tmux)
            let second = try await ask(questions[1], turn: 2, tmux)
            #expect(second[0].contains("kyoto"))
            try await kill(tmux)

            tmux = try await start("-s kyoto")
            let resumed = try await tmux.waitForScreen("transcript") {
                $0.contains { $0.contains("Resumed 'kyoto' at turn 2") }
            }
            #expect(resumed.contains { $0.contains("recomp 0") })
            #expect(resumed.contains { $0.contains(questions[1]) })
            let third = try await ask(questions[2], turn: 3, tmux)
            #expect(Array(lastAnswer(third).prefix(expected[2].certainWords.count)) == expected[2].certainWords)
            #expect(third.contains { $0.contains("recomp 0") })
            let seen = expected.reduce(0) { $0 + $1.promptTokens + $1.tokens.count }
            #expect(third.contains { $0.contains("seen \(seen) ") })
            try tmux.press("C-d")
        }

        @Test func theTimelineGoesBackForksAndBothSessionsStay() async throws {
            let tmux = try await start("-s first")
            _ = try await ask("Remember: my room is 412.", turn: 1, tmux)
            _ = try await ask("What is the capital of France?", turn: 2, tmux)
            try tmux.press("F5")
            _ = try await tmux.waitForScreen("timeline") { screen in
                screen[0].contains("hiss timeline") && screen.contains { $0.contains("@ 2") }
            }
            try tmux.press("Up", "Enter")
            let back = try await tmux.waitForScreen("turn 1") { screen in
                screen[0].contains("turn 1") && screen.contains { $0.contains("none read again") }
            }
            #expect(!back.contains { $0.contains("What is the capital of France?") })
            try tmux.press("F6")
            _ = try await tmux.waitForScreen("fork") { $0.contains { $0.contains("'first' stays as it is") } }
            let again = try await ask("Which room did I say?", turn: 2, tmux)
            #expect(again.contains { $0.contains("recomp 0") })
            try tmux.press("F4")
            let listed = try await tmux.waitForScreen("sessions") { screen in
                screen[0].contains("hiss sessions") && screen.contains { $0.hasPrefix(" first ") }
            }
            #expect(listed.count { $0.contains("Remember: my") } == 2)
            try tmux.press("Down", "Enter")
            let other = try await tmux.waitForScreen("first") { $0[0].contains("first") && $0[0].contains("turn 1") }
            // It stands where it was left.
            #expect(other.contains { $0.contains("'first' goes on at turn 1: nothing is read again.") })
            try tmux.press("C-d")
        }

        @Test func aSessionThatDoesNotFitLeavesTheTerminalAndSaysWhy() async throws {
            var tmux = try await start("-s kyoto")
            _ = try await ask("What is the capital of France?", turn: 1, tmux)
            try await kill(tmux)
            tmux = try Tmux(
                "\(program) -s kyoto --precision fast; echo status $?; cat", columns: 100, rows: 24,
                environment: ["HISS_HOME": log.folder.path])
            let screen = try await tmux.waitForScreen("refusal") { $0.contains { $0.hasPrefix("status 4") } }
            #expect(screen.contains { $0.hasPrefix("hiss: cannot resume 'kyoto'") })
        }
    }
}
