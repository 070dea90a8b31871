package import Chat
import Foundation
import GRDB

extension SQLiteStore {
    package func sessions(matching text: String?) async throws -> [SessionInfo] {
        try await perform("list the sessions") { [self] in
            try database.read { database in
                let rows = try Row.fetchAll(
                    database, sql: SessionRow.selection + " ORDER BY session.change_number DESC")
                let sessions = rows.map { SessionRow(unchecked: $0) }
                guard let text, !SearchWords(text).isEmpty else { return sessions.map(\.info) }
                let found = try Self.sessions(withTurnsMatching: SearchWords(text), in: database)
                return sessions.filter { found.contains($0.row) || SearchWords(text).match($0.info.name) }.map(\.info)
            }
        }
    }

    package func session(named name: String) async throws -> SessionInfo? {
        try await perform("find the session '\(name)'") { [self] in
            try database.read { database in
                // The second looks at every row: damage to the index must not make a session unknown.
                for condition in [" WHERE session.name = ?", " WHERE +session.name = ?"] {
                    let row = try Row.fetchOne(
                        database, sql: SessionRow.selection + condition, arguments: [SessionName.normalized(name)])
                    if let row { return try SessionRow(row).info }
                }
                return try Self.session(withIDPrefix: name, in: database)?.info
            }
        }
    }

    private static func session(withIDPrefix prefix: String, in database: Database) throws -> SessionRow? {
        guard prefix.utf8.count >= 6, prefix.utf8.allSatisfy({ isxdigit(Int32($0)) != 0 }) else { return nil }
        let rows = try Row.fetchAll(
            database, sql: SessionRow.selection + " WHERE session.id >= ? AND session.id < ? LIMIT 2",
            arguments: [prefix, prefix + "g"])
        guard rows.count < 2 else {
            throw ChatFailure(
                what: "'\(prefix)' may be more than one session",
                why: rows.map { SessionRow(unchecked: $0).info }.map { "\($0.name) (\($0.id))" }
                    .joined(separator: ", "), advice: "the name, or more of the ID")
        }
        return try rows.first.map { try SessionRow($0) }
    }

    package func create(
        _ session: NewSession, beginning: TurnContent, snapshot: EncodedSnapshot?
    ) async throws -> (session: SessionInfo, beginning: TurnRecord) {
        try await perform("make the session") { [self] in
            try keeping([snapshot]) { database, snapshots in
                var row = try insert(session, in: database)
                let turn = try add(
                    beginning, after: nil, to: &row, snapshot: snapshots[0], in: database,
                    at: row.info.created)
                return (row.info, turn)
            }
        }
    }

    package func fork(_ turn: TurnID, of session: SessionID, as fork: NewSession) async throws -> SessionInfo {
        try await perform("fork the session") { [self] in
            try database.write { database in
                let source = try SessionRow.fetch(database, session)
                var fork = fork
                // It is computed as the other one is, unless this says otherwise.
                fork.settings.merge(source.settings) { own, _ in own }
                var row = try insert(fork, in: database)
                var parent: TurnID?
                for id in try Self.path(to: turn, in: database) {
                    let original = try Self.turn(id, in: source, database).record
                    var copy = TurnRow(original, after: parent, in: row.info.id)
                    try copy.insert(database, sessionRow: row.row)
                    row.count(copy.record)
                    parent = copy.record.id
                }
                guard parent != nil else { throw Self.missing(turn, in: source) }
                row.info.snapshotBytes = try Self.snapshotBytes(of: row.row, in: database)
                try row.update(database, at: row.info.created)
                return row.info
            }
        }
    }

    /// Inserts the row of a session without turns.
    func insert(_ session: NewSession, in database: Database) throws -> SessionRow {
        let time = clock.now()
        let name = try session.name.map { try SessionName.checked($0) } ?? SessionName.free(clock.date, in: database)
        try SessionName.refuseTaken(name, in: database)
        let info = SessionInfo(
            id: try Self.newID(database), name: name, model: session.model, modelSource: session.modelSource,
            systemPrompt: session.systemPrompt, isPersona: session.isPersona, created: time, changed: time)
        var row = SessionRow(
            info, settings: session.settings, changeNumber: try SessionRow.nextChange(database))
        try row.insert(database)
        return row
    }

    /// The turns from the beginning to `turn`; none if there is no such turn.
    private static func path(to turn: TurnID, in database: Database) throws -> [TurnID] {
        try Int64.fetchAll(
            database,
            sql: """
                WITH RECURSIVE way (id, parent) AS (
                    SELECT id, parent FROM turn WHERE id = ?
                    UNION ALL SELECT turn.id, turn.parent FROM way JOIN turn ON turn.id = way.parent
                ) SELECT id FROM way ORDER BY id
                """, arguments: [turn.rawValue]
        ).map { TurnID($0) }
    }

    private static func newID(_ database: Database) throws -> SessionID {
        while true {
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            let id = String(repeating: "0", count: 16 - digits.count) + digits
            let taken = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM session WHERE id = :id OR name = :id)",
                arguments: ["id": id])
            if taken == false { return SessionID(id) }
        }
    }

    package func rename(_ session: SessionID, to name: String) async throws {
        let name = try SessionName.checked(name)
        try await perform("rename the session") { [self] in
            try database.write { database in
                var row = try SessionRow.fetch(database, session)
                guard row.info.name != name else { return }
                try SessionName.refuseTaken(name, in: database)
                row.info.name = name
                try row.update(database, at: clock.now())
            }
        }
    }

    package func remove(_ session: SessionID) async throws {
        try await perform("delete the session") { [self] in
            let row = try database.read { try SessionRow.fetch($0, session) }
            // Nobody else may be writing it.
            let lease = try FileLease(session, name: row.info.name, in: folder, at: clock.now(), calls: calls)
            try database.write { database in
                try database.execute(sql: "UPDATE session SET current = NULL WHERE row = ?", arguments: [row.row])
                try database.execute(sql: "DELETE FROM turn WHERE session = ?", arguments: [row.row])
                try database.execute(sql: "DELETE FROM session WHERE row = ?", arguments: [row.row])
                try Self.dropUnusedSnapshots(database)
            }
            try withExtendedLifetime(lease) { try calls.remove(folder.lock(of: session.description)) }
            try sweep(isNeeded: true)
        }
    }

    package func lease(_ session: SessionID) async throws -> any SessionLease {
        try await perform("open the session for writing") { [self] in
            let name = try database.read { try SessionRow.fetch($0, session).info.name }
            let lease = try FileLease(session, name: name, in: folder, at: clock.now(), calls: calls)
            // It may have been deleted meanwhile, and with it the file that is locked.
            _ = try database.read { try SessionRow.fetch($0, session) }
            return lease
        }
    }

    package func settings(of session: SessionID) async throws -> [String: String] {
        try await perform("read the session's settings") { [self] in
            try database.read { try SessionRow.fetch($0, session).settings }
        }
    }

    package func set(_ name: String, to value: String?, in lease: any SessionLease) async throws {
        let session = lease.session
        try await perform("save the setting \(name)") { [self] in
            try database.write { database in
                var row = try SessionRow.fetch(database, session)
                row.settings[name] = value
                try row.update(database, at: clock.now())
            }
        }
    }
}
