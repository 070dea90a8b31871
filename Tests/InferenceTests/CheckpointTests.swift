import Chat
import Engine
import Inference
import Testing

/// Going back and forth in a conversation, with recurrent, hybrid and attention models.
@Suite struct CheckpointTests {
    private static let models = ["mamba-tied-F16", "granite-dense-hybrid-nope-F32", "llama-gqa-F32"]

    private static func random(_ options: inout GenerationOptions) {
        options.sampling.temperature = 1
        options.sampling.seed = 7
        options.maxTokens = 16
    }

    private func answer(_ events: AsyncStream<GenerationEvent>) async -> (tokens: [Int32], metrics: Metrics?) {
        var tokens: [Int32] = []
        var metrics: Metrics?
        for await event in events {
            if case .token(let token, _) = event { tokens.append(token.id) }
            if case .finished(_, let last) = event { metrics = last }
        }
        return (tokens, metrics)
    }

    @Test(arguments: models)
    func whatFollowsAPlaceIsTheSameAgain(name: String) async throws {
        let engine = try LocalEngine(TinyModels.load(name))
        _ = await TurnOutcome(engine, "My room is 412.", Self.random)
        let place = await engine.checkpoint()
        let expected = await TurnOutcome(engine, "Which room?", Self.random)
        let end = await engine.state
        for _ in 0..<3 {
            try await engine.go(to: place)
            let again = await TurnOutcome(engine, "Which room?", Self.random)
            #expect(again.tokens == expected.tokens && !again.tokens.isEmpty)
            #expect(again.metrics.recomputedTokens == 0)
            #expect(await engine.state == end)
        }
    }

    @Test(arguments: models)
    func anotherAnswerReadsNoPromptAndForgetsTheFirst(name: String) async throws {
        let engine = try LocalEngine(TinyModels.load(name))
        let first = await TurnOutcome(engine, "Tell me.") { $0.maxTokens = 16 }
        let end = await engine.state
        var options = GenerationOptions()
        options.sampling = .greedy
        options.maxTokens = 16
        // What is said in between is forgotten with its own turn only.
        let place = await engine.checkpoint()
        _ = await TurnOutcome(engine, "More.", Self.random)
        try await engine.go(to: place)
        let again = await answer(engine.answerAgain(options: options))
        #expect(again.tokens == first.tokens && !again.tokens.isEmpty)
        #expect(again.metrics?.promptTokens == 0 && again.metrics?.recomputedTokens == 0)
        #expect(await engine.state == end)
    }

    @Test func anotherSampledAnswerGoesOnDrawing() async throws {
        let engine = try LocalEngine(TinyModels.load("mamba-tied-F16"))
        let first = await TurnOutcome(engine, "Tell me.", Self.random)
        var options = GenerationOptions()
        Self.random(&options)
        let again = await answer(engine.answerAgain(options: options))
        #expect(again.tokens != first.tokens)
        #expect(await engine.snapshot().history.count == 2)
    }

    @Test func withoutAQuestionThereIsNoOtherAnswer() async throws {
        let engine = try LocalEngine(TinyModels.load("mamba-tied-F16"))
        let before = await engine.snapshot()
        var failed = false
        for await event in engine.answerAgain(options: GenerationOptions()) {
            if case .failed = event { failed = true }
        }
        #expect(failed)
        #expect(await engine.snapshot() == before)
    }

    @Test func anotherModelsPlaceIsRefused() async throws {
        let engine = try LocalEngine(TinyModels.load("mamba-tied-F16"))
        let other = try LocalEngine(TinyModels.load("llama-gqa-F32"))
        let before = await other.snapshot()
        let place = await engine.checkpoint()
        await #expect(throws: ChatFailure.self) { try await other.go(to: place) }
        #expect(await other.snapshot() == before)
    }
}
