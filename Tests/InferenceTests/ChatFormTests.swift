import Chat
import Engine
import Inference
import Testing
import Tokenization

/// Conversations in other forms than a model's own.
@Suite struct ChatFormTests {
    /// Ends answers with `AA`.
    private static let letters = "{% for m in messages %}{{ m.role }}>{{ m.content }}AA\n{% endfor %}assistant>"

    @Test func aBaseModelGetsThePlainForm() async throws {
        let loaded = try TinyModels.load("mamba-tied-F16")
        #expect(loaded.summary.isBaseModel)
        #expect(loaded.summary.notes(rereadsHistory: false).count == 1)
        let engine = try LocalEngine(loaded, systemPrompt: "Be brief.")
        let first = await TurnOutcome(engine, "Hi")
        let second = await TurnOutcome(engine, "Bye")
        #expect(first.metrics.promptTokens == loaded.count("Be brief.\n\nUser: Hi\n\nAssistant:"))
        #expect(second.metrics.promptTokens == loaded.count("\n\nUser: Bye\n\nAssistant:"))
        #expect(second.metrics.recomputedTokens == 0)
    }

    @Test func aChosenTemplateReplacesTheModelsOwn() async throws {
        let loaded = try TinyModels.load("mamba-tied-F16", template: "{{ messages[-1].content }}\n")
        #expect(!loaded.summary.isBaseModel)
        let outcome = await TurnOutcome(try LocalEngine(loaded), "Hello")
        #expect(outcome.metrics.promptTokens == loaded.count("Hello"))
    }

    @Test func aStopTextOfTheFormIsTheNextPromptsBeginning() async throws {
        let loaded = try TinyModels.load("mamba-tied-F16", template: Self.letters)
        let engine = try LocalEngine(loaded)
        let letter = try #require(loaded.tokenizer.encode("A", specialTokens: false).first)
        let first = await TurnOutcome(engine, "Hi", { $0.sampling.logitBias = [letter: 1e6] })
        #expect(first.reason == .stopText && first.text.isEmpty && first.tokens == [letter, letter])
        let second = await TurnOutcome(engine, "Bye", { $0.maxTokens = 0 })
        // The state holds the answer's end already, which the model has written.
        #expect(second.metrics.promptTokens == loaded.count("\nuser>ByeAA\nassistant>"))

        var runner = ModelRunner(loaded.model)
        try runner.feed(loaded.tokenizer.encode("user>HiAA\nassistant>", specialTokens: true))
        for token in first.tokens { try runner.feed([token]) }
        try runner.feed(loaded.tokenizer.encode("\nuser>ByeAA\nassistant>", specialTokens: true))
        #expect(await engine.state == runner.state)
    }

    @Test func rereadingReadsTheConversationAsItIsRenderedThen() async throws {
        let loaded = try TinyModels.load(
            "llama-gqa-F32", template: "{% for m in messages %}<{{ m.content }}>{% endfor %}")
        let engine = try LocalEngine(loaded)
        let first = await TurnOutcome(engine, "Hi", { $0.rereadsHistory = true })
        #expect(first.metrics.recomputedTokens == 0)
        let before = await engine.state.position
        let second = await TurnOutcome(engine, "Bye", { $0.rereadsHistory = true })
        let new = loaded.count("><Bye>")
        #expect(second.metrics.promptTokens - second.metrics.recomputedTokens == new)
        #expect(second.metrics.recomputedTokens >= 5)
        #expect(second.metrics.tokensSeen == second.metrics.promptTokens + second.tokens.count)
        let third = await TurnOutcome(engine, "Again")
        #expect(third.metrics.recomputedTokens == 0)
        #expect(before > 0)
    }

    @Test func aTurnThatIsRefusedLosesNothing() async throws {
        let source = """
            {% for m in messages %}{% if m.content == 'no' %}{{ raise_exception('not that') }}{% endif %}<{{ m.content }}>\
            {% endfor %}
            """
        let loaded = try TinyModels.load("mamba-tied-F16", template: source)
        let engine = try LocalEngine(loaded)
        _ = await TurnOutcome(engine, "Hi")
        let before = await engine.state
        let refused = await TurnOutcome(engine, "no")
        #expect(refused.failure?.why == "not that" && refused.failure?.isRefusal == true)
        #expect(await engine.state == before)
        let next = await TurnOutcome(engine, "yes")
        #expect(next.failure == nil && next.metrics.promptTokens == loaded.count("><yes>"))
    }

    @Test func aTemplateThatMakesNoTextIsRefused() async throws {
        let engine = try LocalEngine(try TinyModels.load("mamba-tied-F16", template: "{# nothing #}"))
        let outcome = await TurnOutcome(engine, "Hi")
        #expect(outcome.failure?.isRefusal == true && outcome.tokens.isEmpty)
    }
}
