import Foundation
import Testing

extension InTerminal {
    @Suite struct LineReaderTests {
        /// The probe at its n-th prompt.
        private struct Session {
            let log: ProbeLog
            let pty: PseudoTerminal
            let settings: [UInt32]
            var prompts = 0

            var history: String { log.folder.appending(path: "history").path }

            init(log: ProbeLog? = nil, vi: Bool = false, environment: [String: String] = [:]) async throws {
                self.log = try log ?? ProbeLog()
                settings = try PseudoTerminal("/bin/cat").settings
                pty = try PseudoTerminal(
                    ProbeLog.probe,
                    ["line", self.log.path, self.log.folder.appending(path: "history").path] + (vi ? ["vi"] : []),
                    environment: PseudoTerminal.environment(environment))
                try await waitForPrompt()
            }

            /// Keys that come earlier would meet the terminal's other mode.
            mutating func waitForPrompt() async throws {
                prompts += 1
                try await pty.waitForOutput("\u{1B}[?2004h", times: prompts)
                try await waitUntil("the edit mode") { !pty.readsLines }
            }

            mutating func send(_ text: String, expecting line: String) async throws {
                pty.send(text)
                try await log.waitForLine(line)
                try await waitForPrompt()
            }
        }

        @Test func enterSendsAndTheOtherKeysMakeLines() async throws {
            var session = try await Session()
            try await session.send("plain\r", expecting: "line plain")
            try await session.send("a\nb\r", expecting: "line a\\u{a}b")
            try await session.send("c\u{1B}\rd\r", expecting: "line c\\u{a}d")
            try await session.send("e\u{1B}[13;2uf\r", expecting: "line e\\u{a}f")
            try await session.send("日本é👩x\u{7F}\r", expecting: "line \\u{65e5}\\u{672c}\\u{e9}\\u{1f469}")
        }

        @Test func aPasteIsOneEntry() async throws {
            var session = try await Session()
            try await session.send(
                "\u{1B}[200~p1\rp2\r\np3\u{1B}[201~ more\r", expecting: "line p1\\u{a}p2\\u{a}p3 more")
            let lines = (1...500).map { "line \($0)" }
            let expected = "line " + lines.joined(separator: "\\u{a}")
            try await session.send("\u{1B}[200~\(lines.joined(separator: "\r"))\u{1B}[201~\r", expecting: expected)
        }

        @Test func interruptingDropsTheLineAndGoesOn() async throws {
            var session = try await Session()
            session.pty.send("half")
            try await session.pty.waitForOutput("half")
            try await session.send("\u{3}", expecting: "interrupted")
            try await session.send("whole\r", expecting: "line whole")
            session.pty.send("\u{4}")
            #expect(try await session.pty.waitForEnd() == 0)
            #expect(session.log.lines.filter { $0 != "reading" } == ["interrupted", "line whole", "end"])
            #expect(session.pty.settings == session.settings)
        }

        @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT])
        func aSignalToEndIsReturned(signal: Int32) async throws {
            let session = try await Session()
            session.pty.send("half")
            try await session.pty.waitForOutput("half")
            kill(session.pty.process, signal)
            #expect(try await session.pty.waitForEnd() == 128 + signal)
            #expect(session.log.lines.last == "terminated \(signal)")
            expectRestored(session)
        }

        @Test func aCrashRestores() async throws {
            let session = try await Session()
            kill(session.pty.process, SIGSEGV)
            #expect(try await session.pty.waitForEnd() == -SIGSEGV)
            expectRestored(session)
        }

        @Test func hangingUpEnds() async throws {
            let session = try await Session()
            session.pty.hangUp()
            #expect(try await session.pty.waitForEnd() == 128 + SIGHUP)
        }

        private func expectRestored(_ session: Session) {
            #expect(session.pty.settings == session.settings)
            let output = String(decoding: session.pty.output, as: UTF8.self)
            let lastOn = output.ranges(of: "\u{1B}[?2004h").last?.lowerBound
            let lastOff = output.ranges(of: "\u{1B}[?2004l").last?.lowerBound
            #expect(lastOn.map { on in lastOff.map { $0 > on } ?? false } == true)
        }

        /// Escape and what moves the cursor arrive in two pieces, as from fingers.
        private func editWithVi(_ session: inout Session) async throws {
            session.pty.send("one two")
            try await session.pty.waitForOutput("one two")
            session.pty.send("\u{1B}")
            session.pty.send("0")
            try await session.send("dwA\n!\r", expecting: "line two\\u{a}!")
            try await session.send("\u{1B}[200~p1\rp2\u{1B}[201~ more\r", expecting: "line p1\\u{a}p2 more")
            try await session.send("/m\t\r", expecting: "line /model")
        }

        @Test func viKeysEdit() async throws {
            var session = try await Session(vi: true)
            try await editWithVi(&session)
        }

        @Test func editrcMayAskForVi() async throws {
            let log = try ProbeLog()
            let file = log.folder.appending(path: "editrc")
            try Data("bind -v\n".utf8).write(to: file)
            var session = try await Session(log: log, environment: ["EDITRC": file.path])
            try await editWithVi(&session)
        }

        @Test func flowControlIsOff() async throws {
            let session = try await Session()
            #expect(session.pty.settings[0] & UInt32(IXON) == 0)
        }

        @Test func historyLastsAndIsPrivate() async throws {
            var session = try await Session()
            try await session.send("first\r", expecting: "line first")
            try await session.send("two\nlines\r", expecting: "line two\\u{a}lines")
            try await session.send(" secret\r", expecting: "line  secret")
            session.pty.send("\u{4}")
            #expect(try await session.pty.waitForEnd() == 0)
            let attributes = try FileManager.default.attributesOfItem(atPath: session.history)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            var next = try await Session(log: session.log)
            next.pty.send("\u{1B}[A\r")
            try await next.log.waitForLine("line two\\u{a}lines", times: 2)
            try await next.waitForPrompt()
            next.pty.send("\u{12}fir")
            try await next.pty.waitForOutput("first")
            next.pty.send("\u{1B}\r")
        }

        @Test func tabCompletes() async throws {
            var session = try await Session()
            try await session.send("/m\t\r", expecting: "line /model")
            session.pty.send("/h\t")
            try await session.pty.waitForOutput("/help  /history")
            try await session.send("e\t\r", expecting: "line /help")
        }

        @Test func aResizeKeepsTheLine() async throws {
            var session = try await Session()
            let text = String(repeating: "word ", count: 20) + "end"
            session.pty.send(text)
            try await session.pty.waitForOutput("end")
            session.pty.resize(columns: 40, rows: 24)
            try await session.pty.signal(SIGWINCH)
            session.pty.resize(columns: 120, rows: 24)
            try await session.pty.signal(SIGWINCH)
            try await session.send("!\r", expecting: "line \(text)!")
            #expect(!session.log.lines.contains("interrupted"))
        }

        @Test func bytesThatAreNoTextDoNoHarm() async throws {
            var session = try await Session()
            session.pty.send([0xFF, 0x61, 0xE6, 0x62])
            try await session.send("\r", expecting: "line \\u{fffd}ab")
        }

        @Test(.enabled(if: Tmux.isInstalled, "\(Tmux.reason)"))
        func suspendingKeepsTheLine() async throws {
            let log = try ProbeLog()
            let tmux = try Tmux("bash --norc", environment: ["PS1": "shell> "])
            _ = try await tmux.waitForScreen("the shell") { $0[0].hasPrefix("shell>") }
            try tmux.type("clear; \(ProbeLog.probe) line \(log.path)\n")
            _ = try await tmux.waitForScreen("the prompt") { $0[0] == "you>" }
            try tmux.type("half")
            _ = try await tmux.waitForScreen("the half line") { $0[0] == "you> half" }
            try tmux.press("C-z")
            _ = try await tmux.waitForScreen("the stop") { $0.contains { $0.contains("Stopped") } }
            try tmux.type("clear; fg\n")
            _ = try await tmux.waitForScreen("the line again") { $0.contains("you> half") }
            try tmux.type(" whole\r")
            try await log.waitForLine("line half whole")
        }

        @Test(.enabled(if: Tmux.isInstalled, "\(Tmux.reason)"))
        func interruptingAnUpperRowOverwritesNothing() async throws {
            let log = try ProbeLog()
            let tmux = try Tmux("\(ProbeLog.probe) line \(log.path)")
            _ = try await tmux.waitForScreen("the prompt") { $0[0] == "you>" }
            try tmux.press("a", "C-j", "b", "C-j", "c")
            _ = try await tmux.waitForScreen("three rows") { $0[0] == "you> a" && $0[2] == "c" }
            try tmux.press("C-a", "C-c")
            try await log.waitForLine("interrupted")
            let screen = try await tmux.waitForScreen("the next prompt") {
                $0.dropFirst().contains { $0.hasPrefix("you>") }
            }
            #expect(screen[0] == "you> a" && screen[1] == "b" && screen[2].hasPrefix("c"))
            #expect(screen[3] == "you>")
        }

        @Test func aPipeIsRefused() async throws {
            let log = try ProbeLog()
            let pty = try PseudoTerminal("/bin/sh", ["-c", "echo x | \(ProbeLog.probe) line \(log.path)"])
            #expect(try await pty.waitForEnd() == 2)
            #expect(try await log.waitForLine(startingWith: "error ").contains("needs a terminal"))
        }
    }
}
