import Chat
import TestSupport
import Testing

@Suite struct ScriptedEngineTests {
    @Test func repliesPlayTheirScriptsInOrder() async {
        let first = Script.answer("one two")
        let second = Script.answer("three", finish: .limit)
        let engine = ScriptedEngine(scripts: [first, second])
        var events: [[GenerationEvent]] = []
        for question in ["a", "b"] {
            var played: [GenerationEvent] = []
            for await event in engine.reply(to: question, options: GenerationOptions()) { played.append(event) }
            events.append(played)
        }
        #expect(events == [first, second])
        #expect(engine.calls == [.reply("a"), .reply("b")])
    }

    @Test func openScriptEndsWithCancelledWhenStopped() async {
        let engine = ScriptedEngine(scripts: [Script.answer("one two three", finish: nil)])
        var reasons: [FinishReason] = []
        for await event in engine.reply(to: "a", options: GenerationOptions()) {
            if case .token(let token, _) = event, token.text == "three" { engine.stop() }
            if case .finished(let reason, let metrics) = event {
                reasons.append(reason)
                #expect(metrics.completionTokens == 3)
            }
        }
        #expect(reasons == [.cancelled])
    }

    @Test func missingScriptFails() async {
        let engine = ScriptedEngine(scripts: [])
        var failures = 0
        for await event in engine.reply(to: "a", options: GenerationOptions()) {
            if case .failed = event { failures += 1 }
        }
        #expect(failures == 1)
    }

    @Test func resetIsRecorded() async {
        let engine = ScriptedEngine(scripts: [])
        await engine.reset(systemPrompt: "Be kind.")
        #expect(engine.calls == [.reset(systemPrompt: "Be kind.")])
    }
}
