import Chat
import Foundation
import SessionStore
import StoreSamples
import TestSupport
import Testing

/// How many faults are tried.
enum Faults {
    /// Whether all are, as in `.ci/run`; else a sample of those that take long.
    static let areAllTried = ProcessInfo.processInfo.environment["HISS_ALL_FAULTS"] == "1"

    /// Every `number`-th is, where not all are.
    static func stride(_ number: Int) -> Int { areAllTried ? 1 : number }
}

/// A process is killed at every call that changes a file, and what it leaves is looked at.
@Suite struct KillTests {
    /// What a store holds before the first step, and after each.
    private static func expected() async throws -> [StoreSteps.Contents] {
        let sample = try SampleStore()
        let steps = StoreSteps(sample.store)
        var contents = [try await steps.contents()]
        try await steps.takeAll { _ in contents.append(try await steps.contents()) }
        #expect(Set(contents).count == contents.count)
        return contents
    }

    @Test func afterAKillAtAnyCallTheStoreHoldsTheOldOrTheNewState() async throws {
        let expected = try await Self.expected()
        let all = try Probe("steps", StoreFolder(try TemporaryDirectory().path("all"))).end()
        let calls = try #require(all.lines.last?.split(separator: " ").last.flatMap { Int($0) }, "\(all.lines)")
        #expect(calls > 100)
        let kills = stride(from: 1, through: calls, by: Faults.stride(7)).map { ($0, $0 % 4 == 1 ? "torn" : "whole") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, (call, how)) in kills.enumerated() {
                // Two at a time.
                if index > 1 { try await group.next() }
                group.addTask { try await Self.kill(at: call, how, expected: expected) }
            }
            try await group.waitForAll()
        }
    }

    private static func kill(at call: Int, _ how: String, expected: [StoreSteps.Contents]) async throws {
        let directory = try TemporaryDirectory()
        let folder = StoreFolder(directory.path("hiss"))
        let end = try Probe("steps", folder, String(call), how).end()
        let taken = end.lines.count { $0.hasPrefix("step") }
        #expect(end.isKilled || taken == expected.count - 1, "\(end.lines)")
        let store = try SQLiteStore(folder: folder, clock: .standing(at: 1_795_608_000))
        let contents = try await StoreSteps(store).contents()
        let possible = expected[taken...min(taken + 1, expected.count - 1)]
        #expect(possible.contains(contents), "killed at call \(call) (\(how)), after step \(taken)")
        #expect(try await store.verify(nil).isEmpty, "killed at call \(call) (\(how)), after step \(taken)")
        try await goOn(store, folder)
    }

    /// The store can be used as before, and what was left over goes.
    private static func goOn(_ store: SQLiteStore, _ folder: StoreFolder) async throws {
        let (session, beginning) = try await store.create(
            NewSession(name: "after", model: .sample, modelSource: ""), beginning: .sample(kind: .beginning, "", ""),
            snapshot: .sample(90, pages: [1, 90]))
        let lease = try await store.lease(session.id)
        _ = try await store.append(
            .sample(), after: beginning.id, in: lease, snapshot: .sample(91, pages: [1, 90]))
        _ = try await store.thin(to: .max)
        #expect(try await store.verify(nil).isEmpty)
        let all = FileManager.default.enumerator(atPath: folder.snapshots)?.compactMap { $0 as? String } ?? []
        #expect(!all.contains { $0.hasSuffix(".tmp") })
        let bytes = try all.filter { $0.hasSuffix(".safetensors") }.reduce(0) { sum, path in
            sum + (try Data(contentsOf: URL(filePath: folder.snapshots + "/" + path)).count)
        }
        #expect(bytes == (try await store.snapshotBytes()), "files without rows, or rows without files")
    }
}
