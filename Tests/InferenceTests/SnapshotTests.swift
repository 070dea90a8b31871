import Chat
import Engine
import Foundation
import Inference
import TestSupport
import Testing

/// Snapshots of conversations: kept in memory, or written out and read again.
@Suite struct SnapshotTests {
    private static let models = ["mamba-tied-F16", "granite-dense-hybrid-nope-F32", "llama-gqa-F32", "mamba2-g1-Q8_0"]
    private static let identity = ModelIdentity(name: "tiny", model: "m1", tokenizer: "t1")

    /// Sampling in which nothing is certain.
    private static func random(_ options: inout GenerationOptions) {
        options.sampling.temperature = 1
        options.sampling.seed = 7
        options.maxTokens = 20
    }

    /// A conversation of some turns.
    private static func conversation(_ loaded: LoadedModel) async throws -> LocalEngine {
        let engine = try LocalEngine(loaded)
        _ = await TurnOutcome(engine, "My room is 412.", random)
        _ = await TurnOutcome(engine, String(repeating: "More. ", count: 60), random)
        return engine
    }

    /// Writes a snapshot's files and returns the main one's path.
    private static func write(_ snapshot: EncodedSnapshot, to folder: TemporaryDirectory) throws -> String {
        for page in snapshot.pages { _ = try folder.write(Array(page.pieces().joined()), page.digest) }
        return try folder.write(Array(snapshot.main.joined()), "snapshot")
    }

    @Test(arguments: models)
    func aWrittenSnapshotGoesOnIdentically(name: String) async throws {
        let loaded = try TinyModels.load(name)
        let engine = try await Self.conversation(loaded)
        let snapshot = await engine.snapshot()
        let coding = SnapshotCoding(loaded.model, identity: Self.identity)
        let folder = try TemporaryDirectory()
        let path = try Self.write(coding.encode(snapshot), to: folder)
        let restored = try coding.decode(path) { folder.path($0) }
        #expect(restored == snapshot)

        let other = try LocalEngine(loaded)
        await other.restore(restored)
        let expected = await TurnOutcome(engine, "Which room?", Self.random)
        let found = await TurnOutcome(other, "Which room?", Self.random)
        #expect(found.tokens == expected.tokens && !found.tokens.isEmpty)
        #expect(found.metrics.recomputedTokens == 0 && found.metrics.tokensSeen == expected.metrics.tokensSeen)
        #expect(await other.state == engine.state)
    }

    @Test(arguments: models)
    func goingBackTwentyTimesChangesNothing(name: String) async throws {
        let engine = try await Self.conversation(TinyModels.load(name))
        let before = await engine.snapshot()
        let expected = await TurnOutcome(engine, "Which room?", Self.random)
        let after = await engine.snapshot()
        for _ in 0..<20 {
            await engine.restore(before)
            await engine.restore(after)
        }
        #expect(await engine.snapshot() == after)
        await engine.restore(before)
        let again = await TurnOutcome(engine, "Which room?", Self.random)
        #expect(again.tokens == expected.tokens && again.metrics.recomputedTokens == 0)
    }

    @Test(arguments: models)
    func aStoppedAnswerGoesOnIdentically(name: String) async throws {
        let loaded = try TinyModels.load(name)
        let engine = try LocalEngine(loaded)
        _ = await TurnOutcome(engine, "Tell me.", stopAfter: 5, Self.random)
        let snapshot = await engine.snapshot()
        let other = try LocalEngine(loaded)
        await other.restore(snapshot)
        let expected = await TurnOutcome(engine, "Go on.", Self.random)
        let found = await TurnOutcome(other, "Go on.", Self.random)
        #expect(found.tokens == expected.tokens && found.metrics.recomputedTokens == 0)
    }

    @Test(arguments: models)
    func aResetConversationKnowsNothing(name: String) async throws {
        let loaded = try TinyModels.load(name)
        let used = try await Self.conversation(loaded)
        await used.reset(systemPrompt: nil)
        let cold = try LocalEngine(loaded)
        #expect(await used.state == cold.state)
        let expected = await TurnOutcome(cold, "Which room?", Self.random)
        let found = await TurnOutcome(used, "Which room?", Self.random)
        #expect(found.tokens == expected.tokens)
        #expect(await used.snapshot() == cold.snapshot())
    }

    @Test func whatDoesNotFitTheModelIsRefused() async throws {
        let loaded = try TinyModels.load("llama-gqa-F32")
        let snapshot = try await Self.conversation(loaded).snapshot()
        let folder = try TemporaryDirectory()
        let path = try Self.write(SnapshotCoding(loaded.model, identity: Self.identity).encode(snapshot), to: folder)
        var identity = Self.identity
        func failure(_ model: Model) -> String {
            do {
                _ = try SnapshotCoding(model, identity: identity).decode(path) { folder.path($0) }
                return "it was read"
            } catch {
                return String(describing: error)
            }
        }
        identity.model = "m2"
        #expect(failure(loaded.model).contains("does not fit the model") && failure(loaded.model).contains("m1"))
        identity = Self.identity
        identity.tokenizer = "t2"
        #expect(failure(loaded.model).contains("does not fit the tokenizer"))
        identity = Self.identity
        #expect(failure(try TinyModels.load("mamba-tied-F16").model).contains("can't read the snapshot"))
        #expect(failure(loaded.model) == "it was read")
    }

    /// A good snapshot, or an error, whatever is done to its files.
    @Test(arguments: ["mamba-tied-F16", "llama-gqa-F32"])
    func damageIsNoticed(name: String) async throws {
        let loaded = try TinyModels.load(name)
        let coding = SnapshotCoding(loaded.model, identity: Self.identity)
        let encoded = coding.encode(try await Self.conversation(loaded).snapshot())
        let folder = try TemporaryDirectory()
        let path = try Self.write(encoded, to: folder)
        let whole = Array(encoded.main.joined())
        for length in stride(from: 0, to: whole.count, by: max(1, whole.count / 97)) {
            _ = try folder.write(Array(whole[..<length]), "snapshot")
            #expect(throws: (any Error).self) { try coding.decode(path) { folder.path($0) } }
        }
        _ = try folder.write(whole, "snapshot")
        if let page = encoded.pages.first {
            var bytes = Array(page.pieces().joined())
            bytes[bytes.count / 2] ^= 1
            _ = try folder.write(bytes, page.digest)
            let failure = #expect(throws: ChatFailure.self) { try coding.decode(path) { folder.path($0) } }
            #expect(failure?.why?.contains(String(page.digest.prefix(12))) == true)
        }
        let future = String(decoding: whole.prefix(400), as: UTF8.self)
        #expect(future.contains(SnapshotCoding.format))
    }
}
