import Chat
import Engine
import Glibc
import Inference
import SessionStore
import StoreSamples
import TestSupport
import Testing

/// A session in one file, and how it comes into another store.
@Suite struct ImportTests {
    /// A session with a branch, a bookmark and a continued answer, and its file.
    private static func exported(_ name: String) async throws -> (Talk, path: String) {
        let talk = try Talk.kept(name, .sampled)
        await talk.open()
        _ = try await talk.chat.bookmark("here")
        _ = try await talk.chat.go(.undo(1))
        await talk.say("Somewhere else.", 10)
        _ = try await talk.chat.go(.turn("here"))
        await talk.say("Tell me.", 10)
        _ = await talk.said(talk.chat.continueAnswer(options: talk.options(10)))
        return (talk, try await talk.exported())
    }

    @Test(arguments: Talk.models)
    func nothingOfASessionIsLost(name: String) async throws {
        let (talk, path) = try await Self.exported(name)
        let other = try Talk.kept(name, .sampled)
        _ = try await other.chat.importFile(path)
        func turns(_ talk: Talk) async throws -> [TurnRecord] {
            try await #require(talk.store).turns(of: #require(await talk.chat.session).id)
        }
        let (before, after) = (try await turns(talk), try await turns(other))
        #expect(after.map(\.content) == before.map(\.content))
        #expect(after.map(\.branch) == before.map(\.branch) && after.map(\.bookmark) == before.map(\.bookmark))
        #expect(after.map { $0.snapshot != nil } == before.map { $0.snapshot != nil })
        #expect(before[1].content.options == talk.options(20), "bias and limits are kept")
        #expect(!before[1].content.options.sampling.logitBias.isEmpty)
        // Where nothing had been read there is nothing to keep.
        let (rows, expected) = (await other.chat.timelineRows(), await talk.chat.timelineRows())
        #expect(rows.dropFirst() == expected.dropFirst(), "\(rows) \(expected)")
        #expect(try await other.store?.verify(nil) == [])
    }

    @Test(arguments: Talk.models)
    func anotherAnswerAfterAnImportReadsNothingAgain(name: String) async throws {
        let (talk, path) = try await Self.exported(name)
        let other = try Talk.kept(name, .sampled)
        _ = try await other.chat.importFile(path)
        let (again, _) = try await other.afterKill()
        let unkept = try Talk(name, .sampled)
        _ = try await unkept.chat.importFile(path)
        let expected = await talk.said(talk.chat.answerAgain(options: talk.options(30)))
        for run in [other, again, unkept] {
            let found = await run.said(run.chat.answerAgain(options: run.options(30)))
            #expect(found == expected && found.recomputed == 0 && found.tokens.count == 30)
            #expect(await run.engine.snapshot() == talk.engine.snapshot())
        }
    }

    /// Each call that writes a file fails once, and then the system has room again.
    @Test(arguments: ["mamba-tied-F16", "llama-gqa-F32"])
    func anImportThatFailsLeavesNothing(name: String) async throws {
        let (source, path) = try await Self.exported(name)
        defer { withExtendedLifetime(source) {} }
        let calls = FailingFileCalls()
        let talk = try Talk.kept(name, .sampled, calls: calls)
        await talk.open()
        await talk.chat.flush()
        let before = (await talk.engine.snapshot(), try await talk.contents(), await talk.chat.session)
        var failures = 0
        var call = 1
        while true {
            calls.fail(at: call, with: ENOSPC)
            do {
                _ = try await talk.chat.importFile(path, name: "taken in")
                break
            } catch let failure as ChatFailure {
                failures += 1
                #expect(failure.what == "can't import the session" && failure.advice?.isEmpty == false, "\(failure)")
            }
            try #require(failures < 1000)
            call += max(1, call / 8)
            calls.fail(at: .max, with: 0)
            #expect(await talk.engine.snapshot() == before.0)
            #expect(try await talk.contents() == before.1)
            #expect(await talk.chat.session == before.2)
        }
        #expect(failures > 10)
        calls.fail(at: .max, with: 0)
        #expect(await talk.chat.session?.name == "taken in")
        #expect(try await talk.store?.verify(nil) == [])
        #expect(try await talk.store?.sessions(matching: nil).count == 2)
    }
}

extension Talk {
    /// What the store holds, a line for each session and turn.
    func contents() async throws -> StoreSteps.Contents {
        guard let store else { return [] }
        return try await StoreSteps(store).contents()
    }
}
