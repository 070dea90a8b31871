import Engine
import Testing
import Tokenization

@testable import Chat
@testable import Inference

/// Answers that begin with a text that somebody else chose.
@Suite struct OpeningTests {
    private static let models = ["mamba-tied-F16", "mamba2-g1-F32", "granite-dense-hybrid-nope-F32", "llama-gqa-F32"]

    private func answer(_ engine: LocalEngine, _ opening: String, tokens: Int = 24) async -> TurnOutcome {
        await TurnOutcome(engine, "Tell me.") { options in
            options.maxTokens = tokens
            options.opening = opening
        }
    }

    @Test(arguments: models)
    func theAnswerBeginsWithItAndGoesOnAsIfItWereTheModels(name: String) async throws {
        let engine = try LocalEngine(TinyModels.load(name))
        let outcome = await answer(engine, "Well, then")
        #expect(outcome.failure == nil && outcome.text.hasPrefix("Well, then"))
        #expect(outcome.tokens.count == 24 && outcome.metrics.completionTokens == 24)
        #expect(await engine.history.last?.text == outcome.text)
        // The same tokens read one by one after the question are the same place to the bit, and what follows the opening
        // is what the model would say there.
        let prompt = try #require(await engine.last?.promptTokens)
        let (loaded, lead) = await (engine.loaded, engine.form.answerLead)
        let count = loaded.tokenizer.encode([.text(lead + "Well, then")], isContinuation: true).count
        var runner = ModelRunner(loaded.model)
        try runner.feed(prompt)
        for (index, token) in outcome.tokens.enumerated() {
            if index >= count { #expect(runner.best().token == token) }
            try runner.feed([token])
        }
        #expect(await engine.state == runner.state)
    }

    @Test(arguments: models)
    func itIsPartOfTheAnswerWhereTheSessionIsKept(name: String) async throws {
        let loaded = try TinyModels.load(name)
        let session = ChatSession(try LocalEngine(loaded))
        var options = GenerationOptions()
        options.sampling = .greedy
        (options.maxTokens, options.opening) = (16, "So: ")
        for await event in session.reply(to: "Tell me.", options: options) {
            if case .failed(let failure) = event { Issue.record(failure) }
        }
        let engine = try #require(session.engine as? LocalEngine)
        let there = await engine.state
        // Going away and coming back by reading again leads to the same bits.
        let timeline = try #require(await session.timeline)
        let turns = [timeline.turns[timeline.current].content]
        let again = try await engine.replay(turns, from: engine.beginning(systemPrompt: nil)) { _ in }
        try await engine.go(to: again)
        #expect(await engine.state == there)
        #expect(await engine.history.last?.text.hasPrefix("So: ") == true)
        // Another answer has a beginning of its own.
        options.opening = "No. "
        for await event in session.answerAgain(options: options) {
            if case .failed(let failure) = event { Issue.record(failure) }
        }
        #expect(await engine.history.last?.text.hasPrefix("No. ") == true)
    }

    @Test func aLimitEndsItInside() async throws {
        let engine = try LocalEngine(TinyModels.load("mamba-tied-F16"))
        let outcome = await answer(engine, "abcdefgh", tokens: 3)
        #expect(outcome.reason == .limit && outcome.text == "abc" && outcome.tokens.count == 3)
    }

    @Test func theStateAndTheSpeedAreReadWithoutMoving() async throws {
        let engine = try LocalEngine(TinyModels.load("granite-dense-hybrid-nope-F32"))
        #expect(try await engine.stateReading(top: 3).next.top.isEmpty)
        _ = await answer(engine, "")
        let before = await engine.snapshot()
        let reading = try await engine.stateReading(top: 3)
        #expect(reading.tokensSeen == before.state.position && reading.next.top.count == 3)
        #expect(reading.layers.flatMap { $0 }.contains { $0.name == "ssm_state" && $0.norm > 0 })
        let speed = try await engine.measureSpeed(tokens: 40)
        #expect(speed.tokens == 40 && speed.tokensPerSecond > 0 && speed.promptTokensPerSecond > 0)
        #expect(await engine.snapshot() == before)
    }
}
