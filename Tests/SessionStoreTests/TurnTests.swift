import Chat
import Foundation
import SessionStore
import StoreSamples
import Testing

@Suite struct TurnTests {
    @Test func aTurnIsAsItWasAdded() async throws {
        let sample = try SampleStore()
        let (info, beginning, lease) = try await sample.session()
        let content = TurnContent.sample("zero \0 and \u{1F40D}", "", tokensSeen: 99)
        let turn = try await sample.store.append(
            content, after: beginning.id, in: lease, snapshot: .sample(1, pages: [1, 1, 2]), promptSnapshot: .sample(2))
        let turns = try await sample.again().turns(of: info.id)
        #expect(turns == [beginning, turn])
        #expect(turn.content == content && turn.parent == beginning.id && turn.damage == nil)
        #expect(turn.snapshot == EncodedSnapshot.sample(1).id && turn.promptSnapshot == EncodedSnapshot.sample(2).id)
        let now = try #require(try await sample.store.session(named: info.name))
        #expect(now.current == turn.id && now.turns == 1 && now.tokensSeen == 99)
        #expect(now.firstWords == "zero \0 and \u{1F40D}" && now.snapshotBytes == 3 * 1000 + 2 * 300)
        #expect(try await sample.store.snapshotBytes() == 3600)
        #expect(try await sample.store.verify(nil).isEmpty)
    }

    @Test func goingBackDeletesNothing() async throws {
        let sample = try SampleStore()
        let (info, beginning, lease) = try await sample.session()
        let store = sample.store
        let first = try await store.append(
            .sample("a", "b"), after: beginning.id, in: lease, snapshot: .sample(1))
        try await store.setCurrent(beginning.id, in: lease)
        let other = try await store.append(
            .sample("c", "d"), after: beginning.id, in: lease, snapshot: .sample(2))
        try await store.setBranch("second \0 thoughts", of: other.id, in: lease)
        try await store.setBookmark("good", of: first.id, in: lease)
        try await store.setCurrent(first.id, in: lease)
        let turns = try await sample.again().turns(of: info.id)
        #expect(turns.map(\.id) == [beginning.id, first.id, other.id])
        #expect(
            turns.map(\.branch) == [nil, nil, "second \0 thoughts"] && turns.map(\.bookmark) == [nil, "good", nil])
        #expect(turns.allSatisfy { $0.damage == nil })
        #expect(try await store.session(named: info.name)?.current == first.id)
        try await store.setBookmark(nil, of: first.id, in: lease)
        #expect(try await store.turns(of: info.id).compactMap(\.bookmark).isEmpty)
    }

    @Test func aBranchThatIsRemovedTakesItsFilesAlong() async throws {
        let sample = try SampleStore()
        let (info, beginning, lease) = try await sample.session()
        let store = sample.store
        var last = beginning
        for index in 1...1100 {
            last = try await store.append(
                .sample("q\(index)", "a"), after: last.id, in: lease,
                snapshot: index < 3 ? .sample(UInt64(index)) : nil)
        }
        let first = try await store.turns(of: info.id)[1]
        await #expect(throws: ChatFailure.self) { try await store.removeTurn(first.id, in: lease) }
        try await store.setCurrent(beginning.id, in: lease)
        let other = try await store.append(
            .sample("other", "a"), after: beginning.id, in: lease, snapshot: .sample(9))
        try await store.removeTurn(first.id, in: lease)
        #expect(try await store.turns(of: info.id).map(\.id) == [beginning.id, other.id])
        let now = try #require(try await store.session(named: info.name))
        #expect(now.turns == 1 && now.firstWords == "other" && now.snapshotBytes == 2000)
        #expect(try sample.files().count == 2)
        #expect(try await store.search("q1", in: nil, limit: 10).isEmpty)
        #expect(try await store.verify(nil).isEmpty)
    }

    @Test func aTurnOfAnotherSessionIsRefused() async throws {
        let sample = try SampleStore()
        let one = try await sample.session("one")
        let two = try await sample.session("two")
        let failure = await #expect(throws: ChatFailure.self) {
            try await sample.store.append(
                .sample(), after: one.beginning.id, in: two.lease, snapshot: .sample(5))
        }
        #expect(failure?.what.contains("the session 'two'") == true)
        #expect(try await sample.store.turns(of: two.info.id) == [two.beginning])
        #expect(try await sample.store.verify(nil).isEmpty)
        withExtendedLifetime(one.lease) {}
    }

    @Test func aSnapshotCanFollowItsTurn() async throws {
        let sample = try SampleStore()
        let (info, beginning, lease) = try await sample.session(snapshot: nil)
        let turn = try await sample.store.append(
            .sample(), after: beginning.id, in: lease, snapshot: nil)
        let snapshot = EncodedSnapshot.sample(3, pages: [1])
        #expect(try await sample.store.attach(snapshot, as: .answer, of: turn.id, in: lease) == snapshot.id)
        #expect(try await sample.store.turns(of: info.id).last?.snapshot == snapshot.id)
        _ = try await sample.store.attach(.sample(4), as: .answer, of: turn.id, in: lease)
        #expect(try await sample.store.session(named: info.name)?.snapshotBytes == 1000)
        #expect(try await sample.store.verify(nil).isEmpty)
    }

    @Test func aCallerThatWasCancelledHasItsTurnKept() async throws {
        let sample = try SampleStore()
        let (info, beginning, lease) = try await sample.session()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await sample.store.append(
                .sample(), after: beginning.id, in: lease, snapshot: .sample(1))
        }
        task.cancel()
        #expect(try await task.value.snapshot != nil)
        #expect(try await sample.store.turns(of: info.id).count == 2)
    }

    @Test func pagesThatAreThereAreNotAskedFor() async throws {
        let sample = try SampleStore()
        let (_, beginning, lease) = try await sample.session(snapshot: .sample(1, pages: [1, 2]))
        var next = EncodedSnapshot.sample(2, pages: [1, 2, 3])
        for index in 0..<2 {
            next.pages[index].pieces = {
                Issue.record("page \(index) was asked for")
                return []
            }
        }
        _ = try await sample.store.append(
            .sample(), after: beginning.id, in: lease, snapshot: next)
        #expect(try await sample.store.snapshotBytes() == 2000 + 3 * 300)
        let files = try await sample.store.files(of: next.id)
        #expect(try Data(contentsOf: URL(filePath: files.main)) == Data(next.main.joined()))
        #expect(
            try Data(contentsOf: URL(filePath: files.page(next.pages[2].digest)))
                == Data(next.pages[2].pieces().joined()))
    }
}

@Suite struct ForkTests {
    @Test func aForkHasTheWayToItsTurnAndSharesTheFiles() async throws {
        let sample = try SampleStore()
        let store = sample.store
        let (info, beginning, lease) = try await sample.session("source")
        let first = try await store.append(
            .sample("first", "1"), after: beginning.id, in: lease, snapshot: .sample(1, pages: [1]),
            promptSnapshot: .sample(2))
        let other = try await store.append(
            .sample("other", "2"), after: beginning.id, in: lease, snapshot: .sample(3))
        let second = try await store.append(
            .sample("second", "3", tokensSeen: 40), after: first.id, in: lease, snapshot: .sample(4, pages: [1, 2]))
        try await store.setBookmark("here", of: first.id, in: lease)
        let bytes = try await store.snapshotBytes()
        let new = NewSession(name: "fork", model: SampleStore.identity, modelSource: "tiny.gguf")
        let fork = try await store.fork(second.id, of: info.id, as: new)
        let turns = try await store.turns(of: fork.id)
        #expect(turns.map(\.content) == [beginning.content, first.content, second.content])
        #expect(turns.map(\.parent) == [nil, turns[0].id, turns[1].id] && turns[1].bookmark == "here")
        #expect(turns.map(\.snapshot) == [beginning.snapshot, first.snapshot, second.snapshot])
        #expect(fork.current == turns[2].id && fork.turns == 2 && fork.tokensSeen == 40 && fork.firstWords == "first")
        #expect(fork.snapshotBytes == 4 * 1000 + 2 * 300)
        #expect(try await store.snapshotBytes() == bytes)
        #expect(try await store.session(named: "fork") == fork)
        #expect(try await store.turns(of: info.id).map(\.id) == [beginning.id, first.id, other.id, second.id])
        try await store.remove(fork.id)
        #expect(try await store.snapshotBytes() == bytes)
        #expect(try await store.verify(nil).isEmpty)
        withExtendedLifetime(lease) {}
    }

    @Test func aTurnOfAnotherSessionCannotBeForked() async throws {
        let sample = try SampleStore()
        let one = try await sample.session("one")
        let two = try await sample.session("two")
        let new = NewSession(name: "fork", model: SampleStore.identity, modelSource: "")
        for turn in [one.beginning.id, TurnID(999)] {
            await #expect(throws: ChatFailure.self) { try await sample.store.fork(turn, of: two.info.id, as: new) }
        }
        #expect(try await sample.store.sessions(matching: nil).count == 2)
    }
}
