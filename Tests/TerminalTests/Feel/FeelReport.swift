import Foundation
import Testing

/// Whether somebody wants to know how the program feels.
enum Feel {
    static let isReported = ProcessInfo.processInfo.environment["HISS_FEEL"] != nil
}

extension InTerminal {
    /// How long things take; here time decides nothing.
    ///
    ///     HISS_FEEL=1 HISS_BINARY=.build/release/hiss swift test --skip-build --filter Feel
    @Suite(.serialized, .enabled(if: Feel.isReported, "HISS_FEEL=1 measures how the program feels"))
    struct FeelReport {
        /// Characters that the program never writes by itself, so that one on the screen is the one that was typed.
        private static let marks = Array("¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞß").map(String.init)

        private let log: ProbeLog

        init() throws {
            log = try ProbeLog()
        }

        private func start(_ arguments: [String], columns: Int = 80, rows: Int = 24) throws -> PseudoTerminal {
            try PseudoTerminal(
                ProbeLog.program, ["--temp", "0"] + arguments,
                environment: PseudoTerminal.environment(["HISS_HOME": log.folder.path]), columns: columns, rows: rows)
        }

        /// Makes a session of 10 000 messages.
        private func makeLongSession() async throws {
            let pty = try PseudoTerminal(
                ProbeLog.program, ["run", "-s", "short", "-n", "8", "Hello"],
                environment: PseudoTerminal.environment(["HISS_HOME": log.folder.path]))
            _ = try await pty.waitForEnd()
            try await LongSession.make("long", from: "short", turns: 5000, home: log.folder.path)
        }

        @Test func firstFrame() async throws {
            try await makeLongSession()
            for (name, arguments, end) in [("new", [], "Try:"), ("10,000 messages", ["-s", "long"], "Resumed 'long'")] {
                var times: [Double] = []
                var loads: [Double] = []
                for _ in 0..<10 {
                    let begin = ContinuousClock.now
                    let pty = try start(arguments)
                    try await pty.waitForOutput("F1 Help")
                    try await pty.waitForOutput(end)
                    let bytes = pty.output
                    times.append(milliseconds(from: begin, to: pty, of: "F1 Help", in: bytes))
                    loads.append(milliseconds(from: begin, to: pty, of: end, in: bytes))
                    pty.send("\u{4}")
                    _ = try await pty.waitForEnd()
                }
                print("start to first frame, \(name): \(spread(times)); to the loaded model: \(spread(loads))")
            }
        }

        /// When a text had come for the first time.
        private func milliseconds(
            from begin: ContinuousClock.Instant, to pty: PseudoTerminal, of text: String, in bytes: [UInt8]
        ) -> Double {
            let place = bytes.firstRange(of: Array(text.utf8))?.upperBound ?? bytes.count
            let arrival = pty.arrivals.first { $0.end >= place }
            return arrival.map { ($0.time - begin) / .milliseconds(1) } ?? .nan
        }

        @Test func keyToScreen() async throws {
            try await makeLongSession()
            let pty = try start(["-s", "long"])
            try await pty.waitForOutput("F1 Help")
            try await measureKeys(pty, "while the model loads", count: 20)
            try await pty.waitForOutput("Resumed 'long'")
            try await measureKeys(pty, "idle", count: 300)
            try await measureKeys(pty, "while scrolling", count: 200, between: { pty.send("\u{1B}[5~") })
            pty.send("\u{1B}OR")
            try await pty.waitForOutput("find: ")
            try await measureKeys(pty, "while finding what is nowhere", count: 40)
            pty.send("\u{1B}")
            try await ContinuousClock().sleep(for: .milliseconds(100))
            try await ask(pty)
            try await measureKeys(pty, "while generating", count: 300, every: 40) { try await ask(pty) }
            var width = 80
            try await measureKeys(
                pty, "while generating and resizing", count: 100, every: 40, { try await ask(pty) },
                between: {
                    width = width == 80 ? 100 : 80
                    pty.resize(columns: width, rows: 24)
                })
            try await stop(pty)
            try await measureIdle(pty)
            pty.send("\u{4}")
            _ = try await pty.waitForEnd()
        }

        /// Lets a long answer begin where none is being made; where one is, nothing changes.
        private func ask(_ pty: PseudoTerminal) async throws {
            pty.send("\u{15}Write a long story about a sailor with many paragraphs.\r")
            try await waitForHint("Esc stops", pty, after: "\u{15}")
        }

        /// Stops the answer, if there still is one, and waits until nothing goes on.
        private func stop(_ pty: PseudoTerminal) async throws {
            pty.send("\u{15}\u{1B}")
            try await waitForHint("Enter send", pty, after: "")
        }

        /// Waits until the row of hints has a text, with the screen drawn anew each time: curses sends no cell that is
        /// right already, so that what has changed may not be there as a whole.
        ///
        /// - Parameter keys: sent before that
        private func waitForHint(_ text: String, _ pty: PseudoTerminal, after keys: String) async throws {
            let clock = ContinuousClock()
            let deadline = clock.now + .seconds(30)
            while clock.now < deadline {
                let before = pty.output.count
                pty.send(keys + "\u{C}")
                try await clock.sleep(for: .milliseconds(60))
                if pty.output[before...].firstRange(of: Array(text.utf8)) != nil { return }
            }
            throw TimedOut(description: "no '\(text)' in the hints; the screen is:\n\(pty.visibleOutput)")
        }

        /// Types single characters and sees when each is on the screen.
        ///
        /// - Parameters:
        ///   - batch: so many keys are typed between two calls of `prepare`, which leaves the line empty
        ///   - between: done before each key
        private func measureKeys(
            _ pty: PseudoTerminal, _ what: String, count: Int, every batch: Int = 40,
            _ prepare: () async throws -> Void = {}, between: () -> Void = {}
        ) async throws {
            var times: [Double] = []
            for index in 0..<count {
                if index % batch == 0 {
                    pty.send("\u{15}")
                    try await prepare()
                }
                between()
                // No rhythm that the frames could fall into.
                try await ContinuousClock().sleep(for: .milliseconds(11 + index * 7 % 23))
                let mark = Array(Self.marks[index % Self.marks.count].utf8)
                let begin = ContinuousClock.now
                let before = pty.output.count
                pty.send(mark)
                let arrival = try await arrival(of: mark, in: pty, after: before)
                times.append((arrival - begin) / .milliseconds(1))
            }
            print("key to screen, \(what): \(spread(times))")
        }

        private func arrival(
            of mark: [UInt8], in pty: PseudoTerminal, after start: Int
        ) async throws -> ContinuousClock.Instant {
            try await waitFor("\(String(decoding: mark, as: UTF8.self))", state: { pty.visibleOutput }) {
                let bytes = pty.output
                guard let range = bytes[start...].firstRange(of: mark) else { return nil }
                return pty.arrivals.first { $0.end >= range.upperBound }?.time
            }
        }

        /// Counts how often the program's threads give up the processor while nothing happens.
        private func measureIdle(_ pty: PseudoTerminal) async throws {
            try await ContinuousClock().sleep(for: .seconds(3))
            let (before, bytes) = (switches(of: pty.process), pty.output.count)
            try await ContinuousClock().sleep(for: .seconds(20))
            // Threads that have ended meanwhile are not counted; new ones begin at nothing.
            let count = switches(of: pty.process).reduce(0) { $0 + $1.value - before[$1.key, default: 0] }
            print("idle: \(Double(count) / 20) wakes and \(Double(pty.output.count - bytes) / 20) bytes a second")
        }

        private func switches(of process: pid_t) -> [String: Int] {
            let folder = "/proc/\(process)/task"
            let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return threads.reduce(into: [:]) { counts, thread in
                let text = (try? String(contentsOfFile: "\(folder)/\(thread)/status", encoding: .utf8)) ?? ""
                let line = text.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") } ?? ""
                counts[thread] = line.split(separator: "\t").last.flatMap { Int($0) } ?? 0
            }
        }

        private func spread(_ values: [Double]) -> String {
            let sorted = values.sorted()
            func at(_ share: Double) -> String {
                String(format: "%.1f", sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))])
            }
            return "median \(at(0.5)), p99 \(at(0.99)), most \(at(1)) ms of \(sorted.count)"
        }
    }
}
