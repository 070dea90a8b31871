import Chat
import GRDB
import Synchronization

/// Places where prompts had been read: each doubles what its turn takes, and only the newest are asked for again.
extension SQLiteStore {
    /// How many turns of a branch keep theirs.
    package static let promptPlaces = 4

    /// Forgets the place of the prompt of the turn that just became too old for one.
    ///
    /// - Returns: the digests of files that nothing names any more
    static func forgetPrompt(
        longBefore turn: TurnID, in session: inout SessionRow, _ database: Database
    ) throws -> [String] {
        let id = try Int64.fetchOne(
            database,
            sql: """
                WITH RECURSIVE way (id, parent, steps) AS (
                    SELECT id, parent, 0 FROM turn WHERE id = :turn
                    UNION ALL SELECT turn.id, turn.parent, steps + 1 FROM way JOIN turn ON turn.id = way.parent
                    WHERE steps < :count
                ) SELECT way.id FROM way JOIN turn ON turn.id = way.id
                WHERE steps = :count AND turn.prompt_snapshot IS NOT NULL
                """, arguments: ["turn": turn.rawValue, "count": promptPlaces])
        guard let id, var row = try TurnRow.fetch(database, TurnID(id)), row.record.damage == nil,
            let snapshot = row.record.promptSnapshot
        else { return [] }
        row.record.promptSnapshot = nil
        try row.updateMarks(database)
        let unused = try forget(snapshot, in: &session, database)
        try session.rewrite(database)
        return unused
    }

    /// Takes the bytes of a snapshot from the session's that one of its turns had, and deletes its row if no other turn
    /// has it.
    ///
    /// - Returns: the digests of files that nothing names any more
    static func forget(
        _ snapshot: SnapshotID, in session: inout SessionRow, _ database: Database
    ) throws -> [String] {
        let number = try Int64.fetchOne(
            database, sql: "SELECT id FROM snapshot WHERE digest = ?", arguments: [snapshot.description])
        guard let number else { return [] }
        session.info.snapshotBytes -= try bytes(of: number, newTo: session.row, in: database)
        return try dropIfUnused(number, database)
    }

    /// Deletes the rows of a snapshot that no turn has, and of its pages that no other snapshot has.
    ///
    /// - Returns: the digests of their files
    private static func dropIfUnused(_ snapshot: Int64, _ database: Database) throws -> [String] {
        let arguments: StatementArguments = ["snapshot": snapshot]
        let pages = try Int64.fetchAll(
            database, sql: "SELECT page FROM snapshot_page WHERE snapshot = :snapshot", arguments: arguments)
        var digests = try String.fetchAll(
            database,
            sql: """
                DELETE FROM snapshot WHERE id = :snapshot
                    AND NOT EXISTS (SELECT 1 FROM turn WHERE turn.snapshot = :snapshot)
                    AND NOT EXISTS (SELECT 1 FROM turn WHERE turn.prompt_snapshot = :snapshot)
                RETURNING digest
                """, arguments: arguments)
        guard !digests.isEmpty else { return [] }
        for page in pages {
            digests += try String.fetchAll(
                database,
                sql: """
                    DELETE FROM page WHERE id = :page
                        AND NOT EXISTS (SELECT 1 FROM snapshot_page WHERE snapshot_page.page = :page)
                    RETURNING digest
                    """, arguments: ["page": page])
        }
        return digests
    }

    /// Removes files whose rows have gone; where that can't be done now, the next sweep does it.
    func removeFiles(_ digests: [String]) {
        guard !digests.isEmpty else { return }
        let isDone = try? SnapshotSweep(folder: folder, calls: calls).remove(digests) { digest in
            try database.read { database in
                try Bool.fetchOne(
                    database,
                    sql: """
                        SELECT EXISTS (SELECT 1 FROM snapshot WHERE digest = :digest)
                            OR EXISTS (SELECT 1 FROM page WHERE digest = :digest)
                        """, arguments: ["digest": digest]) ?? true
            }
        }
        if isDone != true { needsSweep.withLock { $0 = true } }
    }
}
