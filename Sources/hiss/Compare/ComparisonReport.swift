import Chat

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
            var perplexity = Perplexity()
            for token in tokens { perplexity.add(Double(token.probability)) }
            return perplexity.value
        }
    }

    /// What came of a prompt, which begins a conversation of its own.
    struct Prompt {
        var text: String
        var sides: [ChatPair.Side: Side]

        /// What the one that follows made of the other one's tokens; empty in free mode.
        var comparisons: [PredictionComparison] {
            ChatPair.Side.allCases.flatMap { sides[$0]?.tokens ?? [] }.compactMap(\.comparison)
        }
        var tally: ComparisonTally { ComparisonTally(comparisons) }
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
    var tally: ComparisonTally { ComparisonTally(prompts.flatMap(\.comparisons)) }

    init(_ models: [ChatPair.Side: ModelSummary], mode: ChatPair.Mode, sampling: SamplingOptions) {
        self.models = models
        self.mode = mode
        self.sampling = sampling
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
