package import Chat
import GRDB

extension SQLiteStore {
    package func turns(of session: SessionID) async throws -> [TurnRecord] {
        try await perform("read the session's turns") { [self] in
            try database.read { database in
                let row = try SessionRow.fetch(database, session)
                let turns = try Row.fetchAll(
                    database, sql: TurnRow.selection + " WHERE turn.session = ? ORDER BY turn.id", arguments: [row.row])
                guard turns.count == row.turnRows else {
                    throw ChatFailure(
                        what: "the session '\(row.info.name)' is damaged",
                        why:
                            "it has \(row.turnRows) turns, \(turns.count) of which can be found (session \(session))",
                        advice: "hiss session verify \(StoreFolder.quoted(row.info.name))")
                }
                return turns.map { TurnRow($0).record }
            }
        }
    }

    package func turn(_ turn: TurnID, of session: SessionID) async throws -> TurnRecord? {
        try await perform("read the turn") { [self] in
            try database.read { database in
                guard let row = try TurnRow.fetch(database, turn), row.session == session else { return nil }
                return row.record
            }
        }
    }

    package func append(
        _ content: TurnContent, after parent: TurnID, in lease: any SessionLease, snapshot: EncodedSnapshot?
    ) async throws -> TurnRecord {
        let session = lease.session
        return try await perform("save the turn") { [self] in
            try keeping([snapshot]) { database, snapshots in
                var row = try SessionRow.fetch(database, session)
                _ = try Self.turn(parent, in: row, database)
                return try add(
                    content, after: parent, to: &row, snapshot: snapshots[0], in: database, at: clock.now())
            }
        }
    }

    package func attach(
        _ snapshot: EncodedSnapshot, as place: TurnPlace, of turn: TurnID, in lease: any SessionLease
    ) async throws -> SnapshotID {
        let session = lease.session
        return try await perform("save the turn's snapshot") { [self] in
            let (id, unused) = try keeping([snapshot], repairing: true) { database, snapshots in
                var row = try SessionRow.fetch(database, session)
                var turn = try Self.turn(turn, in: row, database)
                try link(snapshots[0], place, of: &turn, to: &row, in: database)
                try row.rewrite(database)
                let unused =
                    place == .prompt ? try Self.forgetPrompt(longBefore: turn.record.id, in: &row, database) : []
                return (SnapshotID(snapshots[0]?.main.digest ?? ""), unused)
            }
            removeFiles(unused)
            return id
        }
    }

    package func setCurrent(_ turn: TurnID, in lease: any SessionLease) async throws {
        try await change(turn, in: lease, "go to the turn") { session, turn in
            session.info.current = turn.record.id
        }
    }

    package func setBranch(_ name: String?, of turn: TurnID, in lease: any SessionLease) async throws {
        try await change(turn, in: lease, "name the branch") { _, turn in turn.record.branch = name }
    }

    package func setBookmark(_ name: String?, of turn: TurnID, in lease: any SessionLease) async throws {
        try await change(turn, in: lease, "bookmark the turn") { _, turn in turn.record.bookmark = name }
    }

    private func change(
        _ turn: TurnID, in lease: any SessionLease, _ what: String,
        _ change: @escaping @Sendable (inout SessionRow, inout TurnRow) -> Void
    ) async throws {
        let session = lease.session
        try await perform(what) { [self] in
            try database.write { database in
                var session = try SessionRow.fetch(database, session)
                var turn = try Self.turn(turn, in: session, database)
                change(&session, &turn)
                try turn.updateMarks(database)
                try session.update(database, at: clock.now())
            }
        }
    }

    package func removeTurn(_ turn: TurnID, in lease: any SessionLease) async throws {
        let session = lease.session
        try await perform("delete the turn") { [self] in
            try database.write { database in
                var row = try SessionRow.fetch(database, session)
                _ = try Self.turn(turn, in: row, database)
                let going = try Self.subtree(of: turn.rawValue, in: database)
                if let current = row.info.current, going.contains(current.rawValue) {
                    throw ChatFailure(
                        what: "can't delete the turn", why: "you are at turn \(current.rawValue), which comes after it",
                        advice: "/goto another branch first")
                }
                // All in one statement: each is the parent of the next.
                try database.execute(
                    sql: "DELETE FROM turn WHERE id IN (\(going.map { String($0) }.joined(separator: ",")))")
                try Self.dropUnusedSnapshots(database)
                row.turnRows -= going.count
                row.info.firstWords = try Self.firstWords(of: row.row, in: database)
                row.info.snapshotBytes = try Self.snapshotBytes(of: row.row, in: database)
                try row.update(database, at: clock.now())
            }
            try sweep(isNeeded: true)
        }
    }

    private static func subtree(of turn: Int64, in database: Database) throws -> [Int64] {
        try Int64.fetchAll(
            database,
            sql: """
                WITH RECURSIVE after (id) AS (
                    SELECT ? UNION ALL SELECT turn.id FROM turn JOIN after ON turn.parent = after.id
                ) SELECT id FROM after
                """, arguments: [turn])
    }

    /// Reads a turn that is to be changed, or that another comes after; a damaged one is left as it is.
    static func turn(_ id: TurnID, in session: SessionRow, _ database: Database) throws -> TurnRow {
        guard let turn = try TurnRow.fetch(database, id), turn.session == session.info.id else {
            throw missing(id, in: session)
        }
        if let damage = turn.record.damage {
            throw ChatFailure(
                what: "the session '\(session.info.name)' is damaged", why: damage,
                advice: "/goto a turn before it; hiss session verify \(StoreFolder.quoted(session.info.name))")
        }
        return turn
    }

    static func missing(_ turn: TurnID, in session: SessionRow) -> ChatFailure {
        ChatFailure(
            what: "there is no turn \(turn.rawValue) in the session '\(session.info.name)'",
            why: "it was deleted, or it is another session's", advice: "/time to see the turns")
    }

    // MARK: - Adding

    /// Adds a turn with its snapshot, and makes it the current one.
    func add(
        _ content: TurnContent, after parent: TurnID?, to session: inout SessionRow, snapshot: KeptSnapshot?,
        in database: Database, at time: Double
    ) throws -> TurnRecord {
        var turn = TurnRow(
            TurnRecord(id: TurnID(0), parent: parent, content: content), after: parent, in: session.info.id)
        try turn.insert(database, sessionRow: session.row)
        try link(snapshot, .answer, of: &turn, to: &session, in: database)
        session.count(turn.record)
        try session.update(database, at: time)
        return turn.record
    }

    private static func firstWords(of session: Int64, in database: Database) throws -> String {
        let rows = try Row.fetchCursor(
            database, sql: TurnRow.selection + " WHERE turn.session = ? ORDER BY turn.id", arguments: [session])
        while let row = try rows.next() {
            let words = SessionRow.firstWords(TurnRow(row).record.content)
            if !words.isEmpty { return words }
        }
        return ""
    }
}
