import Foundation
import Testing

extension InTerminal {
    /// Looking inside models in a real terminal.
    @Suite(.serialized, .endToEnd, .timeLimit(.minutes(5))) struct MindEndToEndTests {
        private let log: ProbeLog
        private let recurrent: String
        private let attention: String

        init() throws {
            log = try ProbeLog()
            let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "EngineTests/Golden/gguf")
            (recurrent, attention) = (
                models.appending(path: "mamba2-g1-F32.gguf").path, models.appending(path: "llama-gqa-F32.gguf").path
            )
        }

        private func start(_ arguments: String, until words: String) async throws -> Tmux {
            let tmux = try Tmux(
                "exec \(ProbeLog.program) \(arguments) --temp 0", columns: 140, rows: 45,
                environment: ["HISS_HOME": log.folder.path])
            _ = try await tmux.waitForScreen("ready") { screen in screen.contains { $0.contains(words) } }
            return tmux
        }

        /// The token and the layer that are looked at: `token 12 of 0-30, layer 1 of 0-1`.
        private func place(_ screen: [String]) -> (token: Int, layer: Int)? {
            guard let line = screen.first(where: { $0.contains(", layer ") && $0.contains("token ") }) else {
                return nil
            }
            func number(after words: String) -> Int? {
                line.range(of: words).flatMap { Int(line[$0.upperBound...].prefix { $0.isNumber }) }
            }
            guard let token = number(after: "token "), let layer = number(after: ", layer ") else { return nil }
            return (token, layer)
        }

        private func wait(_ what: String, _ tmux: Tmux, _ isThere: ([String], (token: Int, layer: Int)) -> Bool)
            async throws -> [String]
        {
            try await tmux.waitForScreen(what) { screen in place(screen).map { isThere(screen, $0) } ?? false }
        }

        @Test func whatATokenReadsIsShownAndTheChatIsAsBefore() async throws {
            let tmux = try await start("--seed 1", until: "Enter send")
            try tmux.type("What is the capital of France?")
            try tmux.press("Enter")
            let chat = try await tmux.waitForScreen("answer") { screen in
                screen.contains { $0.contains("Paris") } && screen.contains { $0.contains(" tok · ") }
                    && screen.contains { $0.contains("Enter send") }
            }
            try tmux.press("F8")
            let first = try await wait("view", tmux) { screen, _ in
                screen[0].contains("hiss mind") && screen.contains { $0.contains("no cause") }
                    && screen.contains { $0.contains("reads 90 % from the last") }
                    && screen.contains { $0.contains("█") }
            }
            let begin = try #require(place(first))
            try tmux.press("Left")
            _ = try await wait("token before", tmux) { $1 == (begin.token - 1, begin.layer) }
            try tmux.press("Up")
            _ = try await wait("layer above", tmux) { $1 == (begin.token - 1, begin.layer - 1) }
            try tmux.press("?")
            _ = try await tmux.waitForScreen("limits") { $0.contains { $0.contains("2403.01590)") } }
            try tmux.press("Escape", "Escape")
            let answer = { (screen: [String]) in screen.dropFirst(2).prefix(30).map { $0.prefix(60) } }
            _ = try await tmux.waitForScreen("chat as before") { screen in
                screen.contains { $0.contains("Enter send") } && !screen[0].contains("hiss mind")
                    && answer(screen) == answer(chat)
            }
            try tmux.press("C-d")
        }

        @Test func aComparisonShowsHowBothReadOneToken() async throws {
            let tmux = try await start(
                "compare \(recurrent) \(attention) --lockstep -n 6 --precision exact --no-autosave",
                until: "Enter asks both")
            try tmux.type("hello")
            try tmux.press("Enter")
            _ = try await tmux.waitForScreen("answers") { screen in
                screen.contains { $0.components(separatedBy: "cut at the token limit").count == 3 }
            }
            try tmux.press("F8")
            func has(_ labels: [String], _ screen: [String]) -> Bool {
                labels.allSatisfy { label in screen.contains { $0.contains(label) } }
            }
            let first = try await wait("A", tmux) { screen, _ in
                has(["hiss mind: A ", "A reads", "A retained", "B attention", "B, layer"], screen)
            }
            try tmux.press("o")
            let second = try await wait("B", tmux) { screen, _ in
                has(["hiss mind: B ", "A reads", "B attention", "attention: 90 %", "A, layer"], screen)
            }
            #expect(place(second)?.token == place(first)?.token)
            try tmux.press("Escape")
            _ = try await tmux.waitForScreen("panes") { $0.contains { $0.contains("Enter asks both") } }
            try tmux.press("C-d")
        }
    }
}
