import Glibc
import Testing

extension InTerminal {
    @Suite struct TerminalSessionTests {
        private func start(
            _ changes: [String: String] = [:]
        ) async throws -> (log: ProbeLog, pty: PseudoTerminal, settings: [UInt32]) {
            let log = try ProbeLog()
            let pty = try PseudoTerminal(
                ProbeLog.probe, ["screen", log.path], environment: PseudoTerminal.environment(changes))
            // What a new terminal has: a program that runs already may have changed it.
            let fresh = try PseudoTerminal("/bin/cat").settings
            _ = try await log.waitForLine(startingWith: "ready")
            #expect(pty.settings != fresh)
            return (log, pty, fresh)
        }

        /// All that has been switched on is off in the end, and the settings are the old ones.
        private func expectRestored(_ pty: PseudoTerminal, _ settings: [UInt32]) {
            #expect(pty.settings == settings)
            let output = String(decoding: pty.output, as: UTF8.self)
            let modes = [
                ("\u{1B}[?2004l", "\u{1B}[?2004h"), ("\u{1B}[?1049l", "\u{1B}[?1049h"), ("\u{1B}[?25h", "\u{1B}[?25l"),
                ("\u{1B}[?1l", "\u{1B}[?1h"), ("\u{1B}[?1004l", "\u{1B}[?1004h"),
            ]
            for (off, on) in modes {
                guard
                    let lastOn = output.ranges(of: on).last?.lowerBound
                        ?? (on.contains("1004") ? nil : output.startIndex)
                else { continue }
                let lastOff = output.ranges(of: off).last?.lowerBound
                #expect(lastOff.map { $0 >= lastOn } == true, "\(off.dropFirst()) is missing at the end")
            }
        }

        @Test func quittingRestores() async throws {
            let (_, pty, settings) = try await start()
            pty.send("\u{11}")
            #expect(try await pty.waitForEnd() == 0)
            expectRestored(pty, settings)
        }

        @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
        func aSignalToEndIsDeliveredAndRestores(signal: Int32) async throws {
            let (log, pty, settings) = try await start()
            kill(pty.process, signal)
            #expect(try await pty.waitForEnd() == 128 + signal)
            try await log.waitForLine("end \(signal)")
            expectRestored(pty, settings)
        }

        @Test(arguments: [SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGTRAP, SIGFPE])
        func aCrashRestoresAndStaysACrash(signal: Int32) async throws {
            let (_, pty, settings) = try await start()
            kill(pty.process, signal)
            #expect(try await pty.waitForEnd() == -signal)
            expectRestored(pty, settings)
        }

        @Test(arguments: [("\u{1B}[15~", "a trap"), ("\u{1B}[17~", "a stack overflow")])
        func aRealCrashRestores(key: String, what: String) async throws {
            let (_, pty, settings) = try await start()
            pty.send(key)
            #expect(try await pty.waitForEnd() < 0, "\(what)")
            expectRestored(pty, settings)
        }

        @Test func exitRestores() async throws {
            let (_, pty, settings) = try await start()
            pty.send("\u{1B}[18~")
            #expect(try await pty.waitForEnd() == 7)
            expectRestored(pty, settings)
        }

        @Test func hangingUpEndsTheProgramOnce() async throws {
            let (log, pty, _) = try await start()
            pty.send("a")
            try await log.waitForLine("key 'a'")
            pty.hangUp()
            #expect(try await pty.waitForEnd() == 128 + SIGHUP)
            #expect(log.lines.count { $0.hasPrefix("end") } == 1)
        }

        @Test func hangingUpEndsTheProgramWithoutASignal() async throws {
            let log = try ProbeLog()
            let command = "trap '' HUP; exec \(ProbeLog.probe) screen \(log.path)"
            let pty = try PseudoTerminal("/bin/sh", ["-c", command])
            _ = try await log.waitForLine(startingWith: "ready")
            pty.hangUp()
            #expect(try await pty.waitForEnd() == 128 + SIGHUP)
        }

        @Test func aContinuedProgramTakesTheTerminalAgain() async throws {
            let (log, pty, settings) = try await start()
            let raw = pty.settings
            kill(pty.process, SIGSTOP)
            try await waitUntil("the stop") { pty.isStopped }
            pty.makeSane()
            kill(pty.process, SIGCONT)
            try await log.waitForLine("shown")
            #expect(pty.settings == raw)
            pty.send("\u{11}")
            #expect(try await pty.waitForEnd() == 0)
            expectRestored(pty, settings)
        }

        @Test(arguments: ["nosuch", ""])
        func anUnknownTerminalFallsBackAndIsNamed(name: String) async throws {
            let (log, pty, settings) = try await start(["TERM": name])
            let note = try await log.waitForLine(startingWith: "note ")
            #expect(note.contains(name.isEmpty ? "TERM is not set" : "\"nosuch\""))
            pty.send("\u{11}")
            #expect(try await pty.waitForEnd() == 0)
            expectRestored(pty, settings)
        }

        @Test func withoutATerminalTheReasonIsGiven() async throws {
            let log = try ProbeLog()
            let pty = try PseudoTerminal("/bin/sh", ["-c", "exec \(ProbeLog.probe) screen \(log.path) </dev/null"])
            #expect(try await pty.waitForEnd() == 2)
            #expect(try await log.waitForLine(startingWith: "error ").contains("needs a terminal"))
            #expect(!pty.output.contains(0x1B))
        }

        @Test func sizesInTheEnvironmentDoNotCount() async throws {
            let (log, pty, _) = try await start(["COLUMNS": "10", "LINES": "5"])
            #expect(log.lines.contains("ready 80x24"))
            pty.resize(columns: 90, rows: 30)
            try await log.waitForLine("resized 90x30")
        }

        /// A frame of the earlier size may have ended with `CSI 1;24r` when the terminal had 30 rows already.
        @Test func afterAResizeTheWholeScreenScrolls() async throws {
            let (_, pty, _) = try await start()
            pty.resize(columns: 90, rows: 30)
            try await waitUntil("the new frame") {
                pty.visibleOutput.contains("<ESC>[1;30r<ESC>[H<ESC>[2J")
            }
        }

        @Test(.enabled(if: Tmux.isInstalled, "\(Tmux.reason)"))
        func suspendingGivesTheShellItsTerminal() async throws {
            let log = try ProbeLog()
            let tmux = try Tmux("bash --norc", environment: ["PS1": "shell> "])
            _ = try await tmux.waitForScreen("the shell") { $0[0].hasPrefix("shell>") }
            try tmux.type("before=$(stty -g); \(ProbeLog.probe) screen \(log.path)\n")
            _ = try await log.waitForLine(startingWith: "ready")
            try tmux.press("C-z")
            _ = try await tmux.waitForScreen("the shell again") { $0.contains { $0.contains("Stopped") } }
            try tmux.type("clear; [ \"$before\" = \"$(stty -g)\" ] && echo sa''me\n")
            _ = try await tmux.waitForScreen("the same settings") { $0.contains("same") }
            try tmux.resize(columns: 60, rows: 15)
            try tmux.type("fg\n")
            try await log.waitForLine("resized 60x15")
            let screen = try await tmux.waitForScreen("the frame again") { $0[3] == "size 60x15" }
            #expect(screen[0] == "日本|e\u{301}|👩|⚠|✅|한|end")
            // Keys, pastes and a second stop still work.
            try tmux.paste("x\ny")
            try await log.waitForLine("paste x\\u{a}y")
            try tmux.press("C-z")
            _ = try await tmux.waitForScreen("the second stop") { $0.contains("same") }
            try tmux.type("fg\n")
            try await log.waitForLine("shown", times: 2)
            try tmux.press("C-q")
            try await log.waitForLine("key control-'q'")
        }

        @Test(.enabled(if: Tmux.isInstalled, "\(Tmux.reason)"))
        func anOutsideStopIsRepaired() async throws {
            let log = try ProbeLog()
            let tmux = try Tmux("bash --norc", environment: ["PS1": "shell> "])
            _ = try await tmux.waitForScreen("the shell") { $0[0].hasPrefix("shell>") }
            try tmux.type("\(ProbeLog.probe) screen \(log.path)\n")
            _ = try await log.waitForLine(startingWith: "ready")
            let process = try #require(pid_t(try await log.waitForLine(startingWith: "process ")))
            for (count, signal) in [SIGSTOP, SIGTSTP].enumerated() {
                kill(process, signal)
                _ = try await tmux.waitForScreen("the stop by \(signal)") { $0.contains { $0.contains("Stopped") } }
                try tmux.type("clear; fg\n")
                try await log.waitForLine("shown", times: count + 1)
                let screen = try await tmux.waitForScreen("the frame again") { $0[3] == "size 80x24" }
                #expect(screen[0] == "日本|e\u{301}|👩|⚠|✅|한|end")
            }
            try tmux.press("Enter")
            try await log.waitForLine("key enter")
        }

        @Test(arguments: [0, SIGSEGV])
        func focusIsReportedOnRequestAndRestored(signal: Int32) async throws {
            let (log, pty, settings) = try await start()
            #expect(!String(decoding: pty.output, as: UTF8.self).contains("\u{1B}[?1004h"))
            pty.send("\u{1B}[20~")
            try await pty.waitForOutput("\u{1B}[?1004h")
            pty.send("\u{1B}[O")
            try await log.waitForLine("focus out")
            pty.send("\u{1B}[I")
            try await log.waitForLine("focus in")
            if signal == 0 { pty.send("\u{11}") } else { kill(pty.process, signal) }
            #expect(try await pty.waitForEnd() == -signal)
            expectRestored(pty, settings)
        }

        @Test func theBellRingsAndTheTerminalIsToldToNotify() async throws {
            let (_, pty, _) = try await start()
            pty.send("\u{1B}[21~")
            try await pty.waitForOutput("\u{7}\u{1B}]9;done\u{7}")
        }

        @Test func redrawSendsEverything() async throws {
            let (log, pty, _) = try await start()
            try await pty.waitForOutput("size 80x24")
            pty.send("\u{C}")
            try await log.waitForLine("shown")
            try await pty.waitForOutput("size 80x24", times: 2)
        }
    }
}
