package import Chat
import GRDB

extension SQLiteStore {
    package func importSession(
        _ session: NewSession, turns: [ImportedTurn], current: Int
    ) async throws -> (session: SessionInfo, lease: any SessionLease) {
        guard turns.indices.contains(current), turns[0].parent == nil else {
            throw ChatFailure(
                what: "can't import the session",
                why: "it has \(turns.count) turns, and should stand at number \(current)")
        }
        let what = "import the session"
        var writer = try await perform(what) { [self] in
            try SnapshotWriter(folder, calls: calls, waiting: patience)
        }
        var kept: [KeptSnapshot?] = []
        // One by one, since all of them may not fit into memory.
        for make in turns.flatMap({ [$0.snapshot, $0.promptSnapshot] }) {
            let snapshot = try await make?()
            let before = writer
            let (next, result) = try await perform(what) { [self] in
                var writer = before
                let kept = try snapshot.map { try keep($0, repairing: false, writer: &writer) }
                return (writer, kept)
            }
            writer = next
            kept.append(result)
        }
        let (last, snapshots) = (writer, kept)
        return try await perform(what) { [self] in
            var writer = last
            try writer.finish()
            // Until this is done the files have no row, and only the writer's lock keeps them.
            return try withExtendedLifetime(writer) {
                try insert(session, turns: turns, current: current, snapshots: snapshots)
            }
        }
    }

    /// Makes the rows of a session whose snapshots are on the disk, each turn's and its prompt's in turn.
    private func insert(
        _ session: NewSession, turns: [ImportedTurn], current: Int, snapshots: [KeptSnapshot?]
    ) throws -> (session: SessionInfo, lease: any SessionLease) {
        try database.write { database in
            var row = try insert(session, in: database)
            var ids: [TurnID] = []
            for (index, turn) in turns.enumerated() {
                let parent = try turn.parent.map { parent in
                    guard ids.indices.contains(parent) else {
                        throw ChatFailure(
                            what: "can't import the session",
                            why: "turn \(index) comes after turn \(parent), which is not before it")
                    }
                    return ids[parent]
                }
                var new = TurnRow(
                    TurnRecord(
                        id: TurnID(0), parent: parent, content: turn.content, branch: turn.branch,
                        bookmark: turn.bookmark), after: parent, in: row.info.id)
                try new.insert(database, sessionRow: row.row)
                try link(snapshots[2 * index], .answer, of: &new, to: &row, in: database)
                try link(snapshots[2 * index + 1], .prompt, of: &new, to: &row, in: database)
                row.count(new.record)
                ids.append(new.record.id)
            }
            row.info.current = ids[current]
            row.info.tokensSeen = turns[current].content.tokensSeen
            try row.update(database, at: row.info.created)
            // Before anything is committed: what can't be opened is not imported.
            let lease = try FileLease(
                row.info.id, name: row.info.name, in: folder, at: clock.now(), calls: calls)
            return (row.info, lease)
        }
    }
}
