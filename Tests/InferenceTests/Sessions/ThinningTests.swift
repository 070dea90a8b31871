import Chat
import Engine
import Foundation
import Glibc
import Inference
import SessionStore
import StoreSamples
import TestSupport
import Testing

/// What is not kept any more, or not yet, is read again: the same state to the bit, and the tokens are counted.
@Suite struct ThinningTests {
    @Test(arguments: Talk.models, Decoding.allCases)
    func aThinnedPlaceIsReadAgainToTheBit(name: String, decoding: Decoding) async throws {
        let talk = try Talk.kept(name, decoding)
        var ends: [ConversationSnapshot] = []
        var fed: [Int] = []
        var seen = 0
        for question in ["My room is 412.", String(repeating: "More. ", count: 60), "And?", "Go on."] {
            await talk.say(question, 20)
            ends.append(await talk.engine.snapshot())
            fed.append(ends[ends.count - 1].state.position - seen)
            seen += fed[fed.count - 1]
        }
        #expect(try await talk.store?.thin(to: 0) ?? 0 > 0)
        let (again, place) = try await talk.afterKill { $0.memoryBytes = 0 }
        #expect(place.recomputedTokens == 0, "where a session stands is kept")
        let third = try await again.chat.go(.turn("3"))
        #expect(
            third.recomputedTokens == fed[0] + fed[1] + fed[2]
                && third.note.contains("recomp \(fed[0] + fed[1] + fed[2])"))
        #expect(await again.engine.snapshot() == ends[2])
        let expected = await again.last()
        let first = try await again.chat.go(.turn("1"))
        #expect(first.recomputedTokens == fed[0])
        #expect(await again.engine.snapshot() == ends[0])
        // What was read again is kept again.
        await again.chat.flush()
        let (later, _) = try await again.afterKill()
        #expect(try await later.chat.go(.turn("3")).recomputedTokens == 0)
        #expect(await later.last() == expected)
    }

    /// A crash before a large place was written costs reading its turn again.
    @Test(arguments: Talk.models)
    func aPlaceThatWasNotWrittenYetIsReadAgain(name: String) async throws {
        let (expected, end) = try await Talk.uninterrupted(name, .sampled)
        let calls = FailingFileCalls()
        let talk = try Talk.kept(name, .sampled, calls: calls) { $0.promptBytes = 0 }
        await talk.say("My room is 412.", 20)
        await talk.chat.flush()
        let before = await talk.engine.snapshot().state.position
        calls.fail(at: 1, with: EIO)
        await talk.say(String(repeating: "More. ", count: 60), 20)
        await talk.chat.flush()
        let (again, place) = try await talk.afterKill()
        #expect(place.label == "2")
        #expect(place.recomputedTokens == (await talk.engine.snapshot().state.position) - before)
        #expect(await again.last() == expected)
        #expect(await again.engine.snapshot() == end)
    }

    @Test func openingThinsNothing() async throws {
        let talk = try Talk.kept("mamba-tied-F16")
        await talk.open()
        let before = try await talk.files().filter { $0.key.hasSuffix(".safetensors") }
        let (again, _) = try await talk.afterKill { $0.diskBytes = 0 }
        _ = try await again.chat.go(.turn("1"))
        #expect(try await again.files().filter { $0.key.hasSuffix(".safetensors") } == before)
        _ = try await again.chat.go(.turn("2"))
        await again.say("More.", 4)
        #expect(try await again.files().filter { $0.key.hasSuffix(".safetensors") }.count < before.count)
    }
}
