import Chat
import Foundation
import SessionStore
import Testing

extension InTerminal {
    /// What the screen costs while an answer streams: counted, so that no machine is too slow for it.
    @Suite(.serialized) struct FeelTests {
        private let log: ProbeLog

        init() throws {
            log = try ProbeLog()
        }

        /// The output of an answer from its first word to its end, and its tokens.
        private func stream(columns: Int, rows: Int) async throws -> (
            bytes: [UInt8], arrivals: [PseudoTerminal.Arrival], tokens: Int
        ) {
            let pty = try PseudoTerminal(
                ProbeLog.program, ["--temp", "0", "-s", "feel"],
                environment: PseudoTerminal.environment(["HISS_HOME": log.folder.path]), columns: columns, rows: rows)
            try await pty.waitForOutput("Enter send")
            try await waitUntil("the model") {
                !pty.visibleOutput.contains("loading") || pty.visibleOutput.contains("Try:")
            }
            pty.send("Explain photosynthesis in detail.\r")
            try await pty.waitForOutput("GEN")
            let begin = pty.arrivals.count
            let store = try SQLiteStore(folder: StoreFolder(log.folder.path))
            let tokens = try await waitForAnswer(in: store)
            let arrivals = Array(pty.arrivals[begin...])
            let start = pty.arrivals[begin - 1].end
            let bytes = Array(pty.output[start..<(arrivals.last?.end ?? start)])
            pty.send("\u{4}")
            #expect(try await pty.waitForEnd() == 0)
            return (bytes, arrivals, tokens)
        }

        /// Waits until the answer is kept, and tells its tokens.
        private func waitForAnswer(in store: SQLiteStore) async throws -> Int {
            let clock = ContinuousClock()
            let deadline = clock.now + .seconds(60)
            while clock.now < deadline {
                if let session = try await store.session(named: "feel"),
                    let last = try await store.turns(of: session.id).last, last.content.kind == .reply
                {
                    return last.content.fed.completion.count
                }
                try await clock.sleep(for: .milliseconds(10))
            }
            throw TimedOut(description: "no answer in the store")
        }

        @Test(arguments: [(80, 24), (200, 60)])
        func streamingSendsLittleAndNeverTheWholeScreen(columns: Int, rows: Int) async throws {
            let (bytes, arrivals, tokens) = try await stream(columns: columns, rows: rows)
            #expect(tokens > 50)
            let perToken = bytes.count / max(1, tokens)
            #expect(perToken < 400, "\(bytes.count) bytes for \(tokens) tokens")
            let text = String(decoding: bytes, as: UTF8.self)
            // Erasing the screen, or going to its corner to write it again.
            for sequence in ["\u{1B}[2J", "\u{1B}[H\u{1B}[J", "\u{1B}c"] {
                #expect(!text.contains(sequence), "\(sequence.dropFirst())")
            }
            // How many frames that were depends on this machine's clock; FramePacerTests tells how many may be.
            if Feel.isReported, let first = arrivals.first, let last = arrivals.last {
                let seconds = (last.time - first.time) / .seconds(1)
                // The terminal may hand out a frame in pieces, which come at once.
                let frames = 1 + zip(arrivals, arrivals.dropFirst()).count { $1.time - $0.time > .milliseconds(3) }
                print(
                    "\(columns)x\(rows): \(perToken) bytes a token, \(Double(frames) / seconds) frames a second"
                )
            }
        }
    }
}
