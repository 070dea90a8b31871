import Chat
import Foundation
import SessionStore
import StoreSamples
import TestSupport
import Testing

@Suite struct HealthTests {
    @Test func whatAStoreHoldsIsCounted() async throws {
        let sample = try SampleStore()
        let (_, beginning, lease) = try await sample.session()
        _ = try await sample.store.append(
            .sample(), after: beginning.id, in: lease, snapshot: .sample(1, pages: [1, 2]), promptSnapshot: .sample(2))
        let health = try sample.store.health()
        #expect(health.sessions == 1 && health.turns == 1 && health.votes == 0)
        #expect(health.files == 5 && health.bytes == 3 * 1000 + 2 * 300 && health.freeBytes > 0)
        #expect(health.problems.isEmpty && health.leftOvers.isEmpty && health.strangers.isEmpty)
        #expect(health.unwritable.isEmpty)
    }

    @Test func whatDoesNotBelongThereIsNamedAndStays() async throws {
        let sample = try SampleStore()
        _ = try await sample.session()
        let kept = try #require(try sample.files().first)
        let folder = sample.folder.snapshots + "/" + kept.prefix(2)
        let leftOvers = [
            "\(folder)/.\(String(repeating: "a", count: 64)).1-2.tmp",
            "\(folder)/\(String(repeating: "b", count: 64)).safetensors",
        ]
        let strangers = ["\(folder)/notes.txt", "\(folder)/\(kept).damaged", sample.folder.snapshots + "/letters"]
        for path in leftOvers + strangers { try Data("x".utf8).write(to: URL(filePath: path)) }
        let health = try sample.store.health()
        #expect(Set(health.leftOvers) == Set(leftOvers) && Set(health.strangers) == Set(strangers))
        #expect(health.problems.isEmpty && health.files == 1)
        for path in leftOvers + strangers { #expect(FileManager.default.fileExists(atPath: path)) }
    }

    @Test func missingAndTornFilesAreProblems() async throws {
        let sample = try SampleStore()
        let (_, beginning, lease) = try await sample.session()
        for seed: UInt64 in 1...2 {
            _ = try await sample.store.append(
                .sample(), after: beginning.id, in: lease, snapshot: .sample(seed))
        }
        let (gone, torn) = (EncodedSnapshot.sample(1).id.description, EncodedSnapshot.sample(2).id.description)
        try FileManager.default.removeItem(atPath: sample.folder.file(gone))
        try Data([1, 2]).write(to: URL(filePath: sample.folder.file(torn)))
        let problems = try sample.store.health().problems
        #expect(problems.contains("\(sample.folder.file(gone)) is missing"))
        #expect(problems.contains("\(sample.folder.file(torn)) has 2 bytes, it was written with 1000"))
        #expect(problems.count == 2)
    }
}
