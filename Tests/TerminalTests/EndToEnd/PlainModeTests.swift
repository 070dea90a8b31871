import Foundation
import Testing

extension InTerminal {
    /// What a screen reader's user gets: lines that come once and stay, with nothing but text in them.
    @Suite struct PlainModeTests {
        private let log: ProbeLog

        init() throws {
            log = try ProbeLog()
        }

        private func start(
            _ arguments: [String] = [], _ environment: [String: String] = [:]
        ) throws -> PseudoTerminal {
            try PseudoTerminal(
                ProbeLog.program, ["--temp", "0", "--seed", "1"] + arguments,
                environment: PseudoTerminal.environment(environment.merging(["HISS_HOME": log.folder.path]) { $1 }))
        }

        /// Nothing that moves the cursor, colours, erases or rings: only text and line ends.
        private func expectOnlyText(_ pty: PseudoTerminal) {
            let text = String(decoding: pty.output, as: UTF8.self)
            let controls = text.unicodeScalars.filter { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
            #expect(controls.allSatisfy { $0 == "\n" || $0 == "\r" })
            #expect(text.replacing("\r\n", with: "").contains("\r") == false)
        }

        @Test(arguments: [
            (["--plain"], [:], "--plain"), ([], ["HISS_PLAIN": "1"], "HISS_PLAIN"), ([], ["TERM": "dumb"], "TERM"),
        ])
        func theFirstLineSaysWhoWantedIt(
            _ arguments: [String], _ environment: [String: String], _ origin: String
        ) async throws {
            let pty = try start(arguments, environment)
            try await pty.waitForOutput("you: ")
            #expect(pty.visibleOutput.hasPrefix("[plain mode: on via \(origin)]\r\n"))
            pty.send("\u{4}")
            #expect(try await pty.waitForEnd() == 0)
            expectOnlyText(pty)
        }

        @Test func aWholeConversationIsLinesThatBeginWithWhoSpeaks() async throws {
            let pty = try start(["--plain"])
            try await pty.waitForOutput("you: ")
            let lines = [
                "What is the capital of France?", "/stats", "/time", "/step", "/sessions", "/help undo", "/hlep",
                "/goto 9", "/set temp 0.5", "/state", "/mouse on", "/copy", "/find capital", "/undo",
            ]
            for (index, line) in lines.enumerated() {
                pty.send(line + "\n")
                try await pty.waitForOutput("you: ", times: index + 2)
            }
            pty.send("/quit\n")
            #expect(try await pty.waitForEnd() == 0)
            expectOnlyText(pty)
            let output = String(decoding: pty.output, as: UTF8.self).replacing("\r\n", with: "\n")
            #expect(output.contains("\nsmolmamba2: ") && output.contains("Paris"))
            #expect(output.contains("recomp 0"))
            #expect(output.contains("note: there is no /hlep; did you mean /help?"))
            #expect(output.contains("note: there is no turn to go to"))
            // The answer is said once: nothing is drawn again.
            #expect(output.ranges(of: "What is the capital of France?").count <= 6)
        }

        @Test func anAnswerIsStoppedAndTheNextOneComes() async throws {
            let pty = try start(["--plain"])
            try await pty.waitForOutput("you: ")
            pty.send("Explain in detail how a sailing ship works.\n")
            try await pty.waitForOutput("smolmamba2: ")
            try await waitUntil("words", state: { pty.visibleOutput }) { words(pty.visibleOutput).count > 60 }
            pty.send("\u{3}")
            try await pty.waitForOutput("note: stopped")
            try await pty.waitForOutput("you: ", times: 2)
            pty.send("\u{4}")
            #expect(try await pty.waitForEnd() == 0)
            expectOnlyText(pty)
        }
    }
}
