import Chat
import Foundation
import Inference
import Launch
import SessionStore

/// Opens the store of sessions.
enum SessionPlace {
    /// Opens the store, and makes it if there is none.
    ///
    /// - Throws: `LaunchError` with status `.session`
    static func open(in directories: Directories) throws -> any ChatStore {
        try reportingErrors { try SQLiteStore(folder: StoreFolder(directories.data)) }
    }

    /// Opens the store if there is one; nothing is made.
    static func existing(in directories: Directories) throws -> (any ChatStore)? {
        let folder = StoreFolder(directories.data)
        guard FileManager.default.fileExists(atPath: folder.database) else { return nil }
        return try reportingErrors { try SQLiteStore(folder: folder) }
    }

    /// The session of this name.
    ///
    /// - Throws: `LaunchError` with status `.session` that names some there are
    static func session(named name: String, in store: (any ChatStore)?) async throws -> SessionInfo {
        try await reportingErrors {
            if let found = try await store?.session(named: name) { return found }
            let names = try await store?.sessions(matching: nil).prefix(5).map(\.name) ?? []
            throw ChatFailure(
                what: "there is no session '\(name)'",
                why: names.isEmpty ? "none is kept yet" : "the last ones are " + names.joined(separator: ", "),
                advice: "hiss session list")
        }
    }

    /// Gives whatever `body` throws the status of a session that can't be used.
    static func reportingErrors<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw failure(error) }
    }

    /// Gives whatever `body` throws the status of a session that can't be used.
    static func reportingErrors<Result: Sendable>(
        _ body: () async throws -> Result
    ) async throws -> Result {
        do { return try await body() } catch { throw failure(error) }
    }

    private static func failure(_ error: any Error) -> any Error {
        if error is LaunchError || error is ExitStatus { return error }
        return LaunchError(.session, ChatFailure(error))
    }
}
