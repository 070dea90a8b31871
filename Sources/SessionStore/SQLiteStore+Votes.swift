package import Chat
import GRDB

extension SQLiteStore {
    package func add(_ vote: Vote) async throws -> VoteRecord {
        try await perform("keep the vote") { [self] in
            try database.write { database in
                for turn in [vote.a.turn, vote.b.turn].compactMap({ $0 })
                where try TurnRow.fetch(database, turn) == nil {
                    throw ChatFailure(
                        what: "can't keep the vote", why: "there is no turn \(turn.rawValue) any more",
                        advice: "the same without the turn")
                }
                return try VoteRow.insert(vote, database)
            }
        }
    }

    package func votes() async throws -> [VoteRecord] {
        try await perform("read the votes") { [self] in
            try database.read { database in
                try Row.fetchAll(database, sql: "SELECT * FROM vote ORDER BY id DESC").map { VoteRow($0).record }
            }
        }
    }

    package func removeVote(_ id: Int64) async throws {
        try await perform("delete the vote") { [self] in
            try database.write { database in
                try database.execute(sql: "DELETE FROM vote WHERE id = ?", arguments: [id])
                guard database.changesCount == 1 else {
                    throw ChatFailure(what: "there is no vote \(id)", why: "it was deleted, or never made")
                }
            }
        }
    }
}
