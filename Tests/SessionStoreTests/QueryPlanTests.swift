import Chat
import Foundation
import GRDB
import SessionStore
import StoreSamples
import Synchronization
import TestSupport
import Testing

/// What a store asks of SQLite takes the indices: no answer is looked for in all rows of a table.
@Suite struct QueryPlanTests {
    /// The statements that a store runs, with their values.
    fileprivate final class Statements: Sendable {
        private let all = Mutex<[String]>([])

        func add(_ statement: String) { all.withLock { $0.append(statement) } }

        /// Those since the last call.
        func drain() -> [String] {
            all.withLock { all in
                defer { all = [] }
                return all
            }
        }
    }

    fileprivate struct Traced {
        let sample: SampleStore
        let store: SQLiteStore
        let statements = Statements()
        let queue: DatabaseQueue

        init() throws {
            sample = try SampleStore()
            var configuration = SQLiteStore.configuration(patience: 5)
            let statements = statements
            configuration.prepareDatabase { database in
                database.trace(options: .statement) { event in
                    if case .statement(let statement) = event { statements.add(statement.expandedSQL) }
                }
            }
            queue = try DatabaseQueue(path: sample.folder.database, configuration: configuration)
            store = SQLiteStore(folder: sample.folder, database: queue, clock: .standing(at: 1_795_608_000))
        }

        /// Lines of query plans that read a whole table, since the last call.
        func scans() throws -> [String] {
            let kinds = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"]
            let statements = statements.drain().filter { statement in kinds.contains { statement.hasPrefix($0) } }
            #expect(!statements.isEmpty)
            // The plans come from a connection without statistics, as a new store is.
            let other = try DatabaseQueue(
                path: sample.folder.database, configuration: SQLiteStore.configuration(patience: 5))
            return try other.read { database in
                try Set(statements).sorted().flatMap { statement in
                    try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + statement).compactMap { row in
                        let detail: String = row["detail"]
                        return Self.readsAll(detail) ? "\(detail): \(statement)" : nil
                    }
                }
            }
        }

        /// Whether a line of a plan reads all rows of a table: not of what the statement has made itself, of a row that it
        /// was given, or of the index of words.
        private static func readsAll(_ line: String) -> Bool {
            line.hasPrefix("SCAN ")
                && !["SCAN way", "SCAN after", "SCAN used", "SCAN turn_text VIRTUAL TABLE", "SCAN CONSTANT ROW"]
                    .contains { line.hasPrefix($0) }
        }
    }

    /// A store in which something has been done, of everything that it can do.
    private static func traced() async throws -> (Traced, SessionInfo, TurnRecord, any SessionLease) {
        let traced = try Traced()
        let (info, beginning) = try await traced.store.create(
            NewSession(name: "kyoto", model: .sample, modelSource: ""), beginning: .sample(kind: .beginning, "", ""),
            snapshot: .sample(1, pages: [1]))
        let lease = try await traced.store.lease(info.id)
        let turn = try await traced.store.append(
            .sample(), after: beginning.id, in: lease, snapshot: .sample(2, pages: [1, 2]), promptSnapshot: .sample(3))
        _ = traced.statements.drain()
        return (traced, info, turn, lease)
    }

    @Test func listingGoesAlongAnIndex() async throws {
        let (traced, _, _, lease) = try await Self.traced()
        _ = try await traced.store.sessions(matching: nil)
        let scans = try traced.scans()
        #expect(scans.count == 1 && scans[0].hasPrefix("SCAN session USING INDEX"), "\(scans)")
        #expect(
            try traced.plan(of: "SELECT * FROM session ORDER BY change_number DESC").allSatisfy { !$0.contains("TEMP") }
        )
        withExtendedLifetime(lease) {}
    }

    @Test func searchingTakesTheIndexOfWords() async throws {
        let (traced, info, _, lease) = try await Self.traced()
        for session in [nil, info.id] {
            #expect(try await traced.store.search("what", in: session, limit: 10).count == 1)
        }
        let scans = try traced.scans()
        #expect(scans.isEmpty, "\(scans)")
        withExtendedLifetime(lease) {}
    }

    @Test func openingTakesIndices() async throws {
        let (traced, info, turn, lease) = try await Self.traced()
        let store = traced.store
        #expect(try await store.session(named: "kyoto") == (try await store.sessions(matching: nil).first))
        _ = traced.statements.drain()
        _ = try await store.session(named: "kyoto")
        #expect(try await store.turns(of: info.id).count == 2)
        #expect(try await store.turn(turn.id, of: info.id) == turn)
        _ = try await store.settings(of: info.id)
        _ = try await store.files(of: #require(turn.snapshot))
        withExtendedLifetime(lease) {}
        let scans = try traced.scans()
        #expect(scans.isEmpty, "\(scans)")
    }

    @Test func changesTakeIndices() async throws {
        let (traced, info, first, lease) = try await Self.traced()
        let store = traced.store
        var turn = first
        for seed in 4..<9 as Range<UInt64> {
            turn = try await store.append(
                .sample(), after: turn.id, in: lease, snapshot: .sample(seed, pages: [1, seed]),
                promptSnapshot: .sample(100 + seed))
        }
        _ = try await store.attach(.sample(20, pages: [1]), as: .answer, of: turn.id, in: lease)
        try await store.setBookmark("here", of: turn.id, in: lease)
        try await store.setBranch("there", of: turn.id, in: lease)
        try await store.setCurrent(first.id, in: lease)
        try await store.set("a", to: "b", in: lease)
        try await store.rename(info.id, to: "nara")
        _ = try await store.fork(turn.id, of: info.id, as: NewSession(name: "fork", model: .sample, modelSource: ""))
        let scans = try traced.scans()
        #expect(scans.isEmpty, "\(scans)")
        #expect(try await store.verify(nil) == [])
    }
}

extension QueryPlanTests.Traced {
    /// The lines of a statement's plan.
    fileprivate func plan(of statement: String) throws -> [String] {
        try queue.read { try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN " + statement).map { $0["detail"] } }
    }
}
