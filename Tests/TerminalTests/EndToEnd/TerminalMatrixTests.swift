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

        init() throws {
            log = try ProbeLog()
        }

        /// Starts the program without a model, which the screen can do without: nothing here waits for one.
        private func start(_ environment: [String: String], _ arguments: [String] = []) throws -> PseudoTerminal {
            let missing = log.folder.appending(path: "none.gguf").path
            try Data("no model".utf8).write(to: URL(filePath: missing))
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

        @Test(arguments: kinds, [[:], ["NO_COLOR": "1"], ["LC_ALL": "C"], ["COLORTERM": "truecolor"]])
        func opensShowsAndLeaves(kind: Kind, environment: [String: String]) async throws {
            let fresh = try PseudoTerminal("/bin/cat").settings
            let pty = try start(["TERM": kind.term].merging(environment) { $1 })
            try await pty.waitForOutput("can't read")
            pty.send("words")
            try await pty.waitForOutput("words")
            let output = pty.output
            #expect(setsColor(output) == (kind.hasColor && environment["NO_COLOR"] == nil))
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
            let missing = log.folder.appending(path: "none.gguf").path
            try Data("no model".utf8).write(to: URL(filePath: missing))
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

        @Test(arguments: [SIGTERM, SIGHUP, SIGSEGV, SIGABRT])
        func aSignalLeavesTheTerminalAsItWas(signal: Int32) async throws {
            let fresh = try PseudoTerminal("/bin/cat").settings
            let pty = try start([:])
            try await pty.waitForOutput("can't read")
            kill(pty.process, signal)
            let isRequest = signal == SIGTERM || signal == SIGHUP
            try await expectRestored(pty, fresh, status: isRequest ? 128 + signal : -signal)
        }
    }
}
