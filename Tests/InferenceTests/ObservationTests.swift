import Chat
import Engine
import Inference
import TestSupport
import Testing

/// Looking inside a conversation: on a copy, with recurrent, hybrid and attention models.
@Suite struct ObservationTests {
    /// Looks at a few tokens, layers and heads.
    @discardableResult
    private func look(_ talk: Talk) async throws -> [Insight] {
        let last = try await talk.chat.insight(InsightQuery())
        var seen = [last]
        for position in [last.start, last.start + last.tokens.count / 2] {
            for layer in last.layers.indices {
                seen.append(try await talk.chat.insight(InsightQuery(position: position, layer: layer)))
            }
        }
        for layer in last.layers.indices {
            seen.append(try await talk.chat.insight(InsightQuery(layer: layer, head: 1)))
        }
        return seen
    }

    @Test(arguments: Talk.models, [false, true])
    func whatWasLookedAtGoesOnAsIfNobodyHadLooked(name: String, traces: Bool) async throws {
        let (plain, watched) = (try Talk(name, .sampled), try Talk(name, .sampled))
        for talk in [plain, watched] {
            var options = talk.options(20)
            options.traces = traces
            _ = await talk.said(talk.chat.reply(to: "My room is 412.", options: options))
        }
        let before = await watched.engine.snapshot()
        let seen = try await look(watched)
        #expect(await watched.engine.snapshot() == before)
        #expect(seen.allSatisfy { ($0.rereadTokens == 0) == traces })
        let said = await watched.last()
        #expect(said.recomputed == 0)
        let expected = await plain.last()
        #expect(said == expected)
        let (there, here) = (await watched.engine.snapshot(), await plain.engine.snapshot())
        #expect(there == here)
    }

    /// What is read again on a copy says what a trace says that was kept as it was read.
    @Test(arguments: Talk.models)
    func aCopySaysWhatTheConversationsOwnTraceSays(name: String) async throws {
        let (traced, plain) = (try Talk(name), try Talk(name))
        for (talk, traces) in [(traced, true), (plain, false)] {
            var options = talk.options(20)
            options.traces = traces
            _ = await talk.said(talk.chat.reply(to: "My room is 412.", options: options))
        }
        for (own, copy) in zip(try await look(traced), try await look(plain)) {
            #expect(own.tokens == copy.tokens && own.query == copy.query && own.answerStart == copy.answerStart)
            #expect(copy.rereadTokens == copy.tokens.count)
            let pairs = [
                (own.scan?.influence, copy.scan?.influence), (own.scan?.retained, copy.scan?.retained),
                (own.scan?.written, copy.scan?.written), (own.attention?.weights, copy.attention?.weights),
            ]
            for case (let one?, let other?) in pairs {
                #expect(one.count == other.count)
                #expect(zip(one, other).allSatisfy { abs($0 - $1) <= 1e-4 * max(1, abs($0)) })
            }
            #expect(pairs.contains { $0.0 != nil && $0.1 != nil })
        }
    }

    /// A head's row is a part of the mean's, and the heads' rows together are it.
    @Test(arguments: ["mamba2-g1-Q8_0", "llama-gqa-F32"])
    func headsMakeTheMean(name: String) async throws {
        let talk = try Talk(name)
        await talk.say("My room is 412.", 8)
        let mean = try await talk.chat.insight(InsightQuery(layer: 0))
        let count = mean.scan?.heads ?? mean.attention?.heads ?? 0
        var heads: [Insight] = []
        for head in 0..<count { heads.append(try await talk.chat.insight(InsightQuery(layer: 0, head: head))) }
        #expect(Set(heads.map { $0.scan?.influence ?? $0.attention?.weights ?? [] }).count > 1)
        guard let attention = mean.attention else {
            let steps = heads.compactMap(\.scan?.written)
            for (index, written) in (mean.scan?.written ?? []).enumerated() {
                #expect(abs(steps.reduce(0) { $0 + $1[index] } / Double(count) - written) < 1e-5)
            }
            return
        }
        for (index, weight) in attention.weights.enumerated() {
            let sum = heads.reduce(0) { $0 + ($1.attention?.weights[index] ?? 0) }
            #expect(abs(sum / Double(count) - weight) < 1e-6)
        }
    }

    @Test func afterAKillTheTurnsAreReadAgainOnACopyAndTheChatReadsNothing() async throws {
        let talk = try Talk.kept("mamba2-g1-Q8_0")
        await talk.say("My room is 412.", 12)
        await talk.say("And Thursday.", 12)
        let expected = await talk.engine.snapshot()
        try await talk.chat.saveAll()
        let (resumed, place) = try await talk.afterKill()
        #expect(place.recomputedTokens == 0)
        let insight = try await resumed.chat.insight(InsightQuery())
        #expect(insight.rereadTokens == place.tokensSeen && insight.start == 0)
        #expect(insight.tokens.count == place.tokensSeen)
        #expect(await resumed.engine.snapshot() == expected)
        let said = await resumed.last()
        let uninterrupted = await talk.last()
        #expect(said.recomputed == 0 && said == uninterrupted)
    }

    /// A long conversation is looked at from as many of its last turns on as a trace holds.
    @Test func aLongConversationIsTracedFromALaterTokenOn() async throws {
        let talk = try Talk("mamba-tied-F16")
        for turn in 0..<4 { await talk.say("Turn \(turn). " + String(repeating: "More. ", count: 40), 20) }
        let seen = await talk.engine.state.position
        let insight = try await talk.chat.insight(InsightQuery())
        #expect(insight.start > 0 && insight.tokens.count <= Insight.capacity)
        #expect(insight.positions.upperBound == seen && insight.rereadTokens == insight.tokens.count)
    }

    @Test(arguments: Talk.models)
    func anotherTokenIsTakenWhereOneLooks(name: String) async throws {
        let talk = try Talk(name)
        let answer = await talk.say("My room is 412.", 12).tokens
        let end = try await talk.chat.insight(InsightQuery())
        #expect(end.stepsBack == 0 && end.answerStart == end.positions.upperBound - answer.count)
        #expect(end.tokens.suffix(answer.count).map(\.id) == answer)
        let inside = try await talk.chat.insight(InsightQuery(position: end.position - 5))
        #expect(inside.followed?.id == answer[answer.count - 5] && inside.stepsBack == 5)
        let other = try #require(inside.next.first { $0.id != inside.followed?.id })
        let back = try #require(inside.stepsBack)
        let said = await talk.said(talk.chat.pick(other.id, back: back, options: talk.options(6)))
        #expect(said.failure == nil && said.tokens.first == other.id)
        let after = try await talk.chat.insight(InsightQuery())
        #expect(Array(after.tokens.suffix(said.tokens.count).map(\.id)) == said.tokens)
        // Before the answer there is nothing to take otherwise.
        let before = try await talk.chat.insight(InsightQuery(position: end.start))
        #expect(before.stepsBack == nil)
    }

    @Test func whatCantBeLookedAtIsExplained() async throws {
        let talk = try Talk("mamba2-g1-Q8_0")
        await #expect(throws: ChatFailure.self) { try await talk.chat.insight(InsightQuery()) }
        await talk.say("My room is 412.", 8)
        let last = try await talk.chat.insight(InsightQuery())
        for (query, words) in [
            (InsightQuery(position: 9999), "there is no token 9999"), (InsightQuery(layer: 99), "there is no layer 99"),
            (InsightQuery(head: 99), "there is no head 99"),
        ] {
            let failure = await #expect(throws: ChatFailure.self) { try await talk.chat.insight(query) }
            #expect(failure?.what.contains(words) == true && failure?.why?.contains("0 to ") == true)
        }
        // And what can be is still there.
        #expect(try await talk.chat.insight(InsightQuery()) == last)
    }

    @Test func endingItFreesTheCopyAndATextCanBeLookedAtByItself() async throws {
        let talk = try Talk("granite-dense-hybrid-nope-F32")
        await talk.say("My room is 412.", 8)
        _ = try await talk.chat.insight(InsightQuery())
        #expect(await !talk.engine.tracedTokens().isEmpty)
        await talk.engine.endObservation()
        #expect(await talk.engine.tracedTokens().isEmpty)
        let before = await talk.engine.snapshot()
        try await talk.engine.observe(text: "A text.")
        let insight = try await talk.engine.insight(InsightQuery())
        #expect(insight.tokens.map(\.text).joined().contains("A text."))
        #expect(insight.answerStart == nil && insight.stepsBack == nil && insight.rereadTokens == 0)
        #expect(await talk.engine.snapshot() == before)
    }
}
