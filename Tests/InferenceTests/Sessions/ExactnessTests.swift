import Chat
import Engine
import Foundation
import Inference
import SessionStore
import TestSupport
import Testing

/// Whatever comes between, a session goes on as if nothing had: the same tokens, and the same state to the bit.
@Suite struct ExactnessTests {
    @Test(arguments: Talk.models, Decoding.allCases)
    func afterAKillASessionGoesOnIdentically(name: String, decoding: Decoding) async throws {
        let (expected, end) = try await Talk.uninterrupted(name, decoding)
        #expect(expected.tokens.count == 64 && expected.reason == .limit)
        let talk = try Talk.kept(name, decoding)
        await talk.open()
        let (again, place) = try await talk.afterKill()
        #expect(place.recomputedTokens == 0 && place.label == "2" && place.messages.count == 4)
        #expect(await again.last() == expected)
        #expect(await again.engine.snapshot() == end)
        // And once more, from where that one was killed.
        let (third, _) = try await again.afterKill()
        #expect(await third.engine.snapshot() == end)
    }

    /// Places from memory, or all from the disk.
    @Test(arguments: Talk.models, [256 << 20, 0])
    func afterTwentyUndosASessionGoesOnIdentically(name: String, memory: Int) async throws {
        let (expected, end) = try await Talk.uninterrupted(name, .sampled)
        let talk = try Talk.kept(name, .sampled) { $0.memoryBytes = memory }
        await talk.open()
        for count in 0..<20 {
            let back = try await talk.chat.go(.undo(count % 2 + 1))
            #expect(back.recomputedTokens == 0)
            #expect(try await talk.chat.go(.redo(2)).recomputedTokens == 0)
        }
        let (again, _) = try await talk.afterKill()
        for run in [talk, again] {
            #expect(await run.last() == expected)
            #expect(await run.engine.snapshot() == end)
        }
    }

    @Test(arguments: Talk.models, Decoding.allCases)
    func afterAForkBothSessionsGoOnIdentically(name: String, decoding: Decoding) async throws {
        let (expected, end) = try await Talk.uninterrupted(name, decoding)
        let talk = try Talk.kept(name, decoding)
        await talk.open()
        let original = try #require(await talk.chat.session)
        #expect(try await talk.chat.fork(name: "fork").recomputedTokens == 0)
        let (fork, _) = try await talk.afterKill(session: "fork")
        #expect(await fork.last() == expected)
        #expect(await fork.engine.snapshot() == end)
        await talk.say("Somewhere else.", 10)
        let back = try await talk.chat.resume(original)
        #expect(back.recomputedTokens == 0 && back.label == "2")
        #expect(await talk.last() == expected)
        #expect(await talk.engine.snapshot() == end)
    }

    @Test(arguments: Talk.models, Decoding.allCases)
    func afterABranchASessionGoesOnIdentically(name: String, decoding: Decoding) async throws {
        let (expected, end) = try await Talk.uninterrupted(name, decoding)
        let talk = try Talk.kept(name, decoding)
        await talk.open()
        _ = try await talk.chat.go(.undo(1))
        _ = try await talk.chat.branch("aside")
        await talk.say("Somewhere else.", 10)
        let (again, _) = try await talk.afterKill()
        for run in [talk, again] {
            #expect(try await run.chat.go(.turn("2")).recomputedTokens == 0)
            #expect(await run.last() == expected)
            #expect(await run.engine.snapshot() == end)
            #expect(try await run.chat.go(.turn("aside")).messages.count == 4)
        }
    }

    @Test(arguments: Talk.models, Decoding.allCases)
    func anImportedSessionGoesOnIdentically(name: String, decoding: Decoding) async throws {
        let (expected, end) = try await Talk.uninterrupted(name, decoding)
        let talk = try Talk.kept(name, decoding)
        await talk.open()
        let path = try await talk.exported()
        let other = try Talk.kept(name, decoding)
        let place = try await other.chat.importFile(path)
        #expect(place.recomputedTokens == 0 && place.label == "2" && place.messages.count == 4)
        let (again, _) = try await other.afterKill()
        for run in [other, again] {
            #expect(await run.last() == expected)
            #expect(await run.engine.snapshot() == end)
        }
    }

    @Test(arguments: Talk.models, Decoding.allCases)
    func aCancelledAnswerGoesOnIdentically(name: String, decoding: Decoding) async throws {
        let talk = try Talk.kept(name, decoding)
        let begun = await talk.said(talk.chat.reply(to: "Tell me.", options: talk.options(nil))) { count in
            if count == 3 { talk.chat.stop() }
        }
        #expect(begun.reason == .cancelled && begun.tokens.count >= 3)
        // One that nothing stopped, of as many tokens.
        let whole = try Talk(name, decoding)
        let same = await whole.say("Tell me.", begun.tokens.count)
        #expect(same.tokens == begun.tokens && same.text == begun.text)
        let expected = await whole.last()
        let (again, place) = try await talk.afterKill()
        #expect(place.recomputedTokens == 0)
        for run in [talk, again] {
            #expect(await run.last() == expected)
            #expect(await run.engine.snapshot() == whole.engine.snapshot())
        }
    }

    @Test(arguments: Talk.models, Decoding.allCases)
    func aContinuedAnswerIsTheUninterruptedOne(name: String, decoding: Decoding) async throws {
        let whole = try Talk(name, decoding)
        await whole.open()
        let expected = await whole.say("Tell me.", 64)
        var talk = try Talk.kept(name, decoding)
        await talk.open()
        var said = await talk.say("Tell me.", 13)
        for count in [20, 31] {
            let (again, place) = try await talk.afterKill()
            #expect(place.recomputedTokens == 0)
            talk = again
            let more = await talk.said(talk.chat.continueAnswer(options: talk.options(count)))
            #expect(more.recomputed == 0 && more.failure == nil)
            said.tokens += more.tokens
            said.text += more.text
        }
        #expect(said == expected)
        #expect(await talk.engine.snapshot() == whole.engine.snapshot())
        let after = await talk.last()
        #expect(await whole.last() == after)
    }

    @Test(arguments: Talk.models, Decoding.allCases)
    func anotherAnswerIsTheSameAfterAKill(name: String, decoding: Decoding) async throws {
        let talk = try Talk.kept(name, decoding)
        await talk.open()
        let (again, _) = try await talk.afterKill()
        let expected = await talk.said(talk.chat.answerAgain(options: talk.options(64)))
        let found = await again.said(again.chat.answerAgain(options: again.options(64)))
        #expect(found == expected && found.tokens.count == 64 && found.recomputed == 0)
        #expect(await again.engine.snapshot() == talk.engine.snapshot())
        let after = await talk.last()
        #expect(await again.last() == after)
        // The first answer is still there.
        #expect(try await again.chat.go(.turn("2")).recomputedTokens == 0)
    }

    @Test(arguments: Talk.models, Decoding.allCases)
    func aResetConversationIsAColdStart(name: String, decoding: Decoding) async throws {
        let cold = try Talk(name, decoding)
        let talk = try Talk.kept(name, decoding)
        await talk.open()
        _ = try await talk.chat.reset(systemPrompt: nil)
        #expect(await talk.engine.snapshot() == cold.engine.snapshot())
        let (said, expected) = (await talk.last(), await cold.last())
        #expect(said == expected && said.tokens.count == 64)
        #expect(await talk.engine.snapshot() == cold.engine.snapshot())
    }

    /// In the state, the sampler, the timeline and the store.
    @Test(arguments: Talk.models, Decoding.allCases)
    func anAsideLeavesNoTrace(name: String, decoding: Decoding) async throws {
        let (expected, end) = try await Talk.uninterrupted(name, decoding)
        let talk = try Talk.kept(name, decoding)
        await talk.open()
        let before = (await talk.engine.snapshot(), await talk.chat.timelineRows(), try await talk.files())
        let aside = await talk.said(talk.chat.ask("What?", options: talk.options(30)))
        #expect(aside.tokens.count == 30)
        let stopped = await talk.said(talk.chat.ask("What?", options: talk.options(nil))) { count in
            if count == 3 { talk.chat.stop() }
        }
        #expect(stopped.reason == .cancelled && stopped.tokens.count >= 3)
        #expect(await talk.engine.snapshot() == before.0)
        #expect(await talk.chat.timelineRows() == before.1)
        #expect(try await talk.files() == before.2)
        #expect(try await talk.chat.step(back: 3).recomputedTokens == 0)
        #expect(await talk.last() == expected)
        #expect(await talk.engine.snapshot() == end)
    }

    /// From the last places, which are in memory, or from the question on, which is read again.
    @Test(arguments: Talk.models, Decoding.allCases)
    func anotherTokenIsTakenIdenticallyAfterAKill(name: String, decoding: Decoding) async throws {
        let talk = try Talk.kept(name, decoding)
        await talk.open()
        let first = await talk.say("Tell me.", 40)
        let (again, _) = try await talk.afterKill()
        let places = (try await talk.chat.step(back: 5), try await again.chat.step(back: 5))
        #expect(places.0.recomputedTokens == 0 && places.1.recomputedTokens == 35)
        #expect(places.0.alternatives == places.1.alternatives && places.0.text == places.1.text)
        let token = try #require(places.0.alternatives.first { $0.id != first.tokens[35] }).id
        let expected = await talk.said(talk.chat.pick(token, back: 5, options: talk.options(30)))
        let found = await again.said(again.chat.pick(token, back: 5, options: again.options(30)))
        #expect(expected.tokens.count == 30 && expected.tokens.first == token)
        #expect(found.tokens == expected.tokens && found.text == expected.text)
        #expect(await again.engine.snapshot() == talk.engine.snapshot())
        let (third, place) = try await again.afterKill()
        #expect(place.recomputedTokens == 0 && place.label == "3b")
        let after = await talk.last()
        #expect(await third.last() == after)
        #expect(try await third.chat.go(.turn("3")).recomputedTokens == 0)
    }

    @Test(arguments: Talk.models, Decoding.allCases)
    func aPersonaGoesOnIdentically(name: String, decoding: Decoding) async throws {
        let (expected, end) = try await Talk.uninterrupted(name, decoding)
        let talk = try Talk.kept(name, decoding)
        await talk.open()
        _ = try await talk.chat.savePersona("guide")
        let other = try Talk(name, decoding, in: await talk.disk())
        let place = try await other.chat.loadPersona("guide")
        #expect(place.recomputedTokens == 0 && place.turn == 0)
        #expect(await other.last() == expected)
        #expect(await other.engine.snapshot() == end)
        let (again, resumed) = try await other.afterKill()
        #expect(resumed.recomputedTokens == 0)
        #expect(await again.engine.snapshot() == end)
        // What was read before the session began is still there.
        #expect(try await again.chat.go(.undo(1)).tokensSeen == place.tokensSeen)
        #expect(await again.last() == expected)
    }
}

extension Talk {
    /// The files of the store, without locks, and the bytes of its tables.
    func files() async throws -> [String: Int] {
        await chat.flush()
        let all = FileManager.default.enumerator(atPath: home.path("hiss"))?.compactMap { $0 as? String } ?? []
        var files: [String: Int] = [:]
        for path in all where !path.hasPrefix("locks") {
            let attributes = try FileManager.default.attributesOfItem(atPath: home.path("hiss") + "/" + path)
            files[path] = attributes[.size] as? Int
        }
        return files
    }
}
