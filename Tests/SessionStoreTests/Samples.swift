import Chat
import Foundation
import SessionStore
import StoreSamples
import TestSupport

/// A store in a folder of its own, with sessions that are easy to make.
final class SampleStore: Sendable {
    let directory: TemporaryDirectory
    let folder: StoreFolder
    let store: SQLiteStore

    static let identity = ModelIdentity.sample

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
}

extension StoreClock {
    /// A clock that stands, in a zone without offset.
    static func standing(at time: Double) -> StoreClock {
        StoreClock(now: { time }, timeZone: TimeZone(secondsFromGMT: 0) ?? .current)
    }
}
