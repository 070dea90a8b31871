import Chat
import Engine
import Testing

@testable import Inference

/// Stepping back inside an answer, with recurrent, hybrid and attention models.
@Suite struct AnswerStepTests {
    private static let models = ["mamba-tied-F16", "mamba2-g1-F32", "granite-dense-hybrid-nope-F32", "llama-gqa-F32"]

    private func answered(_ name: String, tokens: Int, keepsPlaces: Bool = true) async throws -> LocalEngine {
        let engine = try LocalEngine(TinyModels.load(name))
        let outcome = await TurnOutcome(engine, "Tell me.") { options in
            options.maxTokens = tokens
            options.sampling.seed = 7
            options.keepsPlaces = keepsPlaces
        }
        try #require(outcome.tokens.count == tokens, "the answer ended by itself")
        return engine
    }

    @Test(arguments: models)
    func theLastPlacesAreWhereTheAnswerStoodThere(name: String) async throws {
        let engine = try await answered(name, tokens: 40)
        for back in 0...AnswerRing.steps - 1 {
            let place = try #require(await engine.ring.place(at: 39 - back, model: engine.loaded.model))
            let there = try await answered(name, tokens: 39 - back).snapshot()
            #expect(place.state == there.state && place.logits == there.logits)
            #expect(place.sampler.position == there.sampler)
        }
    }

    @Test(arguments: models)
    func steppingBackReadsNothingAgainUpToSixteenTokens(name: String) async throws {
        let engine = try await answered(name, tokens: 40)
        let end = await engine.snapshot()
        for back in 1...16 {
            let place = try await engine.look(back: back, top: 3)
            #expect(place.recomputedTokens == 0 && place.index == 40 - back && place.chosen != nil)
        }
        #expect(try await engine.look(back: 30, top: 3).recomputedTokens == 10)
        #expect(await engine.snapshot() == end)
    }

    @Test(arguments: models)
    func placesThatWereNotKeptAreReadAgain(name: String) async throws {
        let (kept, other) = (
            try await answered(name, tokens: 40), try await answered(name, tokens: 40, keepsPlaces: false)
        )
        #expect(await kept.snapshot() == other.snapshot())
        #expect(await other.ring.place(at: 36, model: other.loaded.model) == nil)
        var place = try await other.look(back: 4, top: 3)
        #expect(place.recomputedTokens == 36)
        place.recomputedTokens = 0
        #expect(try await kept.look(back: 4, top: 3) == place)
    }

    @Test(arguments: models)
    func whatWasBeforeATokenThatWasTakenInsteadStaysInReach(name: String) async throws {
        let engine = try await answered(name, tokens: 40)
        let instead = try #require(try await engine.look(back: 6, top: 3).alternatives.last)
        var options = GenerationOptions()
        options.sampling = .greedy
        options.maxTokens = 4
        for await event in engine.pick(instead.id, back: 6, options: options) {
            if case .failed(let failure) = event { Issue.record(failure) }
        }
        let count = try await engine.look(back: 0, top: 1).count
        let (before, taken) = (try await engine.look(back: count - 30, top: 3), count - 34)
        let place = try await engine.look(back: taken, top: 3)
        #expect(place.recomputedTokens == 0 && place.index == 34 && place.chosen?.id == instead.id)
        #expect(before.recomputedTokens == 0 && before.index == 30)
        let there = try await answered(name, tokens: 30).snapshot()
        let found = try #require(await engine.ring.place(at: 30, model: engine.loaded.model))
        #expect(found.state == there.state && found.logits == there.logits)
    }
}
