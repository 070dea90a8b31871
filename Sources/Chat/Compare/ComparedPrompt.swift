/// What one side of a comparison said.
public struct ComparedAnswer: Sendable, Equatable {
    public var text = ""
    /// Tokens of the answer, with what each model made of them.
    public var tokens: [SampledToken] = []
    public var reason: FinishReason?
    public var metrics = Metrics()

    public init() {}

    /// exp of the mean −ln p of the answer's tokens, before any sampling filter; nil for an empty answer.
    public var perplexity: Double? { Self.perplexity(tokens) }

    static func perplexity(_ tokens: some Sequence<SampledToken>) -> Double? {
        var perplexity = Perplexity()
        for token in tokens { perplexity.add(Double(token.probability)) }
        return perplexity.value
    }
}

/// What two models said to one prompt.
public struct ComparedPrompt: Sendable, Equatable {
    public var text: String
    public var sides: [ChatPair.Side: ComparedAnswer] = [:]

    public init(text: String) {
        self.text = text
    }

    /// What the one that follows made of the other one's tokens; empty in free mode.
    public var comparisons: [PredictionComparison] {
        ChatPair.Side.allCases.flatMap { sides[$0]?.tokens ?? [] }.compactMap(\.comparison)
    }
    public var tally: ComparisonTally { ComparisonTally(comparisons) }

    /// Takes what happens on a side.
    ///
    /// - Throws: why an answer failed
    public mutating func add(_ event: ChatPair.Event) throws(ChatFailure) {
        switch event.event {
        case .prefill: break
        case .token(let token, let metrics):
            sides[event.side, default: ComparedAnswer()].text += token.text
            sides[event.side]?.tokens.append(token)
            sides[event.side]?.metrics = metrics
        case .text(let text): sides[event.side, default: ComparedAnswer()].text += text
        case .finished(let reason, let metrics):
            sides[event.side, default: ComparedAnswer()].reason = reason
            sides[event.side]?.metrics = metrics
        case .failed(let failure): throw failure
        }
    }
}

/// What one side of a comparison did over prompts.
public struct ComparisonTotal: Sendable, Equatable {
    public private(set) var promptTokens = 0
    public private(set) var completionTokens = 0
    public private(set) var prefillSeconds = 0.0
    public private(set) var decodeSeconds = 0.0
    /// The mean over prompts.
    public private(set) var timeToFirstToken: Double?
    /// The largest state at the end of a prompt's answer.
    public private(set) var memoryBytes = 0
    public private(set) var perplexity: Double?

    public init(_ answers: [ComparedAnswer]) {
        for answer in answers {
            promptTokens += answer.metrics.promptTokens
            completionTokens += answer.metrics.completionTokens
            prefillSeconds += answer.metrics.prefillSeconds
            decodeSeconds += answer.metrics.decodeSeconds
            memoryBytes = max(memoryBytes, answer.metrics.stateBytes)
        }
        let first = answers.compactMap(\.metrics.timeToFirstToken)
        timeToFirstToken = first.isEmpty ? nil : first.reduce(0, +) / Double(first.count)
        perplexity = ComparedAnswer.perplexity(answers.lazy.flatMap(\.tokens))
    }

    public var tokensPerSecond: Double? { decodeSeconds > 0 ? Double(completionTokens) / decodeSeconds : nil }
    public var promptTokensPerSecond: Double? { prefillSeconds > 0 ? Double(promptTokens) / prefillSeconds : nil }
}
