import Chat
import Engine
import Foundation
import Inference
import Tokenization

/// What the shipped model says when each turn's prompt is simply part of one long text: the measure of the program's turns.
struct ReferenceConversation {
    /// One turn as it should be.
    struct Turn {
        var promptTokens: Int
        var tokens: [Int32]
        var text: String
        /// Words up to the first token that a rounding error could change (margin below 1e-4 of the logits' deviation).
        var certainWords: [String]
    }

    private let loaded: LoadedModel
    private var history: [ChatMessage] = []
    private var conversation: [Int32] = []

    init() throws {
        let model = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/DefaultModel/SmolMamba2-158M-Instruct-Q4_0-00001-of-00002.gguf")
        loaded = try LoadedModel(path: model.path, options: LoadOptions(precision: .exact, threads: 2))
    }

    /// Answers greedily by one pass over the whole conversation so far, from an empty state.
    mutating func ask(_ text: String) throws -> Turn {
        let template = try loaded.form.get().template
        let prompt = loaded.tokenizer.encode(try TurnPrompt.pieces(for: text, after: history, template: template))
        conversation += prompt
        var runner = ModelRunner(loaded.model, chunkSize: conversation.count)
        try runner.feed(conversation)
        var tokens: [Int32] = []
        var certain: Int?
        while true {
            let best = runner.best()
            if certain == nil, best.margin < 1e-4 * deviation(runner.logits) { certain = tokens.count }
            if loaded.tokenizer.endOfTurn.contains(best.token) || tokens.count == 400 { break }
            tokens.append(best.token)
            try runner.feed([best.token])
        }
        conversation += tokens
        let answer = loaded.tokenizer.decode(tokens, skipSpecial: false)
        history += [ChatMessage(role: .user, text: text), ChatMessage(role: .assistant, text: answer)]
        let sure = loaded.tokenizer.decode(Array(tokens.prefix(certain ?? tokens.count)), skipSpecial: false)
        return Turn(promptTokens: prompt.count, tokens: tokens, text: answer, certainWords: words(sure))
    }

    private func deviation(_ logits: [Float]) -> Float {
        let mean = logits.reduce(0, +) / Float(logits.count)
        return (logits.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(logits.count)).squareRoot()
    }
}

/// The words of a text, whatever line breaks are between them.
func words(_ text: String) -> [String] {
    text.split { $0.isWhitespace }.map(String.init)
}
