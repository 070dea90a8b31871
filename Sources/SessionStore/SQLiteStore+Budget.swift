import Chat
import GRDB

extension SQLiteStore {
    package func thin(to bytes: Int) async throws -> Int {
        try await perform("thin out the snapshots") { [self] in
            let freed = try database.write { database in
                let total = try Self.snapshotBytes(database)
                guard total > bytes else { return 0 }
                var plan = try Thinning(database, excess: total - bytes)
                plan.run()
                for (turn, places) in plan.dropped { try Self.drop(places, of: turn, in: database) }
                try Self.dropUnusedSnapshots(database)
                for session in plan.touched {
                    guard
                        let row = try Row.fetchOne(
                            database, sql: SessionRow.selection + " WHERE session.row = ?", arguments: [session]),
                        var session = try? SessionRow(row)
                    else { continue }
                    session.info.snapshotBytes = try Self.snapshotBytes(of: session.row, in: database)
                    try session.rewrite(database)
                }
                return total - (try Self.snapshotBytes(database))
            }
            try sweep(isNeeded: freed > 0)
            return freed
        }
    }

    private static func drop(_ places: Set<TurnPlace>, of turn: Int64, in database: Database) throws {
        guard var row = try TurnRow.fetch(database, TurnID(turn)), row.record.damage == nil else { return }
        for place in places { row.record[place] = nil }
        try row.updateMarks(database)
    }
}
