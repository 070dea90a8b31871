import Chat
import Foundation
import GRDB
import Glibc

/// What a store holds and how it is, as far as takes no reading of whole snapshots.
package struct StoreHealth: Sendable, Equatable {
    package var sessions = 0
    /// Turns of all sessions, their beginnings not counted.
    package var turns = 0
    package var votes = 0
    /// Snapshots' files that rows name, and their bytes.
    package var files = 0
    package var bytes = 0
    /// What is wrong, a line each: of the database, its rows, and files that are missing or have another size.
    package var problems: [String] = []
    /// Paths of files in the snapshots' folder that no row names: what a write that was cut off left, which the next
    /// cleaning takes away.
    package var leftOvers: [String] = []
    /// Paths of what lies in the snapshots' folder and is not the store's: it stays there.
    package var strangers: [String] = []
    /// The files and folders that can't be written.
    package var unwritable: [String] = []
    /// Bytes that are free on the disk for this user.
    package var freeBytes = 0
}

extension SQLiteStore {
    /// Looks at everything but the snapshots' contents, which `verify` reads; nothing is changed.
    ///
    /// - Throws: `ChatFailure` where the database can't be read at all
    package func health() throws -> StoreHealth {
        do {
            return try examine()
        } catch {
            throw folder.failure("examine the sessions in \(folder.path)", error)
        }
    }

    private func examine() throws -> StoreHealth {
        var health = StoreHealth()
        var files: [String: SnapshotWriter.KeptFile] = [:]
        health.problems = try rowProblems(of: nil, files: &files)
        let kept = try database.read { database in
            health.sessions = try Int.fetchOne(database, sql: "SELECT count(*) FROM session") ?? 0
            health.turns = try Int.fetchOne(database, sql: "SELECT count(*) FROM turn WHERE parent IS NOT NULL") ?? 0
            health.votes = try Int.fetchOne(database, sql: "SELECT count(*) FROM vote") ?? 0
            return try Self.keptDigests(database)
        }
        health.problems += files.values.sorted { $0.digest < $1.digest }.compactMap { sizeProblem($0) }
        (health.files, health.bytes) = (files.count, files.values.reduce(0) { $0 + $1.bytes })
        for (path, isOurs) in try SnapshotSweep.files(of: folder, butNot: kept) {
            if isOurs { health.leftOvers.append(path) } else { health.strangers.append(path) }
        }
        health.unwritable = [folder.path, folder.database, folder.snapshots, folder.locks].filter {
            access($0, W_OK) != 0
        }
        var disk = statvfs()
        if statvfs(folder.path, &disk) == 0 { health.freeBytes = Int(disk.f_bavail) * Int(disk.f_frsize) }
        return health
    }
}
