import Chat
import Dispatch
package import Foundation
package import GRDB
import Synchronization

/// Sessions in a SQLite database, and their snapshots in files beside it.
///
/// One folder may be open in many processes. Files are written and on the disk before the row that names them, and only
/// removed after it has gone, so a row's files are there at any time.
package final class SQLiteStore: ChatStore {
    /// Where the files are.
    package let folder: StoreFolder
    let database: any DatabaseWriter
    let calls: any FileCalls
    let clock: StoreClock
    /// Seconds to wait for other processes' locks.
    let patience: Double
    /// Whether files may have lost their rows since the last sweep: at the start, those of a process that was killed.
    let needsSweep = Mutex(true)
    /// Where calls wait for the disk: the pool's threads are for computing, and a caller that was cancelled, as one who
    /// stops an answer is, still has its turn kept.
    private let queue = DispatchQueue(label: "hiss.store", attributes: .concurrent)

    /// A store over a database that is open and has the tables.
    package init(
        folder: StoreFolder, database: any DatabaseWriter, calls: any FileCalls = SystemFileCalls(),
        clock: StoreClock = StoreClock(), patience: Double = 5
    ) {
        self.folder = folder
        self.database = database
        self.calls = calls
        self.clock = clock
        self.patience = patience
    }

    /// Opens the store in a folder, which is made if it isn't there.
    ///
    /// - Throws: `ChatFailure`; a database of a later version or another program isn't touched
    package convenience init(
        folder: StoreFolder, calls: any FileCalls = SystemFileCalls(), clock: StoreClock = StoreClock(),
        patience: Double = 5
    ) throws {
        do {
            let database = try Self.open(folder, calls: calls, patience: patience)
            self.init(folder: folder, database: database, calls: calls, clock: clock, patience: patience)
        } catch {
            throw folder.failure("open the sessions in \(folder.path)", error)
        }
    }

    /// Runs `body` where it may wait for the disk; what it throws becomes what users read.
    ///
    /// - Parameter what: completes "can't"
    func perform<Value: Sendable>(
        _ what: String, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let folder = folder
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                do {
                    continuation.resume(returning: try body())
                } catch {
                    continuation.resume(throwing: folder.failure(what, error))
                }
            }
        }
    }
}

/// What time it is, and where; both can be set by tests.
package struct StoreClock: Sendable {
    /// Seconds since 1970.
    package var now: @Sendable () -> Double
    /// The zone in which sessions get their names.
    package var timeZone: TimeZone

    package init(
        now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }, timeZone: TimeZone = .current
    ) {
        self.now = now
        self.timeZone = timeZone
    }

    /// The date as in `2026-11-25`.
    var date: String {
        Date(timeIntervalSince1970: now()).formatted(Date.ISO8601FormatStyle(timeZone: timeZone).year().month().day())
    }
}
