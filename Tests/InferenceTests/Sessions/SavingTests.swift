import Chat
import Engine
import Foundation
import Glibc
import Inference
import SessionStore
import StoreSamples
import TestSupport
import Testing

/// Turns that can't be saved: the store has the old state, the conversation goes on, and the reader knows what to do.
@Suite struct SavingTests {
    @Test(arguments: [ENOSPC, EROFS, EIO], Talk.models)
    func aTurnThatCannotBeSavedIsSavedLater(code: Int32, name: String) async throws {
        let calls = FailingFileCalls()
        let talk = try Talk.kept(name, .sampled, calls: calls)
        await talk.open()
        let old = await talk.engine.snapshot()
        for call in [1, 2, 4, 6] {
            calls.fail(at: call, with: code)
            await talk.say("And \(call)?", 8)
            let (other, place) = try await talk.afterKill()
            #expect(place.label == "2")
            #expect(await other.engine.snapshot() == old)
        }
        let problems = await talk.chat.takeProblems()
        #expect(problems.count == 1, "it is told once")
        #expect(problems.first?.what.hasPrefix("this turn is not saved: can't save the turn") == true)
        #expect(problems.first?.why?.contains(talk.home.url.path) == true)
        #expect(problems.first?.advice?.isEmpty == false)
        calls.fail(at: .max, with: 0)
        await talk.say("Room again.", 8)
        #expect(await talk.chat.takeProblems().isEmpty)
        let (again, place) = try await talk.afterKill()
        #expect(place.label == "7" && place.recomputedTokens == 0)
        #expect(await again.engine.snapshot() == talk.engine.snapshot())
    }

    /// Who begins anew, or opens another session, is told first what is not saved; the second time it is left behind.
    @Test func unsavedTurnsAreNotLeftBehindSilently() async throws {
        let calls = FailingFileCalls()
        let talk = try Talk.kept("mamba-tied-F16", .greedy, calls: calls)
        await talk.open()
        let old = try #require(await talk.chat.session)
        _ = try await talk.chat.fork(name: "other")
        await talk.say("Saved.", 4)
        calls.fail(at: 1, with: ENOSPC)
        await talk.say("Not saved.", 4)
        await talk.say("Not saved either.", 4)
        let before = await talk.engine.snapshot()
        for attempt in [{ _ = try await talk.chat.reset(systemPrompt: nil) }, { try await talk.chat.saveAll() }] {
            let failure = await #expect(throws: ChatFailure.self) { try await attempt() }
            #expect(failure?.what.contains("2 turns are not saved") == true)
            #expect(failure?.why?.contains(talk.home.url.path) == true && failure?.advice?.contains("df -h") == true)
            #expect(await talk.engine.snapshot() == before)
        }
        await talk.say("One more.", 4)
        let failure = await #expect(throws: ChatFailure.self) { try await talk.chat.resume(old) }
        #expect(failure?.what == "can't open '\(old.name)': 3 turns are not saved")
        #expect(await talk.chat.session?.name == "other")
        calls.fail(at: .max, with: 0)
        let place = try await talk.chat.resume(old)
        #expect(place.session?.name == old.name)
        let (again, there) = try await talk.afterKill(session: "other")
        #expect(there.label == "6" && there.recomputedTokens == 0)
        #expect(await again.engine.snapshot().history.count == 12)
    }

    @Test func unsavedTurnsAreLeftBehindTheSecondTime() async throws {
        let calls = FailingFileCalls()
        let talk = try Talk.kept("mamba-tied-F16", .greedy, calls: calls)
        calls.fail(at: 1, with: ENOSPC)
        await talk.say("Not saved.", 4)
        await #expect(throws: ChatFailure.self) { try await talk.chat.reset(systemPrompt: nil) }
        try await talk.chat.reset(systemPrompt: nil)
        #expect(await talk.chat.timelineRows().count == 1)
    }

    /// A branch that keeps all its prompts' places would take twice the disk.
    @Test(arguments: ["mamba-tied-F16", "llama-gqa-F32"])
    func placesOfPromptsStayWithTheNewestTurns(name: String) async throws {
        // As in the program: what can't be removed while another file is written goes when snapshots are thinned.
        let talk = try Talk.kept(name) { $0.diskBytes = 1 << 30 }
        for number in 0..<7 { await talk.say("Question \(number)", 4) }
        await talk.chat.flush()
        let store = try #require(talk.store)
        let session = try #require(await talk.chat.session)
        let turns = try await store.turns(of: session.id)
        #expect(turns.map { $0.promptSnapshot != nil } == [false] + (1...7).map { $0 > 7 - SQLiteStore.promptPlaces })
        #expect(try await store.verify(nil) == [])
        let files = try await talk.files().keys.filter { $0.hasSuffix(".safetensors") }
        let kept = turns.flatMap { [$0.snapshot, $0.promptSnapshot] }.compactMap(\.self).map(\.description)
        let mains = Set(kept.map { String($0) })
        #expect(files.filter { file in mains.contains { file.contains($0) } }.count == mains.count)
        if name.hasPrefix("mamba") { #expect(files.count == mains.count, "files without rows") }
        // An older one is read again.
        _ = try await talk.chat.go(.turn("2"))
        let (again, _) = try await talk.afterKill()
        let said = await again.said(again.chat.answerAgain(options: again.options(4)))
        #expect(said.recomputed == turns[2].content.fed.count)
    }
}
