import Chat
import Engine
import Testing

@testable import Inference

/// What a side of a pair said.
private struct SideAnswer {
    var tokens: [Int32] = []
    var text = ""
    var comparisons: [PredictionComparison] = []
    var end: GenerationEvent?

    mutating func add(_ event: GenerationEvent) {
        switch event {
        case .prefill: break
        case .token(let token, _):
            tokens.append(token.id)
            text += token.text
            if let comparison = token.comparison { comparisons.append(comparison) }
        case .text(let more): text += more
        case .finished, .failed: end = event
        }
    }

    var reason: FinishReason? {
        if case .finished(let reason, _)? = end { reason } else { nil }
    }
}

@Suite struct LockStepTests {
    private static func options(_ maxTokens: Int = 12) -> GenerationOptions {
        var options = GenerationOptions()
        options.sampling = .greedy
        options.maxTokens = maxTokens
        return options
    }

    private static func say(_ text: String, to pair: ChatPair, _ options: GenerationOptions) async
        -> [ChatPair.Side: SideAnswer]
    {
        var said: [ChatPair.Side: SideAnswer] = [:]
        for await event in await pair.reply(to: text, options: options) {
            said[event.side, default: SideAnswer()].add(event.event)
        }
        return said
    }

    /// All tokens that the last three turns of a session fed to its engine.
    private static func fed(to session: ChatSession) async -> [Int32] {
        var tokens: [Int32] = []
        for back in (0..<3).reversed() {
            if back > 0 { _ = try? await session.go(.undo(back)) }
            let fed = await session.engine.checkpoint().fed
            tokens += fed.prompt + fed.completion
            if back > 0 { _ = try? await session.go(.redo(back)) }
        }
        return tokens
    }

    @Test func aModelAgreesWithItself() async throws {
        let model = try TinyModels.load("mamba2-g1-F32")
        let pair = try ChatPair(
            ChatSession(LocalEngine(model)), ChatSession(LocalEngine(model)), mode: .lockstep)
        let said = await Self.say("the same", to: pair, Self.options())
        let (a, b) = (try #require(said[.a]), try #require(said[.b]))
        #expect(a.tokens == b.tokens && a.tokens.count == 12)
        #expect(a.text == b.text)
        #expect(a.reason == .limit && b.reason == .limit)
        #expect(a.comparisons.isEmpty && b.comparisons.count == 12)
        for (token, comparison) in zip(b.tokens, b.comparisons) {
            #expect(comparison.agrees && comparison.choice.id == token)
            #expect(comparison.divergence == 0)
            #expect(comparison.leaderProbability == comparison.followerProbability)
        }
    }

    /// The numbers are those of two runners that read the same tokens.
    @Test func whatIsComparedIsWhatBothPredict() async throws {
        let (first, second) = (try TinyModels.load("mamba2-g1-F32"), try TinyModels.load("llama-gqa-F32"))
        let pair = try ChatPair(
            ChatSession(LocalEngine(first)), ChatSession(LocalEngine(second)), mode: .lockstep)
        for text in ["a question", "and another one"] {
            let said = await Self.say(text, to: pair, Self.options())
            #expect(said[.a]?.tokens == said[.b]?.tokens)
            #expect(said[.b]?.comparisons.count == said[.a]?.tokens.count)
        }
        let said = await Self.say("the last", to: pair, Self.options())
        let turns = await pair.a.timelineRows().count
        #expect(turns == 4)

        let fed = await Self.fed(to: pair.b)
        #expect(await Self.fed(to: pair.a) == fed)
        let tokens = try #require(said[.a]?.tokens)
        var (one, two) = (ModelRunner(first.model), ModelRunner(second.model))
        try one.feed(Array(fed.dropLast(tokens.count)))
        try two.feed(Array(fed.dropLast(tokens.count)))
        for (token, comparison) in zip(tokens, try #require(said[.b]?.comparisons)) {
            let (p, q) = (NextToken(one.logits), NextToken(two.logits))
            #expect(abs(comparison.divergence - p.divergence(from: q)) < 1e-4)
            #expect(comparison.choice.id == two.best().token)
            #expect(comparison.agrees == (one.best().token == two.best().token))
            #expect(abs(comparison.followerProbability - q.probability(of: token)) < 1e-5)
            try one.feed([token])
            try two.feed([token])
        }
    }

    /// Who reads the other's text after turns of its own predicts what one does that was fed it from the beginning.
    @Test func afterTurnsOfItsOwnItMayReadTheOthers() async throws {
        let (first, second) = (try TinyModels.load("mamba2-g1-F32"), try TinyModels.load("llama-gqa-F32"))
        func pair(_ mode: ChatPair.Mode) throws -> ChatPair {
            try ChatPair(ChatSession(LocalEngine(first)), ChatSession(LocalEngine(second)), mode: mode)
        }
        let (together, late) = (try pair(.lockstep), try pair(.free))
        for text in ["a question", "and another one"] {
            _ = await Self.say(text, to: together, Self.options())
            _ = await Self.say(text, to: late, Self.options())
        }
        let said = try await together.b.go(.turn("2")).messages.map(\.text)
        let own = try await late.b.go(.turn("2")).messages.map(\.text)
        #expect(said != own)
        let (side, place) = try await late.join()
        #expect(side == .b && place.turn == 2 && place.messages.map(\.text) == said)
        let fed = await Self.fed(to: together.b).count
        #expect(place.recomputedTokens == fed && fed > 0)
        // What it said itself is still there.
        #expect(await late.b.timelineRows().count == 5)
        #expect(try await late.b.go(.turn("2")).messages.map(\.text) == own)
        #expect(try await late.join().place.recomputedTokens == 0)

        let (one, other) = (
            await Self.say("the last", to: together, Self.options()),
            await Self.say("the last", to: late, Self.options())
        )
        #expect(one[.a]?.tokens == other[.a]?.tokens)
        #expect(one[.b]?.comparisons == other[.b]?.comparisons && other[.b]?.comparisons.count == 12)
    }

    @Test func theOtherOneMayLead() async throws {
        let (first, second) = (try TinyModels.load("mamba2-g1-F32"), try TinyModels.load("llama-gqa-F32"))
        let pair = try ChatPair(
            ChatSession(LocalEngine(first)), ChatSession(LocalEngine(second)), mode: .lockstep)
        await pair.swapLead()
        let said = await Self.say("who leads?", to: pair, Self.options())
        #expect(said[.a]?.comparisons.count == 12 && said[.b]?.comparisons.isEmpty == true)
        let alone = await TurnOutcome(try LocalEngine(second), "who leads?") { $0.maxTokens = 12 }
        #expect(said[.b]?.tokens == alone.tokens)
    }

    @Test func bothStopAndGoOnTogether() async throws {
        let (first, second) = (try TinyModels.load("mamba2-g1-F32"), try TinyModels.load("llama-gqa-F32"))
        let pair = try ChatPair(
            ChatSession(LocalEngine(first)), ChatSession(LocalEngine(second)), mode: .lockstep)
        var said: [ChatPair.Side: SideAnswer] = [:]
        for await event in await pair.reply(to: "on and on", options: Self.options(100_000)) {
            said[event.side, default: SideAnswer()].add(event.event)
            if said[.b]?.tokens.count == 5 { pair.stop() }
        }
        #expect(said[.a]?.reason == .cancelled && said[.b]?.reason == .cancelled)
        let next = await Self.say("and then?", to: pair, Self.options())
        #expect(next[.a]?.tokens == next[.b]?.tokens)
        #expect(next[.b]?.reason == .limit)
    }

    @Test func inFreeModeEachSaysItsOwn() async throws {
        let (first, second) = (try TinyModels.load("mamba2-g1-F32"), try TinyModels.load("llama-gqa-F32"))
        let pair = try ChatPair(ChatSession(LocalEngine(first)), ChatSession(LocalEngine(second)), mode: .free)
        let said = await Self.say("each its own", to: pair, Self.options())
        let alone = await TurnOutcome(try LocalEngine(second), "each its own") { $0.maxTokens = 12 }
        #expect(said[.b]?.tokens == alone.tokens)
        #expect(said[.b]?.comparisons.isEmpty == true)
    }

    @Test func aLeaderThatCanNotBeginKeepsNobodyWaiting() async throws {
        let (first, second) = (try TinyModels.load("llama-gqa-F32"), try TinyModels.load("mamba2-g1-F32"))
        let pair = try ChatPair(
            ChatSession(LocalEngine(first)), ChatSession(LocalEngine(second)), mode: .lockstep)
        var options = Self.options()
        options.maxKeyValueBytes = 0
        let said = await Self.say("no room", to: pair, options)
        guard case .failed? = said[.a]?.end else {
            Issue.record("the leader had room")
            return
        }
        #expect(said[.b]?.reason == .withdrawn)
        #expect(await pair.b.timelineRows().count == 1)
    }
}
