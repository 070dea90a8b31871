import Chat
package import GRDB
import Glibc

extension SQLiteStore {
    /// Opens the database, with its tables brought to this program's version.
    static func open(_ folder: StoreFolder, calls: any FileCalls, patience: Double) throws -> DatabaseQueue {
        let isReady = try headerVersion(folder) == Schema.version
        for path in [folder.path, folder.snapshots, folder.locks] { try calls.makeFolders(path) }
        guard !isReady else { return try connect(folder, calls: calls, patience: patience) }
        // Of two processes that begin at once, the second finds the work done: where SQLite turns a database to WAL, it
        // does not wait for others who have it open.
        let lock = try FileLock(folder.locks + "/.migration", .exclusive, waiting: patience, calls: calls)
        guard let lock else { throw DatabaseError(resultCode: .SQLITE_BUSY) }
        return try withExtendedLifetime(lock) {
            let queue = try connect(folder, calls: calls, patience: patience)
            if try version(queue) < Schema.version { try migrate(queue) }
            return queue
        }
    }

    /// How a connection has to be.
    package static func configuration(patience: Double) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { database in
            database.add(tokenizer: WordTokenizer.self)
            // A turn that was kept outlives a power cut.
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        }
        return configuration
    }

    private static func connect(_ folder: StoreFolder, calls: any FileCalls, patience: Double) throws -> DatabaseQueue {
        // SQLite would make it readable for others.
        close(try calls.open(folder.database, flags: O_RDWR | O_CREAT))
        let queue = try DatabaseQueue(path: folder.database, configuration: configuration(patience: patience))
        let version = try version(queue)
        guard version <= Schema.version else { throw fromTheFuture(folder, version) }
        return queue
    }

    private static func version(_ queue: DatabaseQueue) throws -> Int {
        try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
    }

    private static func migrate(_ queue: DatabaseQueue) throws {
        // First of all, so that what a failure leaves half done is known for ours.
        try queue.write { database in
            guard try Int32.fetchOne(database, sql: "PRAGMA application_id") == 0 else { return }
            try database.execute(sql: "PRAGMA application_id = \(Schema.application)")
        }
        try Schema.migrator.migrate(queue)
        guard try version(queue) == Schema.version else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "its header and its tables differ in version")
        }
    }

    /// The version in the header's bytes, looked at before SQLite may change anything: 0 where there is none, and an
    /// earlier one than the database's while a later one stands in the WAL.
    private static func headerVersion(_ folder: StoreFolder) throws -> Int {
        guard let header = head(folder.database, count: 100), !header.isEmpty else { return 0 }
        guard header.starts(with: Array("SQLite format 3\0".utf8)), header.count == 100 else {
            throw DatabaseError(resultCode: .SQLITE_NOTADB)
        }
        func number(_ place: Int) -> Int { header[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        let version = number(60)
        guard version <= Schema.version else { throw fromTheFuture(folder, version) }
        // An empty database has one page, and is nobody's.
        guard number(28) <= 1 || number(68) == Int(Schema.application) else {
            throw ChatFailure(
                what: "can't open the sessions in \(folder.path)",
                why: "\(folder.database) is another program's database",
                advice: "another place: HISS_HOME=FOLDER hiss")
        }
        return version
    }

    private static func fromTheFuture(_ folder: StoreFolder, _ version: Int) -> ChatFailure {
        ChatFailure(
            what: "can't open the sessions in \(folder.path)",
            why: "\(folder.database) has version \(version), this program knows up to \(Schema.version)",
            advice: "a newer hiss; or another place: HISS_HOME=FOLDER hiss")
    }

    /// The first bytes of a file; nil if it can't be read.
    private static func head(_ path: String, count: Int) -> [UInt8]? {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        let read = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, count) }
        return read >= 0 ? Array(bytes.prefix(read)) : nil
    }
}
