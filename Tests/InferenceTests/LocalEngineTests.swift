import Chat
import Engine
import Foundation
import Inference
import Testing
import Tokenization

/// Turns on the shipped model.
@Suite(.serialized) struct LocalEngineTests {
    /// What a turn's events add up to.
    struct Outcome {
        var text = ""
        var tokens: [Int32] = []
        var reason: FinishReason?
        var metrics = Metrics()
        var failure: ChatFailure?
    }

    private static let fast = Result { try RealModel.load(RealModel.defaultPath, .fast) }
    private static let exact = Result { try RealModel.load(RealModel.defaultPath, .exact) }

    private func ask(
        _ engine: LocalEngine, _ text: String, maxTokens: Int? = 24, stops: [String] = [],
        sampling: SamplingOptions = .greedy, stopAfter: Int? = nil
    ) async -> Outcome {
        var options = GenerationOptions()
        options.sampling = sampling
        options.maxTokens = maxTokens
        options.stopTexts = stops
        var outcome = Outcome()
        for event in await engine.events(of: text, options: options, stoppedAfter: stopAfter) {
            switch event {
            case .prefill: break
            case .token(let token, _):
                outcome.text += token.text
                outcome.tokens.append(token.id)
            case .text(let text): outcome.text += text
            case .finished(let reason, let metrics):
                #expect(outcome.reason == nil && outcome.failure == nil)
                (outcome.reason, outcome.metrics) = (reason, metrics)
            case .failed(let failure): outcome.failure = failure
            }
        }
        return outcome
    }

    /// Greedy tokens of one pass over `tokens`, up to the first step whose margin is below 1e-4 of the logits' deviation.
    private func onePass(_ loaded: LoadedModel, _ tokens: [Int32], count: Int) throws -> [Int32] {
        var runner = ModelRunner(loaded.model, chunkSize: tokens.count)
        try runner.feed(tokens)
        var result: [Int32] = []
        for _ in 0..<count {
            let mean = runner.logits.reduce(0, +) / Float(runner.logits.count)
            let variance = runner.logits.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(runner.logits.count)
            let best = runner.best()
            guard best.margin >= 1e-4 * variance.squareRoot() else { break }
            guard !loaded.tokenizer.endOfTurn.contains(best.token) else { break }
            result.append(best.token)
            try runner.feed([best.token])
        }
        return result
    }

    @Test func theSecondTurnReadsOnlyWhatIsNewAndEqualsOnePass() async throws {
        let loaded = try Self.exact.get()
        let engine = try LocalEngine(loaded)
        let first = await ask(engine, "What is the capital of France?")
        #expect(first.text == "The capital of France is Paris.")
        #expect(first.reason == .endOfTurn)
        let second = await ask(engine, "And what is the capital of Italy?")

        let prompt1 = try TurnPrompt.pieces(
            for: "What is the capital of France?", after: [], template: loaded.chatTemplate())
        let history = [
            ChatMessage(role: .user, text: "What is the capital of France?"),
            ChatMessage(role: .assistant, text: first.text),
        ]
        let prompt2 = try TurnPrompt.pieces(
            for: "And what is the capital of Italy?", after: history, template: loaded.chatTemplate())
        let tokens1 = loaded.tokenizer.encode(prompt1)
        let tokens2 = loaded.tokenizer.encode(prompt2)
        #expect(first.metrics.promptTokens == tokens1.count)
        #expect(second.metrics.promptTokens == tokens2.count)
        #expect(second.metrics.recomputedTokens == 0)
        #expect(
            second.metrics.tokensSeen
                == tokens1.count + first.tokens.count + tokens2.count + second.tokens.count)

        let expected = try onePass(loaded, tokens1 + first.tokens + tokens2, count: second.tokens.count)
        #expect(!expected.isEmpty)
        #expect(Array(second.tokens.prefix(expected.count)) == expected)
    }

    @Test func stateStaysTheSameSizeAndMetricsAreMeasured() async throws {
        let engine = try LocalEngine(Self.fast.get())
        let first = await ask(engine, "Tell me a short story.", maxTokens: 8)
        let second = await ask(engine, "Go on.", maxTokens: 8)
        #expect(first.metrics.stateBytes == 5_045_760)
        #expect(second.metrics.stateBytes == 5_045_760)
        #expect(first.reason == .limit && first.metrics.completionTokens == 8)
        #expect(first.metrics.prefillSeconds > 0 && first.metrics.decodeSeconds > 0)
        #expect((first.metrics.timeToFirstToken ?? 0) >= first.metrics.prefillSeconds)
    }

    @Test func aStoppedAnswerStaysInTheConversation() async throws {
        let loaded = try Self.exact.get()
        let engine = try LocalEngine(loaded)
        let first = await ask(engine, "Tell me a story about a ship.", maxTokens: nil, stopAfter: 5)
        #expect(first.reason == .cancelled)
        #expect(first.tokens.count >= 5)
        let second = await ask(engine, "Thank you.", maxTokens: 12)
        #expect(second.metrics.recomputedTokens == 0)

        let template = try loaded.chatTemplate()
        let history = [
            ChatMessage(role: .user, text: "Tell me a story about a ship."),
            ChatMessage(role: .assistant, text: first.text),
        ]
        let conversation =
            loaded.tokenizer.encode(
                try TurnPrompt.pieces(for: "Tell me a story about a ship.", after: [], template: template))
            + first.tokens
            + loaded.tokenizer.encode(try TurnPrompt.pieces(for: "Thank you.", after: history, template: template))
        let expected = try onePass(loaded, conversation, count: second.tokens.count)
        #expect(!expected.isEmpty)
        #expect(Array(second.tokens.prefix(expected.count)) == expected)
    }

    @Test func aTurnStoppedBeforeItWasReadIsTakenBack() async throws {
        let engine = try LocalEngine(Self.fast.get(), chunkSize: 4)
        _ = await ask(engine, "Hello.", maxTokens: 4)
        let before = await engine.state
        var options = GenerationOptions()
        options.sampling = .greedy
        let events = await engine.events(of: String(repeating: "word ", count: 400), options: options) { _ in true }
        guard case .finished(let reason, _)? = events.last else {
            Issue.record("it ended with \(String(describing: events.last))")
            return
        }
        #expect(reason == .withdrawn)
        #expect(await engine.state == before)
        let next = await ask(engine, "Hello again.", maxTokens: 4)
        #expect(next.failure == nil && next.metrics.recomputedTokens == 0 && !next.tokens.isEmpty)
    }

    @Test func aResetConversationEqualsAColdStart() async throws {
        let loaded = try Self.fast.get()
        let cold = try LocalEngine(loaded)
        let coldAnswer = await ask(cold, "What did I tell you?")
        let used = try LocalEngine(loaded)
        _ = await ask(used, "Remember: the secret word is heron.")
        await used.reset(systemPrompt: nil)
        let answer = await ask(used, "What did I tell you?")
        #expect(answer.tokens == coldAnswer.tokens)
        #expect(await used.state == (await cold.state))
    }

    @Test func aSystemPromptReplacesTheModelsOwn() async throws {
        let loaded = try Self.fast.get()
        let plain = await ask(try LocalEngine(loaded), "Hi", maxTokens: 1)
        let own = await ask(try LocalEngine(loaded, systemPrompt: "You."), "Hi", maxTokens: 1)
        #expect(own.metrics.promptTokens < plain.metrics.promptTokens)
    }

    @Test func aStopTextEndsTheAnswerAndIsNotPartOfIt() async throws {
        let engine = try LocalEngine(Self.fast.get())
        let outcome = await ask(engine, "What is the capital of France?", stops: [" is Paris"])
        #expect(outcome.text == "The capital of France")
        #expect(outcome.reason == .stopText)
    }

    @Test func noTokensMeansNoAnswer() async throws {
        let outcome = await ask(try LocalEngine(Self.fast.get()), "Hi", maxTokens: 0)
        #expect(outcome.reason == .limit && outcome.tokens.isEmpty && outcome.text.isEmpty)
    }

    @Test func theSameSeedGivesTheSameText() async throws {
        var sampling = SamplingOptions()
        sampling.temperature = 1.2
        sampling.topK = 0
        sampling.seed = 7
        let loaded = try Self.fast.get()
        let a = await ask(try LocalEngine(loaded), "Write a poem.", sampling: sampling)
        let b = await ask(try LocalEngine(loaded), "Write a poem.", sampling: sampling)
        sampling.seed = 8
        let c = await ask(try LocalEngine(loaded), "Write a poem.", sampling: sampling)
        #expect(a.tokens == b.tokens)
        #expect(a.tokens != c.tokens)
    }
}

extension LoadedModel {
    /// The template that conversations are laid out with.
    func chatTemplate() throws -> any ChatTemplate {
        try form.get().template
    }
}
