import Chat
import Glibc

/// What a comparison of two models found.
struct ComparisonReport {
    /// What one side did.
    struct Side {
        var text = ""
        /// Tokens of the answer, with what each model made of them.
        var tokens: [SampledToken] = []
        var reason: FinishReason?
        var metrics = Metrics()

        /// exp of the mean −ln p of the answer's tokens, before any sampling filter; nil for an empty answer.
        var perplexity: Double? { Self.perplexity(tokens) }

        static func perplexity(_ tokens: [SampledToken]) -> Double? {
            guard !tokens.isEmpty else { return nil }
            let loss = tokens.reduce(0.0) { $0 - log(max(Double($1.probability), .leastNormalMagnitude)) }
            return exp(loss / Double(tokens.count))
        }
    }

    /// What came of a prompt, which begins a conversation of its own.
    struct Prompt {
        var text: String
        var sides: [ChatPair.Side: Side]
        /// What the one that follows made of the other one's tokens; empty in free mode.
        var tally = ComparisonTally()
    }

    /// A side over all prompts.
    struct Total {
        var promptTokens = 0, completionTokens = 0
        var prefillSeconds = 0.0, decodeSeconds = 0.0
        /// The mean over prompts.
        var timeToFirstToken: Double?
        /// The largest state at the end of a prompt's answer.
        var memoryBytes = 0
        var perplexity: Double?

        var tokensPerSecond: Double? { decodeSeconds > 0 ? Double(completionTokens) / decodeSeconds : nil }
        var promptTokensPerSecond: Double? { prefillSeconds > 0 ? Double(promptTokens) / prefillSeconds : nil }
    }

    let models: [ChatPair.Side: ModelSummary]
    let mode: ChatPair.Mode
    let sampling: SamplingOptions
    var prompts: [Prompt] = []
    /// Over all prompts.
    var tally = ComparisonTally()

    init(_ models: [ChatPair.Side: ModelSummary], mode: ChatPair.Mode, sampling: SamplingOptions) {
        self.models = models
        self.mode = mode
        self.sampling = sampling
    }

    mutating func add(_ prompt: Prompt) {
        prompts.append(prompt)
        for token in ChatPair.Side.allCases.flatMap({ prompt.sides[$0]?.tokens ?? [] }) {
            if let comparison = token.comparison { tally.add(comparison) }
        }
    }

    func total(_ side: ChatPair.Side) -> Total {
        let parts = prompts.compactMap { $0.sides[side] }
        var total = Total()
        for part in parts {
            total.promptTokens += part.metrics.promptTokens
            total.completionTokens += part.metrics.completionTokens
            total.prefillSeconds += part.metrics.prefillSeconds
            total.decodeSeconds += part.metrics.decodeSeconds
            total.memoryBytes = max(total.memoryBytes, part.metrics.stateBytes)
        }
        let first = parts.compactMap(\.metrics.timeToFirstToken)
        total.timeToFirstToken = first.isEmpty ? nil : first.reduce(0, +) / Double(first.count)
        total.perplexity = Side.perplexity(parts.flatMap(\.tokens))
        return total
    }
}
