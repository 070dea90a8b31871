import Foundation
import Testing

extension InTerminal {
    /// Comparisons in a real terminal, of two tiny models with the same tokens.
    @Suite(.serialized, .endToEnd, .timeLimit(.minutes(5))) struct CompareEndToEndTests {
        private let log: ProbeLog
        private let a: String
        private let b: String

        init() throws {
            log = try ProbeLog()
            let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "EngineTests/Golden/gguf")
            (a, b) = (
                models.appending(path: "mamba2-g1-F32.gguf").path, models.appending(path: "llama-gqa-F32.gguf").path
            )
        }

        private func start(_ arguments: String, columns: Int = 140, rows: Int = 40) async throws -> Tmux {
            let tmux = try Tmux(
                "exec \(ProbeLog.program) \(arguments) --precision exact --temp 0", columns: columns, rows: rows,
                environment: ["HISS_HOME": log.folder.path])
            _ = try await tmux.waitForScreen("ready") { screen in
                screen.contains { $0.contains("Enter asks both") || $0.contains("Enter send") }
                    && !screen[0].contains("loading")
            }
            return tmux
        }

        private func ask(_ question: String, turn: Int, _ tmux: Tmux) async throws -> [String] {
            try tmux.type(question)
            try tmux.press("Enter")
            return try await tmux.waitForScreen("answers \(turn)") { screen in
                screen[0].contains("turn \(turn)") && screen.contains { $0.contains("Enter asks both") }
            }
        }

        private func leave(_ tmux: Tmux) async throws {
            try tmux.press("C-d")
            _ = try await tmux.waitForScreen("end") { _ in
                (try? tmux.run("display-message", "-p", "#{pane_dead}"))?.hasPrefix("1") == true
            }
        }

        /// What the program says in JSON.
        private func object(_ arguments: [String]) throws -> Any {
            let process = Process()
            let output = log.folder.appending(path: "out.json")
            _ = FileManager.default.createFile(atPath: output.path, contents: nil)
            process.executableURL = URL(filePath: ProbeLog.program)
            process.arguments = arguments
            process.environment = ["HISS_HOME": log.folder.path, "PATH": "/usr/bin:/bin"]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try FileHandle(forWritingTo: output)
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return try JSONSerialization.jsonObject(with: Data(contentsOf: output))
        }

        /// The figures of a side, by what heads them; titles have single blanks in them, columns two.
        private func figures(_ side: String, _ screen: [String]) throws -> [String: String] {
            func cells(_ line: String) -> [String] {
                line.components(separatedBy: "  ").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
                    !$0.isEmpty
                }
            }
            let head = try #require(screen.lastIndex { $0.contains("top-1 agree") })
            let row = try #require(screen[head...].first { $0.hasPrefix(" \(side) ") })
            return Dictionary(zip(cells(screen[head]), cells(row).dropFirst())) { first, _ in first }
        }

        @Test func whatTheViewShowsIsWhatJSONSaysAndBothAreKept() async throws {
            let said = try object(
                [
                    "compare", a, b, "--lockstep", "--json", "-n", "12", "--temp", "0", "--precision", "exact",
                    "the same",
                ])
            let report = try #require(said as? [String: Any])
            let tmux = try await start("compare \(a) \(b) --lockstep -n 12 -s trip")
            let screen = try await ask("the same", turn: 1, tmux)
            let (first, second) = (try figures("A", screen), try figures("B", screen))
            func expect(_ text: String?, _ number: Any?, _ what: String) {
                let value = number as? Double
                #expect(
                    value != nil && text == value.map { String(format: "%.3f", $0) }, "\(what): \(text ?? "nothing")")
            }
            expect(second["top-1 agree"], report["top1_agree"], "agreement")
            expect(second["KL(A||B) nats"], report["kl_mean"], "divergence")
            #expect(first["top-1 agree"] == "--")
            for (side, figures) in [("a", first), ("b", second)] {
                let object = try #require(report[side] as? [String: Any])
                expect(figures["ppl of A's"], object["perplexity"], "perplexity of \(side)")
            }
            try await leave(tmux)
            let sessions = try #require(try object(["session", "list", "--json"]) as? [[String: Any]])
            #expect(Set(sessions.compactMap { $0["name"] as? String }) == ["trip-a", "trip-b"])

            let again = try await start("compare \(a) \(b) --lockstep -n 12 -s trip")
            _ = try await again.waitForScreen("what was said") { screen in
                screen.contains { $0.components(separatedBy: "goes on at turn 1: nothing is read again").count == 3 }
            }
            _ = try await ask("and more", turn: 2, again)
            try await leave(again)
        }

        @Test func aBlindVoteTellsTheNamesAndIsCounted() async throws {
            let tmux = try await start("compare \(a) \(b) -n 8 --blind", columns: 80, rows: 24)
            let hidden = try await ask("hello", turn: 1, tmux)
            #expect(!hidden.contains { $0.contains("exact") || $0.contains("mamba2") || $0.contains("llama") })
            #expect(try figures("A", hidden).values.allSatisfy { $0 == "--" })
            try tmux.press("C-x", "v")
            _ = try await tmux.waitForScreen("question") { $0.contains { $0.contains("Which is better?") } }
            try tmux.press("a")
            _ = try await tmux.waitForScreen("names") { screen in
                screen.contains { $0.contains("Kept: A is better") } && screen[0].contains("exact")
            }
            try await leave(tmux)
            let votes = try #require(try object(["votes", "--json"]) as? [String: Any])
            let pairs = try #require(votes["pairs"] as? [[String: Any]])
            #expect(votes["votes"] as? Int == 1 && pairs.first?["blind"] as? Int == 1)
            let models = try #require(pairs.first?["models"] as? [[String: Any]])
            #expect(models.compactMap { $0["wins"] as? Int }.sorted() == [0, 1])
        }

        @Test func withoutItsPartnerTheChatSaysHowToGetIt() async throws {
            let tmux = try await start("-m \(a)", columns: 80, rows: 24)
            try tmux.press("F7")
            _ = try await tmux.waitForScreen("advice") { screen in
                screen.contains { $0.contains("hiss model pull smollm2") } && !screen[0].contains("compare")
            }
            try tmux.type("/compare \(b)")
            try tmux.press("Enter")
            _ = try await tmux.waitForScreen("two panes") { $0.contains { $0.contains("Enter asks both") } }
            try tmux.press("F7")
            _ = try await tmux.waitForScreen("chat") { !$0[0].contains("compare") }
            try await leave(tmux)
        }
    }
}
