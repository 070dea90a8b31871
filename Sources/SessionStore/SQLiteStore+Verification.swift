package import Chat
import Digests
import Foundation
import GRDB

extension SQLiteStore {
    package func verify(_ session: SessionID?) async throws -> [String] {
        try await perform("check the store") { [self] in
            var files: [String: SnapshotWriter.KeptFile] = [:]
            var problems = try rowProblems(of: session, files: &files)
            for file in files.values.sorted(by: { $0.digest < $1.digest }) {
                if let problem = fileProblem(file) { problems.append(problem) }
            }
            return problems
        }
    }

    /// What is wrong with the database and its rows; `files` gets the files that they name.
    ///
    /// - Parameter session: the one that is looked at; nil means all, and what belongs to none
    func rowProblems(
        of session: SessionID?, files: inout [String: SnapshotWriter.KeptFile]
    ) throws -> [String] {
        var problems = session == nil ? try databaseProblems() : []
        let sessions = try database.read { database in
            try Row.fetchAll(database, sql: SessionRow.selection + " ORDER BY session.row")
        }
        for row in sessions {
            let info = SessionRow(unchecked: row).info
            guard session == nil || info.id == session else { continue }
            if (try? SessionRow(row)) == nil { problems.append("session '\(info.name)' does not fit its SHA-256") }
            problems += try turnProblems(SessionRow(unchecked: row), files: &files)
        }
        return problems
    }

    /// What SQLite finds wrong with its own file.
    private func databaseProblems() throws -> [String] {
        var problems = try database.read { database in
            let lines = try String.fetchAll(database, sql: "PRAGMA integrity_check")
            let orphans = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map { row in
                "row \(row.read("rowid") ?? 0) of \(row.read("table") ?? "") belongs to nothing"
            }
            return lines.filter { $0 != "ok" }.map { "\(folder.database): \($0)" } + orphans
        }
        problems += try database.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM vote ORDER BY id").compactMap { VoteRow($0).record.damage }
        }
        do {
            // Only compares, though it is written as an insertion.
            try database.write {
                try $0.execute(sql: "INSERT INTO turn_text (turn_text, rank) VALUES ('integrity-check', 1)")
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            problems.append("the index of words does not fit the turns")
        }
        return problems
    }

    /// What is wrong with a session's turns; `files` gets the files that its snapshots name.
    private func turnProblems(
        _ session: SessionRow, files: inout [String: SnapshotWriter.KeptFile]
    ) throws -> [String] {
        try database.read { database in
            var problems: [String] = []
            var count = 0
            var known: Set<Int64> = []
            let rows = try Row.fetchCursor(
                database, sql: TurnRow.selection + " WHERE turn.session = ? ORDER BY turn.id", arguments: [session.row])
            while let row = try rows.next() {
                let turn = TurnRow(row).record
                count += 1
                if let damage = turn.damage { problems.append("session '\(session.info.name)': \(damage)") }
                if let parent = turn.parent, !known.contains(parent.rawValue) {
                    problems.append("session '\(session.info.name)': turn \(turn.id.rawValue) comes after no turn")
                }
                known.insert(turn.id.rawValue)
                for snapshot in [turn.snapshot, turn.promptSnapshot].compactMap({ $0 }) {
                    for file in try Self.files(of: snapshot, in: database) { files[file.digest] = file }
                }
            }
            if count != session.turnRows {
                problems.append("session '\(session.info.name)' has \(session.turnRows) turns, \(count) are there")
            }
            let bytes = try Self.snapshotBytes(of: session.row, in: database)
            if bytes != session.info.snapshotBytes {
                problems.append(
                    "session '\(session.info.name)' has \(bytes) bytes of snapshots, it says \(session.info.snapshotBytes)"
                )
            }
            return problems
        }
    }

    /// What is wrong with a file, as far as its size tells.
    func sizeProblem(_ file: SnapshotWriter.KeptFile) -> String? {
        let path = folder.file(file.digest)
        guard let size = SnapshotWriter.size(path) else { return "\(path) is missing" }
        return size == file.bytes ? nil : "\(path) has \(size) bytes, it was written with \(file.bytes)"
    }

    private func fileProblem(_ file: SnapshotWriter.KeptFile) -> String? {
        if let problem = sizeProblem(file) { return problem }
        let path = folder.file(file.digest)
        do {
            return try FileDigest.text(of: path) == file.digest ? nil : "\(path) does not fit its SHA-256"
        } catch {
            return "\(error)"
        }
    }
}
