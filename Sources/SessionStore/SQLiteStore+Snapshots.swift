package import Chat
import Digests
import GRDB
import Glibc
import Synchronization

/// A snapshot whose files are on the disk.
struct KeptSnapshot: Sendable {
    var main: SnapshotWriter.KeptFile
    var pages: [SnapshotWriter.KeptFile]
}

extension SQLiteStore {
    // MARK: - Writing

    /// Writes the files of snapshots, and then commits what `body` changes in the database.
    ///
    /// - Parameter isRepair: whether one that is there already is given again because its files may be damaged
    func keeping<Value>(
        _ snapshots: [EncodedSnapshot?], repairing isRepair: Bool = false,
        _ body: (Database, [KeptSnapshot?]) throws -> Value
    ) throws -> Value {
        guard snapshots.contains(where: { $0 != nil }) else {
            return try database.write { try body($0, snapshots.map { _ in nil }) }
        }
        var writer = try SnapshotWriter(folder, calls: calls, waiting: patience)
        let kept = try snapshots.map { try $0.map { try keep($0, repairing: isRepair, writer: &writer) } }
        try writer.finish()
        // Until this is done the files have no row, and only the writer's lock keeps them.
        return try withExtendedLifetime(writer) { try database.write { try body($0, kept) } }
    }

    func keep(
        _ snapshot: EncodedSnapshot, repairing isRepair: Bool, writer: inout SnapshotWriter
    ) throws -> KeptSnapshot {
        let digest = SHA256.digest(of: snapshot.main).description
        let known = try database.read { database in
            (
                main: try Int.fetchOne(
                    database, sql: "SELECT bytes FROM snapshot WHERE digest = ?", arguments: [digest]),
                pages: try snapshot.pages.map { page in
                    try Int.fetchOne(database, sql: "SELECT bytes FROM page WHERE digest = ?", arguments: [page.digest])
                }
            )
        }
        writer.comparesContents = isRepair && known.main != nil
        // Pages first: a main file names what is there.
        let pages = try zip(snapshot.pages, known.pages).map { page, known in
            try writer.keep(page.digest, known: known, page.pieces)
        }
        return KeptSnapshot(main: try writer.keep(digest, known: known.main) { snapshot.main }, pages: pages)
    }

    /// Makes a kept snapshot a turn's; the session counts its bytes.
    func link(
        _ snapshot: KeptSnapshot?, _ place: TurnPlace, of turn: inout TurnRow,
        to session: inout SessionRow, in database: Database
    ) throws {
        guard let snapshot else { return }
        let id = try row(of: snapshot, in: database)
        let added = try Self.bytes(of: id, newTo: session.row, in: database)
        let replaced = turn.record[place]
        turn.record[place] = SnapshotID(snapshot.main.digest)
        try turn.updateMarks(database)
        session.info.snapshotBytes += added
        guard let replaced, replaced.description != snapshot.main.digest else { return }
        // Its files go with the next sweep.
        if try !Self.forget(replaced, in: &session, database).isEmpty { needsSweep.withLock { $0 = true } }
    }

    /// Returns the number of the snapshot's row, which is made if it isn't there.
    private func row(of snapshot: KeptSnapshot, in database: Database) throws -> Int64 {
        func find() throws -> Int64? {
            try Int64.fetchOne(
                database, sql: "SELECT id FROM snapshot WHERE digest = ?", arguments: [snapshot.main.digest])
        }
        if let id = try find() { return id }
        try database.execute(
            sql: "INSERT INTO snapshot (digest, bytes, created) VALUES (?, ?, ?)",
            arguments: [snapshot.main.digest, snapshot.main.bytes, clock.now()])
        let id = database.lastInsertedRowID
        for (place, page) in snapshot.pages.enumerated() {
            try database.execute(
                sql: "INSERT OR IGNORE INTO page (digest, bytes) VALUES (?, ?)", arguments: [page.digest, page.bytes])
            try database.execute(
                sql: "INSERT INTO snapshot_page (snapshot, place, page) SELECT ?, ?, id FROM page WHERE digest = ?",
                arguments: [id, place, page.digest])
        }
        return id
    }

    // MARK: - Reading

    package func files(of snapshot: SnapshotID) async throws -> SnapshotFiles {
        try await perform("read the snapshot") { [self] in
            let rows = try database.read { try Self.files(of: snapshot, in: $0) }
            guard let main = rows.first else {
                throw ChatFailure(
                    what: "can't read the snapshot \(snapshot.description.prefix(12))…",
                    why: "it is not kept any more: it was thinned out, or its turn was deleted",
                    advice: "hiss session replay NAME reads the turn's text again")
            }
            for file in rows { try checkSize(file, of: snapshot) }
            guard try FileDigest.text(of: folder.file(main.digest)) == main.digest else {
                throw try damaged(snapshot, "\(folder.file(main.digest)) does not fit its SHA-256")
            }
            let folder = folder
            return SnapshotFiles(main: folder.file(main.digest)) { folder.file($0) }
        }
    }

    /// The files that make up a snapshot by their rows, the main one first; none if it isn't kept.
    static func files(of snapshot: SnapshotID, in database: Database) throws -> [SnapshotWriter.KeptFile] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT digest, bytes, -1 AS place FROM snapshot WHERE digest = :digest UNION ALL
                SELECT page.digest, page.bytes, place FROM snapshot_page JOIN page ON page.id = snapshot_page.page
                WHERE snapshot_page.snapshot = (SELECT id FROM snapshot WHERE digest = :digest) ORDER BY place
                """, arguments: ["digest": snapshot.description])
        return rows.map { SnapshotWriter.KeptFile(digest: $0.read("digest") ?? "", bytes: $0.read("bytes") ?? 0) }
    }

    private func checkSize(_ file: SnapshotWriter.KeptFile, of snapshot: SnapshotID) throws {
        let path = folder.file(file.digest)
        guard let size = SnapshotWriter.size(path) else { throw try damaged(snapshot, "\(path) is missing") }
        guard size == file.bytes else {
            throw try damaged(snapshot, "\(path) has \(size) bytes, it was written with \(file.bytes)")
        }
    }

    private func damaged(_ snapshot: SnapshotID, _ why: String) throws -> ChatFailure {
        let turn = try database.read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT turn.id, session.name FROM snapshot
                    JOIN turn ON turn.snapshot = snapshot.id OR turn.prompt_snapshot = snapshot.id
                    JOIN session ON session.row = turn.session WHERE snapshot.digest = ? LIMIT 1
                    """, arguments: [snapshot.description])
        }
        let name = turn?.read("name", StoredText.self)?.text ?? ""
        return ChatFailure(
            what: "can't read the snapshot of turn \(turn?.read("id") ?? 0) in the session '\(name)'", why: why,
            advice: "hiss session replay \(StoreFolder.quoted(name)) reads the turn's text again")
    }

    package func snapshotBytes() async throws -> Int {
        try await perform("add up the snapshots") { [self] in try database.read { try Self.snapshotBytes($0) } }
    }

    /// Bytes of all snapshots, each file once.
    static func snapshotBytes(_ database: Database) throws -> Int {
        try Int.fetchOne(
            database,
            sql: """
                SELECT (SELECT coalesce(sum(bytes), 0) FROM snapshot) + (SELECT coalesce(sum(bytes), 0) FROM page)
                """) ?? 0
    }

    /// Bytes of a session's snapshots, each file once.
    static func snapshotBytes(of session: Int64, in database: Database) throws -> Int {
        try Int.fetchOne(
            database,
            sql: """
                WITH used (id) AS (
                    SELECT snapshot FROM turn WHERE session = :session
                    UNION SELECT prompt_snapshot FROM turn WHERE session = :session
                ) SELECT (SELECT coalesce(sum(bytes), 0) FROM snapshot WHERE id IN used) + (
                    SELECT coalesce(sum(bytes), 0) FROM page
                    WHERE id IN (SELECT page FROM snapshot_page WHERE snapshot IN used))
                """, arguments: ["session": session]) ?? 0
    }

    /// Bytes of a snapshot's files that the session has none of, before a turn gets it.
    static func bytes(of snapshot: Int64, newTo session: Int64, in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: addedBytes, arguments: ["snapshot": snapshot, "session": session]) ?? 0
    }

    /// Looks each page up from its own side: a conversation's snapshots share most of theirs.
    static let addedBytes = """
        SELECT (
            SELECT coalesce(sum(bytes), 0) FROM snapshot WHERE id = :snapshot
            AND NOT EXISTS (SELECT 1 FROM turn WHERE session = :session AND snapshot = :snapshot)
            AND NOT EXISTS (SELECT 1 FROM turn WHERE session = :session AND prompt_snapshot = :snapshot)
        ) + (
            SELECT coalesce(sum(bytes), 0) FROM page WHERE id IN (SELECT page FROM snapshot_page WHERE snapshot = :snapshot)
            AND NOT EXISTS (
                SELECT 1 FROM snapshot_page other CROSS JOIN turn ON turn.snapshot = other.snapshot
                WHERE other.page = page.id AND turn.session = :session)
            AND NOT EXISTS (
                SELECT 1 FROM snapshot_page other CROSS JOIN turn ON turn.prompt_snapshot = other.snapshot
                WHERE other.page = page.id AND turn.session = :session)
        )
        """

    // MARK: - Removing

    /// Deletes the rows of snapshots that no turn has, and of pages that no snapshot has.
    static func dropUnusedSnapshots(_ database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM snapshot WHERE NOT EXISTS (SELECT 1 FROM turn WHERE turn.snapshot = snapshot.id)
                    AND NOT EXISTS (SELECT 1 FROM turn WHERE turn.prompt_snapshot = snapshot.id);
                DELETE FROM page WHERE NOT EXISTS (SELECT 1 FROM snapshot_page WHERE snapshot_page.page = page.id)
                """)
    }

    /// The digests of all files that rows name.
    static func keptDigests(_ database: Database) throws -> Set<String> {
        Set(try String.fetchAll(database, sql: "SELECT digest FROM snapshot UNION ALL SELECT digest FROM page"))
    }

    /// Removes files that lost their rows; while another process writes, they wait for the next time.
    func sweep(isNeeded: Bool = false) throws {
        if isNeeded { needsSweep.withLock { $0 = true } }
        guard needsSweep.withLock({ $0 }) else { return }
        let isDone = try SnapshotSweep(folder: folder, calls: calls).run {
            try database.read { try Self.keptDigests($0) }
        }
        if isDone { needsSweep.withLock { $0 = false } }
    }
}
