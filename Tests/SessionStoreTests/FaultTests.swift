import Chat
import Foundation
import GRDB
import Glibc
import SessionStore
import StoreSamples
import Synchronization
import TestSupport
import Testing

/// What a store does where the system fails it.
@Suite struct FaultTests {
    /// Three lines, each of which says something.
    private static func check(_ failure: ChatFailure?, _ why: String, _ location: SourceLocation = #_sourceLocation) {
        #expect(failure?.what.hasPrefix("can't ") == true, sourceLocation: location)
        #expect(failure?.why?.contains(why) == true, "\(failure?.description ?? "")", sourceLocation: location)
        #expect(failure?.advice?.isEmpty == false, "\(failure?.description ?? "")", sourceLocation: location)
    }

    // MARK: - The disk

    @Test(arguments: [ENOSPC, EDQUOT, EROFS, EACCES, EIO, EMFILE])
    func aSnapshotThatCannotBeWrittenLeavesTheOldState(_ code: Int32) async throws {
        let calls = FailingFileCalls()
        let sample = try SampleStore(calls: calls)
        let (info, beginning, lease) = try await sample.session()
        let before = try sample.files()
        for call in 1...8 {
            calls.fail(at: call, with: code)
            let failure = await #expect(throws: ChatFailure.self) {
                try await sample.store.append(
                    .sample(), after: beginning.id, in: lease, snapshot: .sample(1))
            }
            #expect(failure?.what == "can't save the turn" && failure?.why?.contains(sample.folder.path) == true)
            if call == 1 { #expect(failure?.why?.hasSuffix(String(cString: strerror(code))) == true) }
        }
        calls.fail(at: .max, with: 0)
        #expect(try await sample.store.turns(of: info.id) == [beginning])
        _ = try await sample.store.thin(to: .max)
        #expect(try sample.files() == before)
        #expect(try await sample.store.verify(nil).isEmpty)
        _ = try await sample.store.append(
            .sample(), after: beginning.id, in: lease, snapshot: .sample(1))
    }

    @Test func aFullDiskLeavesTheOldState() async throws {
        var reached: Set<Int> = []
        for bytes in stride(from: 2000, through: 700_000, by: 4000 * Faults.stride(5)) {
            let directory = try TemporaryDirectory()
            let folder = StoreFolder(directory.path("hiss"))
            let end = try Probe("limited", folder, String(bytes)).end()
            let taken = end.lines.count { $0.hasPrefix("step") }
            reached.insert(taken)
            if end.status != 0 {
                #expect(end.lines.contains { $0.contains("can't") } && end.lines.contains { $0.contains("try: df -h") })
            }
            let store = try SQLiteStore(folder: folder)
            #expect(try await store.verify(nil).isEmpty, "\(bytes) bytes a file")
            #expect(try await store.sessions(matching: nil).isEmpty == (taken == 0))
        }
        #expect(reached.count > 3, "\(reached)")
    }

    @Test func aFolderThatCannotBeWrittenIsNamed() async throws {
        let sample = try SampleStore()
        _ = try await StoreSteps(sample.store).takeAll { _ in }
        let contents = try await StoreSteps(sample.store).contents()
        // Others may pass and read, but not write.
        for path in [sample.directory.url.path, sample.folder.path, sample.folder.snapshots, sample.folder.locks] {
            chmod(path, 0o555)
        }
        chmod(sample.folder.database, 0o444)
        let end = try Probe("stranger", sample.folder).end()
        #expect(end.status == 1 && end.lines.count == 3, "\(end.lines)")
        #expect(end.lines.first == "can't open the sessions in \(sample.folder.path)")
        #expect(end.lines.last?.contains("try: ls -l") == true, "\(end.lines)")
        for path in [sample.directory.url.path, sample.folder.path, sample.folder.snapshots, sample.folder.locks] {
            chmod(path, 0o700)
        }
        chmod(sample.folder.database, 0o600)
        #expect(try await StoreSteps(sample.store).contents() == contents)
    }

    @Test func aFileWhereAFolderHasToBeIsNamed() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write([1, 2, 3], "file")
        let failure = #expect(throws: ChatFailure.self) { try SQLiteStore(folder: StoreFolder(path + "/hiss")) }
        Self.check(failure, "\(path)/hiss: Not a directory")
        #expect(try Data(contentsOf: URL(filePath: path)) == Data([1, 2, 3]))
    }

    @Test func filesAreForTheirOwnerOnly() async throws {
        let sample = try SampleStore()
        let (_, _, lease) = try await sample.session()
        let all = FileManager.default.enumerator(atPath: sample.folder.path)?.compactMap { $0 as? String } ?? []
        #expect(all.count > 6)
        for path in all.map({ sample.folder.path + "/" + $0 }) + [sample.folder.path] {
            var status = stat()
            #expect(lstat(path, &status) == 0 && status.st_mode & 0o077 == 0, "\(path)")
        }
        withExtendedLifetime(lease) {}
    }

    // MARK: - The database

    @Test func aDatabaseThatAnotherHoldsIsNamedAfterAWhile() async throws {
        let sample = try SampleStore(patience: 0.05)
        let (info, beginning, lease) = try await sample.session()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: sample.folder.database, configuration: configuration)
        try other.inDatabase { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        let failure = await #expect(throws: ChatFailure.self) {
            try await sample.store.append(
                .sample(), after: beginning.id, in: lease, snapshot: .sample(1))
        }
        Self.check(failure, "another program has \(sample.folder.database) locked")
        #expect(try await sample.store.turns(of: info.id) == [beginning])
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        _ = try await sample.store.append(
            .sample(), after: beginning.id, in: lease, snapshot: .sample(1))
    }

    /// Replaces the database by one that `body` changes, and returns its bytes.
    private static func database(_ folder: StoreFolder, _ body: (Database) throws -> Void) throws -> Data {
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: folder.database)
        try queue.write(body)
        try queue.close()
        return try Data(contentsOf: URL(filePath: folder.database))
    }

    @Test func aDatabaseFromTheFutureIsNotTouched() throws {
        let directory = try TemporaryDirectory()
        let folder = StoreFolder(directory.path("hiss"))
        let before = try Self.database(folder) { database in
            try database.execute(sql: "CREATE TABLE later (x); PRAGMA user_version = 1000")
        }
        let failure = #expect(throws: ChatFailure.self) { try SQLiteStore(folder: folder) }
        Self.check(failure, "\(folder.database) has version 1000, this program knows up to 3")
        #expect(try Data(contentsOf: URL(filePath: folder.database)) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["sessions.db"])
    }

    @Test func anotherProgramsDatabaseIsNotTouched() throws {
        let directory = try TemporaryDirectory()
        let folder = StoreFolder(directory.path("hiss"))
        let before = try Self.database(folder) { try $0.execute(sql: "CREATE TABLE song (title)") }
        Self.check(#expect(throws: ChatFailure.self) { try SQLiteStore(folder: folder) }, "another program's database")
        #expect(try Data(contentsOf: URL(filePath: folder.database)) == before)
    }

    @Test func whatIsNoDatabaseIsNotTouched() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            Array("Dear diary, today I wrote a hundred bytes and more into this file.".utf8), "sessions.db")
        let failure = #expect(throws: ChatFailure.self) { try SQLiteStore(folder: StoreFolder(directory.url.path)) }
        Self.check(failure, "is no SQLite database")
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("Dear diary"))
    }

    // MARK: - Locks

    @Test func filesStayWhileAnotherWrites() async throws {
        let sample = try SampleStore()
        let (_, beginning, lease) = try await sample.session()
        let turn = try await sample.store.append(
            .sample(), after: beginning.id, in: lease, snapshot: .sample(1))
        try await sample.store.setCurrent(beginning.id, in: lease)
        let lock = open(sample.folder.snapshots + "/.lock", O_RDWR)
        flock(lock, LOCK_SH)
        try await sample.store.removeTurn(turn.id, in: lease)
        #expect(try sample.files().count == 2)
        close(lock)
        _ = try await sample.store.thin(to: .max)
        #expect(try sample.files().count == 1)
    }

    @Test func filesOfOthersStay() async throws {
        let sample = try SampleStore()
        let (_, _, lease) = try await sample.session()
        let parent = sample.folder.file(String(repeating: "a", count: 64)) as NSString
        try FileManager.default.createDirectory(
            atPath: parent.deletingLastPathComponent, withIntermediateDirectories: true)
        for name in ["notes.txt", "x.safetensors", "\(String(repeating: "a", count: 64)).safetensors.damaged"] {
            try Data([1]).write(to: URL(filePath: parent.deletingLastPathComponent + "/" + name))
        }
        for name in [
            "\(String(repeating: "a", count: 64)).safetensors", ".\(String(repeating: "b", count: 64)).1-2.tmp",
        ] {
            try Data([1]).write(to: URL(filePath: parent.deletingLastPathComponent + "/" + name))
        }
        _ = try await sample.store.thin(to: .max)
        let left = try FileManager.default.contentsOfDirectory(atPath: parent.deletingLastPathComponent)
        #expect(left.count { !$0.hasPrefix("aa") } == 2 && left.contains { $0.hasSuffix(".damaged") })
        #expect(!left.contains { $0.hasSuffix(".tmp") || $0 == parent.lastPathComponent })
        withExtendedLifetime(lease) {}
    }
}
