import Chat
import Foundation
import GRDB
import SessionStore
import StoreSamples
import TestSupport
import Testing

/// Files that are not as they were written.
@Suite struct DamageTests {
    /// A closed store's files, copies of which can be damaged.
    private struct Original {
        let directory: TemporaryDirectory
        let folder: StoreFolder
        /// What the store holds before the first turn, and after each.
        var contents: [StoreSteps.Contents] = []
        var turns: [TurnRecord] = []
        /// The database with all in it.
        var database = Data()
        /// The database before anything was moved there from the log, and the log.
        var early = (database: Data(), log: Data())

        init() async throws {
            directory = try TemporaryDirectory()
            folder = StoreFolder(directory.path("original"))
            let store = try SQLiteStore(folder: folder, clock: .standing(at: 1000))
            let queue = try DatabaseQueue(path: folder.database)
            // The tables are in the database, all that follows in the log.
            _ = try await queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            contents.append(try await StoreSteps(store).contents())
            let (session, beginning) = try await store.create(
                NewSession(name: "kyoto", model: .sample, modelSource: "tiny.gguf"),
                beginning: .sample(kind: .beginning, "", ""), snapshot: .sample(1, pages: [1]))
            contents.append(try await StoreSteps(store).contents())
            let lease = try await store.lease(session.id)
            var last = beginning
            for index in 2...4 {
                last = try await store.append(
                    .sample("question \(index)", "answer"), after: last.id, in: lease,
                    snapshot: .sample(UInt64(index), pages: [1, UInt64(index)]))
                contents.append(try await StoreSteps(store).contents())
            }
            turns = try await store.turns(of: session.id)
            withExtendedLifetime(lease) {}
            early.log = try Data(contentsOf: URL(filePath: folder.database + "-wal"))
            early.database = try Data(contentsOf: URL(filePath: folder.database))
            _ = try await queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            database = try Data(contentsOf: URL(filePath: folder.database))
        }

        /// Returns a folder with the same files, none of which anybody has open.
        func copy() throws -> StoreFolder {
            let copy = StoreFolder(directory.path("copy"))
            try? FileManager.default.removeItem(atPath: copy.path)
            try FileManager.default.createDirectory(atPath: copy.path, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: folder.snapshots, toPath: copy.snapshots)
            try database.write(to: URL(filePath: copy.database))
            return copy
        }

        /// Returns a copy in which a file's bytes are changed.
        func damaged(_ path: String, _ change: (inout Data) -> Void) throws -> StoreFolder {
            let copy = try copy()
            let file = URL(filePath: copy.path + path.dropFirst(folder.path.count))
            var bytes = try Data(contentsOf: file)
            change(&bytes)
            try bytes.write(to: file)
            return copy
        }
    }

    @Test func aTornLogGivesAnEarlierState() async throws {
        let original = try await Original()
        var seen: Set<StoreSteps.Contents> = []
        let size = original.early.log.count
        for count in Array(stride(from: 0, to: size, by: 512 * Faults.stride(5))) + [size] {
            seen.insert(try await Self.contents(original, log: original.early.log.prefix(count), "\(count) bytes"))
        }
        #expect(seen == Set(original.contents))
    }

    @Test func aFlippedBitInTheLogGivesAnEarlierState() async throws {
        let original = try await Original()
        var seen: Set<StoreSteps.Contents> = []
        // Its header, the first frame's, and places all over.
        let places =
            Array(0..<56) + stride(from: 56, to: original.early.log.count, by: Faults.areAllTried ? 97 : 1013)
        for (index, place) in places.enumerated() {
            var log = original.early.log
            log[place] ^= 1 << UInt8(index % 8)
            seen.insert(try await Self.contents(original, log: log, "byte \(place) of \(log.count)"))
        }
        #expect(seen.count > 2 && seen.isSubset(of: Set(original.contents.dropLast())))
    }

    /// What a store holds that finds this log beside the database: something that it held before, and all of it right.
    private static func contents(_ original: Original, log: Data, _ what: String) async throws -> StoreSteps.Contents {
        let copy = try original.copy()
        for (name, bytes) in [("", original.early.database), ("-wal", log)] {
            try bytes.write(to: URL(filePath: copy.database + name))
        }
        let store = try SQLiteStore(folder: copy)
        let contents = try await StoreSteps(store).contents()
        #expect(original.contents.contains(contents), "\(what) of the log")
        #expect(try await store.verify(nil).isEmpty, "\(what) of the log")
        return contents
    }

    @Test func aFlippedBitInTheDatabaseIsFoundOrHarmless() async throws {
        let original = try await Original()
        let size = original.database.count
        #expect(size > 100_000, "the log should be in the database")
        var found = 0
        // With the version and the program's mark, in the header.
        let places = [63, 71] + stride(from: 16, to: size, by: Faults.areAllTried ? 97 : 1013)
        for (index, place) in places.enumerated() {
            let copy = try original.damaged(original.folder.database) { $0[place] ^= 1 << UInt8(index % 8) }
            let bytes = try Data(contentsOf: URL(filePath: copy.database))
            do {
                let store = try SQLiteStore(folder: copy)
                if let session = try await store.session(named: "kyoto") {
                    let turns = try await store.turns(of: session.id)
                    for (turn, right) in zip(turns, original.turns) where turn != right {
                        #expect(turn.damage != nil, "byte \(place) of \(size)")
                    }
                    #expect(turns.count == original.turns.count)
                    if turns != original.turns { found += 1 }
                } else {
                    Issue.record("the session is not found with byte \(place) changed")
                }
            } catch is ChatFailure {
                found += 1
            }
            #expect(try Data(contentsOf: URL(filePath: copy.database)) == bytes, "it was written over: byte \(place)")
        }
        #expect(found > 10)
    }

    @Test func aDamagedTurnIsNamedAndTheOthersStayReadable() async throws {
        let original = try await Original()
        let copy = try original.copy()
        let queue = try DatabaseQueue(path: copy.database)
        let damaged = original.turns[2].id
        try await queue.write { database in
            try database.execute(
                sql: "UPDATE turn SET tokens_seen = tokens_seen + 1 WHERE id = ?", arguments: [damaged.rawValue])
        }
        let store = try SQLiteStore(folder: copy)
        let session = try #require(try await store.session(named: "kyoto"))
        let turns = try await store.turns(of: session.id)
        #expect(turns.map { $0.damage == nil } == [true, true, false, true])
        #expect(turns[3] == original.turns[3])
        #expect(
            try await store.verify(nil) == ["session 'kyoto': turn \(damaged.rawValue) does not fit its SHA-256"])
        let lease = try await store.lease(session.id)
        let failure = await #expect(throws: ChatFailure.self) {
            try await store.append(.sample(), after: damaged, in: lease, snapshot: nil)
        }
        #expect(failure?.what == "the session 'kyoto' is damaged" && failure?.advice?.contains("verify") == true)
        _ = try await store.append(.sample(), after: turns[3].id, in: lease, snapshot: nil)
    }

    @Test func aDamagedSessionIsNamedAndNotWrittenOver() async throws {
        let original = try await Original()
        let copy = try original.copy()
        let queue = try DatabaseQueue(path: copy.database)
        try await queue.write { try $0.execute(sql: "UPDATE session SET model = 'm2'") }
        let store = try SQLiteStore(folder: copy)
        let failure = await #expect(throws: ChatFailure.self) { try await store.session(named: "kyoto") }
        #expect(failure?.what == "the session 'kyoto' is damaged" && failure?.advice != nil)
        let id = try #require(try await store.sessions(matching: nil).first?.id)
        await #expect(throws: ChatFailure.self) { try await store.rename(id, to: "x") }
        #expect(try await store.verify(nil) == ["session 'kyoto' does not fit its SHA-256"])
        #expect(try await queue.read { try String.fetchOne($0, sql: "SELECT model FROM session") } == "m2")
    }

    /// How the file of a snapshot can be.
    enum Damage: CaseIterable {
        case missing, empty, truncated, longer, flipped

        func change(_ bytes: inout Data) {
            switch self {
            case .missing: break
            case .empty: bytes = Data()
            case .truncated: bytes.removeLast()
            case .longer: bytes.append(0)
            case .flipped: bytes[bytes.count / 2] ^= 4
            }
        }
    }

    @Test(arguments: Damage.allCases, [false, true])
    func aDamagedSnapshotIsNamedAndNotWrittenOver(_ damage: Damage, isPage: Bool) async throws {
        let original = try await Original()
        let snapshot = EncodedSnapshot.sample(4, pages: [1, 4])
        let path = original.folder.file(isPage ? snapshot.pages[1].digest : snapshot.id.description)
        let copy = try original.damaged(path, damage.change)
        let file = copy.file(isPage ? snapshot.pages[1].digest : snapshot.id.description)
        if damage == .missing { try FileManager.default.removeItem(atPath: file) }
        let store = try SQLiteStore(folder: copy)
        let problems = try await store.verify(nil)
        #expect(problems.count == 1 && problems[0].contains(file))
        if isPage && damage == .flipped {
            // Whoever reads the page compares it.
            _ = try await store.files(of: snapshot.id)
        } else {
            let failure = await #expect(throws: ChatFailure.self) { try await store.files(of: snapshot.id) }
            #expect(failure?.what == "can't read the snapshot of turn 4 in the session 'kyoto'")
            #expect(
                failure?.why?.contains(file) == true
                    && failure?.advice == "hiss session replay 'kyoto' reads the turn's text again")
        }
        // Others are fine, and so is this one once it is given again; what was there is kept aside.
        _ = try await store.files(of: try #require(original.turns[2].snapshot))
        let session = try #require(try await store.session(named: "kyoto"))
        let lease = try await store.lease(session.id)
        let before = try? Data(contentsOf: URL(filePath: file))
        _ = try await store.attach(snapshot, as: .answer, of: original.turns[3].id, in: lease)
        #expect(try await store.verify(nil).isEmpty)
        _ = try await store.files(of: snapshot.id)
        #expect((try? Data(contentsOf: URL(filePath: file + ".damaged"))) == before)
    }
}
