import Chat
import Digests
import Foundation
import SessionStore
import Synchronization
import TestSupport

/// A store in a folder of its own, with sessions that are easy to make.
final class SampleStore: Sendable {
    let directory: TemporaryDirectory
    let folder: StoreFolder
    let store: SQLiteStore

    static let identity = ModelIdentity(name: "tiny", model: "m1", tokenizer: "t1")

    /// - Parameters:
    ///   - name: the folder in the test's own directory
    ///   - now: what the clock says, which stands at noon of 25 November 2026 (UTC)
    init(
        _ name: String = "hiss", calls: any FileCalls = SystemFileCalls(), now: Double = 1_795_608_000,
        patience: Double = 5
    ) throws {
        directory = try TemporaryDirectory()
        folder = StoreFolder(directory.path(name))
        store = try SQLiteStore(folder: folder, calls: calls, clock: .standing(at: now), patience: patience)
    }

    /// Opens the same folder once more, as another process would.
    func again(calls: any FileCalls = SystemFileCalls(), patience: Double = 5) throws -> SQLiteStore {
        try SQLiteStore(folder: folder, calls: calls, clock: .standing(at: 1_795_608_000), patience: patience)
    }

    /// Makes a session, and returns it with its beginning and the right to write it.
    func session(
        _ name: String? = nil, snapshot: EncodedSnapshot? = .sample(0), isPersona: Bool = false
    ) async throws -> (info: SessionInfo, beginning: TurnRecord, lease: any SessionLease) {
        let made = try await store.create(
            NewSession(name: name, model: Self.identity, modelSource: "tiny.gguf", isPersona: isPersona),
            beginning: .sample(kind: .beginning, "", ""), snapshot: snapshot)
        return (made.session, made.beginning, try await store.lease(made.session.id))
    }

    /// Files in the snapshots' folder, by their names, locks aside.
    func files() throws -> Set<String> {
        let all = FileManager.default.enumerator(atPath: folder.snapshots)?.compactMap { $0 as? String } ?? []
        return Set(all.map { ($0 as NSString).lastPathComponent }.filter { $0.utf8.count > 10 })
    }

    /// Runs a statement on the database behind the store's back.
    func edit(_ sql: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sqlite3", folder.database, sql]
        try process.run()
        process.waitUntilExit()
    }
}

extension StoreClock {
    /// A clock that stands, in a zone without offset.
    static func standing(at time: Double) -> StoreClock {
        StoreClock(now: { time }, timeZone: TimeZone(secondsFromGMT: 0) ?? .current)
    }
}

extension TurnContent {
    static func sample(
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
    static func sample(_ seed: UInt64, bytes: Int = 1000, pages: [UInt64] = [], pageBytes: Int = 300) -> EncodedSnapshot
    {
        EncodedSnapshot(
            main: noise(seed, bytes),
            pages: pages.map { page in
                let bytes = noise(1000 + page, pageBytes)
                return EncodedPage(digest: SHA256.digest(of: bytes).description) { bytes }
            })
    }

    /// The name of its main file.
    var id: SnapshotID { SnapshotID(SHA256.digest(of: main).description) }

    private static func noise(_ seed: UInt64, _ count: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 32) }
    }
}
