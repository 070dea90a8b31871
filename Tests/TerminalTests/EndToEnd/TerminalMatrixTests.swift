import Foundation
import Glibc
import Testing

extension InTerminal {
    /// The program on terminals of all kinds, with and without colour, in locales with and without UTF-8.
    @Suite(.serialized, .endToEnd) struct TerminalMatrixTests {
        /// A terminal, and what is expected of it.
        struct Kind: Sendable, CustomStringConvertible {
            var term: String
            var hasColor = true
            /// What the first note says, if the terminal is not known.
            var note: String?

            var description: String { term.isEmpty ? "(no TERM)" : term }
        }

        static let kinds = [
            Kind(term: "xterm-256color"), Kind(term: "xterm"), Kind(term: "tmux-256color"), Kind(term: "screen"),
            Kind(term: "screen-256color"), Kind(term: "linux"), Kind(term: "vt220", hasColor: false),
            Kind(term: "vt100", hasColor: false), Kind(term: "xterm-mono", hasColor: false),
            Kind(term: "xterm-kitty-of-tomorrow", note: "is not described on this machine"),
            Kind(term: "", note: "(TERM is not set)"),
        ]

        private let log: ProbeLog
        /// No model, which the screen can do without: nothing here waits for one.
        private let missing: String

        init() throws {
            log = try ProbeLog()
            missing = log.folder.appending(path: "none.gguf").path
            try Data("no model".utf8).write(to: URL(filePath: missing))
        }

        private func start(_ environment: [String: String], _ arguments: [String] = []) throws -> PseudoTerminal {
            let changes = environment.merging(["HISS_HOME": log.folder.path]) { $1 }
            return try PseudoTerminal(
                ProbeLog.program, ["-m", missing] + arguments, environment: PseudoTerminal.environment(changes))
        }

        /// Waits for the end, and expects the terminal as it was.
        private func expectRestored(_ pty: PseudoTerminal, _ settings: [UInt32], status: Int32 = 0) async throws {
            #expect(try await pty.waitForEnd() == status)
            #expect(pty.settings == settings)
            let output = String(decoding: pty.output, as: UTF8.self)
            for mode in ["?2004", "?1049", "?25"] {
                let (on, off) = mode == "?25" ? ("l", "h") : ("h", "l")
                let lastOn = output.ranges(of: "\u{1B}[\(mode)\(on)").last?.lowerBound
                let lastOff = output.ranges(of: "\u{1B}[\(mode)\(off)").last?.lowerBound
                #expect(lastOn == nil || lastOff.map { $0 > lastOn ?? $0 } == true, "\(mode)")
            }
        }

        /// Whether the output sets a colour.
        private func setsColor(_ output: [UInt8]) -> Bool {
            String(decoding: output, as: UTF8.self).contains(
                /\x1B\[([0-9]+;)*(3[0-7]|4[0-7]|[34]8;5;[0-9]+|9[0-7])(;[0-9]+)*m/)
        }

        /// The environments of a kind are tried side by side: the programs wait for each other's processor only.
        @Test(arguments: kinds)
        func opensShowsAndLeaves(kind: Kind) async throws {
            let fresh = try PseudoTerminal("/bin/cat").settings
            try await withThrowingTaskGroup(of: Void.self) { group in
                for environment in [[:], ["NO_COLOR": "1"], ["LC_ALL": "C"], ["COLORTERM": "truecolor"]] {
                    group.addTask { try await opensShowsAndLeaves(kind, environment, fresh) }
                }
                try await group.waitForAll()
            }
        }

        private func opensShowsAndLeaves(
            _ kind: Kind, _ environment: [String: String], _ fresh: [UInt32]
        ) async throws {
            let pty = try start(["TERM": kind.term].merging(environment) { $1 })
            try await pty.waitForOutput("can't read")
            pty.send("words")
            try await pty.waitForOutput("words")
            let hasColor = kind.hasColor && environment["NO_COLOR"] == nil
            #expect(setsColor(pty.output) == hasColor, "\(environment)")
            if let note = kind.note { try await pty.waitForOutput(note) }
            pty.send("\u{3}\u{4}")
            try await expectRestored(pty, fresh)
        }

        @Test func aLocaleWithoutUTF8StillShowsIt() async throws {
            let pty = try start(["LC_ALL": "C"])
            try await pty.waitForOutput("can't read")
            pty.send("é日本")
            try await pty.waitForOutput("é日本")
            pty.send("\u{3}\u{4}")
            #expect(try await pty.waitForEnd() == 0)
        }

        @Test func asciiStaysASCII() async throws {
            let pty = try start(["TERM": "vt100"], ["--ascii"])
            try await pty.waitForOutput("can't read")
            pty.send("\u{3}\u{4}")
            #expect(try await pty.waitForEnd() == 0)
            #expect(pty.output.allSatisfy { $0 < 0x80 })
        }

        @Test func aDumbTerminalGetsLinesWithoutASingleEscape() async throws {
            let pty = try start(["TERM": "dumb"])
            #expect(try await pty.waitForEnd() == 3)
            #expect(!pty.output.contains(0x1B))
        }

        @Test func suspendedAndContinuedItHasWhatWasWritten() async throws {
            let tmux = try Tmux("bash --norc", environment: ["PS1": "shell> ", "HISS_HOME": log.folder.path])
            _ = try await tmux.waitForScreen("the shell") { $0[0].hasPrefix("shell>") }
            try tmux.type("before=$(stty -g); \(ProbeLog.program) -m \(missing)\n")
            _ = try await tmux.waitForScreen("the program") { $0.contains { $0.hasPrefix("F1") } }
            try tmux.type("half a question")
            _ = try await tmux.waitForScreen("the text") { $0.contains { $0.hasPrefix("> half a question") } }
            for size in [(60, 15), (100, 30)] {
                try tmux.press("C-z")
                _ = try await tmux.waitForScreen("the shell again") { $0.contains { $0.contains("Stopped") } }
                try tmux.type("clear; [ \"$before\" = \"$(stty -g)\" ] && echo sa''me\n")
                _ = try await tmux.waitForScreen("the same settings") { $0.contains("same") }
                try tmux.resize(columns: size.0, rows: size.1)
                try tmux.type("fg\n")
                _ = try await tmux.waitForScreen("the program again") {
                    $0.count >= size.1 && $0[0].hasPrefix(" hiss") && $0[size.1 - 1].hasPrefix("F1")
                        && $0.contains { $0.hasPrefix("> half a question") } && !$0.contains("same")
                }
            }
            try tmux.press("C-c", "C-d")
            try tmux.type("clear; [ \"$before\" = \"$(stty -g)\" ] && echo sa''me\n")
            _ = try await tmux.waitForScreen("the same settings in the end") { $0.contains("same") }
        }

        /// vi's cursor is a bar while one types; it is the terminal's own again in the end, whatever the end.
        @Test func aSignalLeavesTheTerminalAsItWas() async throws {
            let fresh = try PseudoTerminal("/bin/cat").settings
            try await withThrowingTaskGroup(of: Void.self) { group in
                for signal in [SIGTERM, SIGHUP, SIGSEGV, SIGABRT] {
                    group.addTask {
                        let pty = try start(["HISS_EDITMODE": "vi"])
                        try await pty.waitForOutput("can't read")
                        try await pty.waitForOutput("\u{1B}[6 q")
                        kill(pty.process, signal)
                        let isRequest = signal == SIGTERM || signal == SIGHUP
                        try await expectRestored(pty, fresh, status: isRequest ? 128 + signal : -signal)
                        let output = String(decoding: pty.output, as: UTF8.self)
                        #expect(
                            output.ranges(of: "\u{1B}[2 q").last.map {
                                $0.lowerBound > (output.ranges(of: "\u{1B}[6 q").last?.lowerBound ?? output.startIndex)
                            } == true, "\(signal)")
                    }
                }
                try await group.waitForAll()
            }
        }

        @Test(arguments: [("xterm-256color", true), ("tmux-256color", true), ("linux", false), ("vt100", false)])
        func theCursorSaysVisModeWhereItCan(term: String, hasShapes: Bool) async throws {
            let pty = try start(["HISS_EDITMODE": "vi", "TERM": term])
            try await pty.waitForOutput("can't read")
            pty.send("words")
            try await pty.waitForOutput("words")
            pty.send("\u{1B}")
            try await pty.waitForOutput("NORMAL")
            pty.send("\u{3}\u{4}")
            #expect(try await pty.waitForEnd() == 0)
            let output = String(decoding: pty.output, as: UTF8.self)
            let shapes = output.matches(of: /\x1B\[([0-9]) q/).map { String($0.output.1) }
            #expect(shapes == (hasShapes ? ["6", "2", "6", "2"] : []))
        }
    }
}
