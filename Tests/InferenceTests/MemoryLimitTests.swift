import Chat
import Engine
import Inference
import Testing

/// What attention models may hold.
@Suite struct MemoryLimitTests {
    private static let prompt = "User: Hi\n\nAssistant:"

    @Test(arguments: ["llama-gqa-F32", "granite-dense-hybrid-nope-F32"])
    func aTurnThatDoesNotFitIsRefusedBeforeItIsRead(name: String) async throws {
        let loaded = try TinyModels.load(name)
        let engine = try LocalEngine(loaded)
        let room = 100 * loaded.summary.stateBytesPerToken
        let first = await TurnOutcome(engine, "Hi", { $0.maxKeyValueBytes = room })
        #expect(first.failure == nil && first.metrics.tokensSeen == loaded.count(Self.prompt) + 8)
        let before = await engine.state
        let refused = await TurnOutcome(
            engine, String(repeating: "long ", count: 20), { $0.maxKeyValueBytes = room })
        let failure = try #require(refused.failure)
        #expect(failure.isRefusal)
        #expect(failure.why?.contains("\(loaded.count(Self.prompt) + 8) tokens") == true, "\(failure)")
        #expect(failure.advice?.contains("/reset") == true && failure.advice?.contains("--kv-max-mb") == true)
        #expect(await engine.state == before)
        let next = await TurnOutcome(engine, "Bye", { $0.maxKeyValueBytes = room })
        #expect(next.failure == nil && next.metrics.recomputedTokens == 0)
    }

    @Test(arguments: ["llama-gqa-F32", "granite-dense-hybrid-nope-F32"])
    func anAnswerEndsAtTheLimitAndIsKept(name: String) async throws {
        let loaded = try TinyModels.load(name)
        let engine = try LocalEngine(loaded)
        let room = (loaded.count(Self.prompt) + 5) * loaded.summary.stateBytesPerToken
        let outcome = await TurnOutcome(engine, "Hi", { $0.maxKeyValueBytes = room })
        #expect(outcome.reason == .memoryLimit && outcome.tokens.count == 5)
        let state = await engine.state
        #expect(state.growingBytes == room)
        #expect(state.byteCount == loaded.summary.stateBytes + room)
        let next = await TurnOutcome(engine, "Go on", { $0.maxKeyValueBytes = 2 * room })
        #expect(next.failure == nil && next.metrics.recomputedTokens == 0)
    }

    @Test func aRecurrentModelHasNoLimit() async throws {
        let engine = try LocalEngine(try TinyModels.load("mamba-tied-F16"))
        let outcome = await TurnOutcome(engine, String(repeating: "long ", count: 200), { $0.maxKeyValueBytes = 1 })
        #expect(outcome.failure == nil && outcome.reason == .limit)
    }

    @Test func goingOnPastTheTrainedLengthIsFine() async throws {
        let loaded = try TinyModels.load("llama-gqa-F32")
        let trained = try #require(loaded.summary.trainedContext)
        let engine = try LocalEngine(loaded)
        let outcome = await TurnOutcome(engine, String(repeating: "x", count: trained + 1))
        #expect(outcome.failure == nil && outcome.metrics.tokensSeen > trained)
    }
}
