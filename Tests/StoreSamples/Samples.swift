package import Chat
import Digests
import TestSupport

extension ModelIdentity {
    /// Whatever model.
    package static let sample = ModelIdentity(name: "tiny", model: "m1", tokenizer: "t1")
}

extension TurnContent {
    /// A turn with something in every field.
    package static func sample(
        kind: Kind = .reply, _ question: String = "What is 2 + 2?", _ answer: String = "4", tokensSeen: Int = 12
    ) -> TurnContent {
        var options = GenerationOptions()
        options.sampling.seed = .max
        options.sampling.logitBias = [7: -1.5, 9: -.infinity]
        options.stopTexts = ["\n\n", "\0"]
        options.maxTokens = nil
        var metrics = Metrics()
        metrics.promptTokens = 9
        metrics.timeToFirstToken = 0.1
        metrics.decodeSeconds = 1 / 3
        return TurnContent(
            kind: kind, question: question, answer: answer, reason: .endOfTurn,
            fed: FedTokens(prompt: [1, -2, .max], chunkSize: 64, completion: [.min, 0]), resumption: #"{"seed":1}"#,
            options: options, metrics: metrics, tokensSeen: tokensSeen, created: 1_795_608_000.25)
    }
}

extension EncodedSnapshot {
    /// A snapshot whose bytes depend on `seed`, with pages that depend on theirs.
    package static func sample(_ seed: UInt64, bytes: Int = 1000, pages: [UInt64] = [], pageBytes: Int = 300)
        -> EncodedSnapshot
    {
        EncodedSnapshot(
            main: [noise(seed, bytes)],
            pages: pages.map { page in
                let bytes = noise(1000 + page, pageBytes)
                return EncodedPage(digest: SHA256.digest(of: bytes).description) { [bytes] }
            })
    }

    /// The name of its main file.
    package var id: SnapshotID { SnapshotID(SHA256.digest(of: main).description) }

    private static func noise(_ seed: UInt64, _ count: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 32) }
    }
}
