import Chat
import Foundation
import GRDB
import SessionStore
import StoreSamples
import TestSupport
import Testing

@Suite struct VoteTests {
    private static func vote(_ choice: Vote.Choice, a: TurnID? = nil, b: TurnID? = nil) -> Vote {
        let other = ModelIdentity(name: "o\0ther", model: "m2", tokenizer: "t2")
        return Vote(
            question: "Which is \0 better?", a: Vote.Side(model: .sample, answer: "this", turn: a),
            b: Vote.Side(model: other, answer: "", turn: b), choice: choice, isBlind: choice == .a,
            created: 1_795_608_000)
    }

    @Test func votesAreKeptAndDeleted() async throws {
        let sample = try SampleStore()
        let votes = Vote.Choice.allCases.map { Self.vote($0) }
        for vote in votes { #expect(try await sample.store.add(vote).vote == vote) }
        let again = try sample.again()
        let found = try await again.votes()
        #expect(found.map(\.vote) == votes.reversed() && found.allSatisfy { $0.damage == nil })
        try await again.removeVote(found[1].id)
        #expect(try await sample.store.votes().map(\.id) == [found[0].id, found[2].id, found[3].id])
        await #expect(throws: ChatFailure.self) { try await again.removeVote(found[1].id) }
        #expect(try await again.verify(nil).isEmpty)
    }

    /// A session of one turn, which nobody writes.
    private static func closedSession(
        _ sample: SampleStore
    ) async throws -> (SessionID, beginning: TurnID, turn: TurnID) {
        let (info, beginning, lease) = try await sample.session()
        let turn = try await sample.store.append(
            .sample(), after: beginning.id, in: lease, snapshot: nil)
        return (info.id, beginning.id, turn.id)
    }

    @Test func aVoteOutlivesItsTurns() async throws {
        let sample = try SampleStore()
        let (session, beginning, turn) = try await Self.closedSession(sample)
        let kept = try await sample.store.add(Self.vote(.b, a: turn, b: beginning))
        #expect(try await sample.store.votes().first == kept)
        try await sample.store.remove(session)
        #expect(try await sample.store.votes().map(\.vote) == [Self.vote(.b)])
        await #expect(throws: ChatFailure.self) { try await sample.store.add(Self.vote(.a, a: turn)) }
        #expect(try await sample.store.verify(nil).isEmpty)
    }

    @Test func aDamagedVoteSaysSo() async throws {
        let sample = try SampleStore()
        for choice in [Vote.Choice.a, .tie] { _ = try await sample.store.add(Self.vote(choice)) }
        let queue = try DatabaseQueue(path: sample.folder.database)
        try await queue.write { try $0.execute(sql: "UPDATE vote SET choice = 'B' WHERE id = 1") }
        let votes = try await sample.store.votes()
        #expect(votes.map(\.damage) == [nil, "vote 1 does not fit its SHA-256"])
        #expect(try await sample.store.verify(nil) == ["vote 1 does not fit its SHA-256"])
    }

    @Test func aStoreOfAnEarlierVersionGetsVotes() async throws {
        let sample = try SampleStore()
        let (info, beginning, lease) = try await sample.session("kyoto")
        _ = try await sample.store.append(
            .sample(), after: beginning.id, in: lease, snapshot: .sample(1))
        let turns = try await sample.store.turns(of: info.id)
        let queue = try DatabaseQueue(path: sample.folder.database)
        // As the first two versions made it.
        try await queue.write { database in
            try database.execute(
                sql: """
                    DROP TABLE vote;
                    CREATE TABLE vote (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        turn_a INTEGER NOT NULL REFERENCES turn (id) ON DELETE CASCADE,
                        turn_b INTEGER NOT NULL REFERENCES turn (id) ON DELETE CASCADE,
                        choice TEXT NOT NULL,
                        created REAL NOT NULL
                    );
                    CREATE INDEX vote_turn_a ON vote (turn_a);
                    CREATE INDEX vote_turn_b ON vote (turn_b);
                    DELETE FROM grdb_migrations WHERE identifier = 'v3';
                    PRAGMA user_version = 2
                    """)
        }
        _ = try await queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        let again = try sample.again()
        #expect(try await again.turns(of: info.id) == turns)
        _ = try await again.add(Self.vote(.tie, a: turns[1].id))
        #expect(try await again.votes().count == 1)
        #expect(try await again.verify(nil).isEmpty)
    }
}
