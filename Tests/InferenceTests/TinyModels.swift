import Chat
import Engine
import Foundation
import Tokenization

@testable import Inference

/// Tiny models without chat template whose tokens are bytes, from the engine's goldens.
enum TinyModels {
    static func load(_ name: String, template: String? = nil) throws -> LoadedModel {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "EngineTests/Golden/gguf/\(name).gguf").path
        let choice = template.map { TemplateChoice(name: "a test's", source: $0) }
        return try LoadedModel(path: path, options: LoadOptions(precision: .exact, threads: 1, template: choice))
    }
}

extension LoadedModel {
    /// How many tokens a text has.
    func count(_ text: String) -> Int { tokenizer.encode(text, specialTokens: true).count }
}

extension LocalEngine {
    /// Answers a question, and stops at the first event of which `stops` is true.
    ///
    /// On the engine's own thread: a reader of the stream may run only when the answer is there.
    func events(
        of text: String, options: GenerationOptions, stoppingAt stops: @Sendable (GenerationEvent) -> Bool
    ) -> [GenerationEvent] {
        let stop = StopFlag()
        var events: [GenerationEvent] = []
        answer(text, options: options, stop: stop) { event in
            events.append(event)
            if stops(event) { stop.set() }
        }
        return events
    }

    /// Answers a question as its stream tells, or stops after a number of tokens.
    func events(
        of text: String, options: GenerationOptions, stoppedAfter count: Int?
    ) async -> [GenerationEvent] {
        if let count {
            return events(of: text, options: options) { event in
                if case .token(_, let metrics) = event { metrics.completionTokens == count } else { false }
            }
        }
        var events: [GenerationEvent] = []
        for await event in reply(to: text, options: options) { events.append(event) }
        return events
    }
}

/// What a turn's events add up to.
struct TurnOutcome {
    var text = ""
    var tokens: [Int32] = []
    var reason: FinishReason?
    var metrics = Metrics()
    var failure: ChatFailure?

    /// Asks greedily and waits for the end; stops the answer after a number of tokens if there is one.
    init(
        _ engine: LocalEngine, _ text: String, stopAfter: Int? = nil,
        _ change: (inout GenerationOptions) -> Void = { _ in }
    ) async {
        var options = GenerationOptions()
        options.sampling = .greedy
        options.maxTokens = 8
        change(&options)
        for event in await engine.events(of: text, options: options, stoppedAfter: stopAfter) {
            switch event {
            case .prefill: break
            case .token(let token, _):
                self.text += token.text
                tokens.append(token.id)
            case .text(let text): self.text += text
            case .finished(let reason, let metrics): (self.reason, self.metrics) = (reason, metrics)
            case .failed(let failure): self.failure = failure
            }
        }
    }
}
