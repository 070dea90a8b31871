import Chat
import Engine
import Foundation
import Inference
import Tokenization

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
        for await event in engine.reply(to: text, options: options) {
            switch event {
            case .prefill: break
            case .token(let token, _):
                self.text += token.text
                tokens.append(token.id)
                if tokens.count == stopAfter { engine.stop() }
            case .text(let text): self.text += text
            case .finished(let reason, let metrics): (self.reason, self.metrics) = (reason, metrics)
            case .failed(let failure): self.failure = failure
            }
        }
    }
}
