import Chat
import Foundation
import SessionStore
import StoreSamples
import Testing

@Suite struct BudgetTests {
    /// A session of turns in a row, each with a snapshot of 1000 bytes; with `prompts`, of its prompt's place as well.
    private static func row(
        _ count: Int, in sample: SampleStore, _ name: String, prompts: Bool = false, isPersona: Bool = false
    ) async throws -> (turns: [TurnRecord], lease: any SessionLease, info: SessionInfo) {
        // Numbers of their own, so that nothing is shared by chance.
        let base = UInt64(name.utf8.reduce(0) { $0 * 31 + Int($1) }) << 20
        let (info, beginning, lease) = try await sample.session(name, snapshot: .sample(base), isPersona: isPersona)
        var turns = [beginning]
        for index in 1...count {
            let number = base + UInt64(2 * index)
            turns.append(
                try await sample.store.append(
                    .sample("q\(index)", "a"), after: turns[index - 1].id, in: lease, snapshot: .sample(number),
                    promptSnapshot: prompts ? .sample(number + 1) : nil))
        }
        return (turns, lease, info)
    }

    @Test func everyKthStays() async throws {
        let sample = try SampleStore()
        let (turns, lease, info) = try await Self.row(12, in: sample, "long")
        let store = sample.store
        #expect(try await store.thin(to: 13_000) == 0)
        // Of 0…12 all odd ones but some go: 0 is the beginning, 12 the current one.
        #expect(try await store.thin(to: 10_500) == 3000)
        var kept = try await store.turns(of: info.id).map { $0.snapshot != nil }
        #expect(kept == [true, false, true, false, true, false, true, true, true, true, true, true, true])
        #expect(try await store.thin(to: 7000) == 3000)
        kept = try await store.turns(of: info.id).map { $0.snapshot != nil }
        #expect(kept.indices.filter { kept[$0] } == [0, 2, 4, 6, 8, 10, 12])
        #expect(try await store.thin(to: 4000) == 3000)
        kept = try await store.turns(of: info.id).map { $0.snapshot != nil }
        #expect(kept.indices.filter { kept[$0] } == [0, 4, 8, 12])
        #expect(try await store.thin(to: 0) == 2000)
        kept = try await store.turns(of: info.id).map { $0.snapshot != nil }
        #expect(kept.indices.filter { kept[$0] } == [0, 12])
        #expect(try await store.thin(to: 0) == 0)
        #expect(try sample.files().count == 2)
        #expect(try await store.session(named: "long")?.snapshotBytes == 2000)
        #expect(try await store.verify(nil).isEmpty)
        let failure = await #expect(throws: ChatFailure.self) {
            try await store.files(of: try #require(turns[1].snapshot))
        }
        #expect(failure?.why?.contains("not kept any more") == true)
        withExtendedLifetime(lease) {}
    }

    @Test func branchPointsBookmarksAndPersonasStay() async throws {
        let sample = try SampleStore()
        let (turns, lease, info) = try await Self.row(7, in: sample, "tree")
        let persona = try await Self.row(3, in: sample, "persona", isPersona: true)
        let store = sample.store
        try await store.setBookmark("here", of: turns[5].id, in: lease)
        _ = try await store.append(
            .sample("x", "y"), after: turns[3].id, in: lease, snapshot: .sample(77))
        _ = try await store.thin(to: 0)
        let kept = try await store.turns(of: info.id).map { $0.snapshot != nil }
        #expect(kept.indices.filter { kept[$0] } == [0, 3, 5, 8])
        #expect(try await store.turns(of: persona.info.id).allSatisfy { $0.snapshot != nil })
        withExtendedLifetime(persona.lease) {}
    }

    /// No text stands for a merge, so that what comes after it could not be read again from anywhere before.
    @Test func mergesStay() async throws {
        let sample = try SampleStore()
        let (turns, lease, info) = try await Self.row(1, in: sample, "merged")
        let store = sample.store
        var merge = TurnContent.sample("", "")
        merge.kind = .merge
        var last = try await store.append(
            merge, after: turns[1].id, in: lease, snapshot: .sample(50))
        for number in 51...54 {
            last = try await store.append(
                .sample("q\(number)", "a"), after: last.id, in: lease, snapshot: .sample(UInt64(number)))
        }
        _ = try await store.thin(to: 0)
        let kept = try await store.turns(of: info.id).map { $0.snapshot != nil }
        #expect(kept.indices.filter { kept[$0] } == [0, 2, 6])
        withExtendedLifetime(lease) {}
    }

    @Test func promptPlacesGoFirstAndTheCurrentOneLast() async throws {
        let sample = try SampleStore()
        let (_, lease, info) = try await Self.row(4, in: sample, "prompts", prompts: true)
        let store = sample.store
        #expect(try await store.thin(to: 8000) == 1000)
        func state() async throws -> [String] {
            try await store.turns(of: info.id).map {
                ($0.snapshot == nil ? "" : "a") + ($0.promptSnapshot == nil ? "" : "p")
            }
        }
        #expect(try await state() == ["a", "a", "ap", "ap", "ap"])
        #expect(try await store.thin(to: 6000) == 2000)
        #expect(try await state() == ["a", "a", "a", "a", "ap"])
        #expect(try await store.thin(to: 3000) == 3000)
        #expect(try await state() == ["a", "", "", "", "ap"])
        #expect(try await store.thin(to: 2000) == 1000)
        #expect(try await state() == ["a", "", "", "", "a"])
        withExtendedLifetime(lease) {}
    }

    @Test func theSessionThatRestedLongestLosesFirst() async throws {
        let sample = try SampleStore()
        let old = try await Self.row(3, in: sample, "old")
        let recent = try await Self.row(3, in: sample, "recent")
        #expect(try await sample.store.thin(to: 7000) == 1000)
        #expect(try await sample.store.turns(of: old.info.id).map { $0.snapshot != nil } == [true, false, true, true])
        #expect(try await sample.store.turns(of: recent.info.id).allSatisfy { $0.snapshot != nil })
        withExtendedLifetime((old.lease, recent.lease)) {}
    }

    @Test func sharedPagesCountOnceAndGoWithTheLastWhoHasThem() async throws {
        let sample = try SampleStore()
        let store = sample.store
        let (info, beginning, lease) = try await sample.session("pages", snapshot: .sample(0, bytes: 100))
        var last = beginning
        for index in 1...4 {
            last = try await store.append(
                .sample("q\(index)", "a"), after: last.id, in: lease,
                snapshot: .sample(
                    UInt64(index), bytes: 100, pages: (1...UInt64(index)).map { $0 } + [UInt64(100 + index)]))
        }
        // 5 main files, pages 1…4 shared, 101…104 not.
        #expect(try await store.snapshotBytes() == 500 + 8 * 300)
        #expect(try await store.session(named: "pages")?.snapshotBytes == 2900)
        #expect(try await store.thin(to: 2899) == 400)
        #expect(try await store.turns(of: info.id).map { $0.snapshot != nil } == [true, false, true, true, true])
        #expect(try await store.thin(to: 0) == 800)
        #expect(try await store.snapshotBytes() == 200 + 5 * 300)
        #expect(try await store.session(named: "pages")?.snapshotBytes == 1700)
        #expect(try sample.files().count == 7)
        #expect(try await store.verify(nil).isEmpty)
        withExtendedLifetime(lease) {}
    }
}
