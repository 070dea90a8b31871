/// What happens while an answer is made.
///
/// The stream ends with exactly one `.finished` or `.failed`.
public enum GenerationEvent: Sendable, Equatable {
    /// Of the turn's `total` prompt tokens, `done` have been read.
    case prefill(done: Int, total: Int)
    /// A token was chosen and read; its text may be empty while a character is incomplete.
    case token(SampledToken, Metrics)
    /// Text that was held back, since it might have become a stop text or a character was incomplete.
    case text(String)
    /// The answer is complete, and the state holds all of it.
    case finished(FinishReason, Metrics)
    /// The answer can't go on. What was said so far stays.
    case failed(ChatFailure)
}

/// A token of the answer.
public struct SampledToken: Sendable, Equatable {
    public var id: Int32
    /// The text that this token completes.
    public var text: String
    /// Its probability before the sampling filters (softmax of the logits).
    public var probability: Float
    /// How undecided the model was: the entropy of that softmax, in bits; nil where it isn't measured.
    public var entropy: Float?
    /// The likeliest tokens in its place, where the model is traced.
    public var alternatives: [TokenChoice]
    /// What this model makes of it, where it is another one's token.
    public var comparison: PredictionComparison?

    public init(
        id: Int32, text: String, probability: Float, entropy: Float? = nil, alternatives: [TokenChoice] = [],
        comparison: PredictionComparison? = nil
    ) {
        self.id = id
        self.text = text
        self.probability = probability
        self.entropy = entropy
        self.alternatives = alternatives
        self.comparison = comparison
    }
}

/// Why an answer ended.
public enum FinishReason: String, Sendable, Equatable {
    /// The model ended its turn.
    case endOfTurn = "end_of_turn"
    /// One of the stop texts came up.
    case stopText = "stop_text"
    /// `maxTokens` was reached.
    case limit
    /// Keys and values reached `maxKeyValueBytes`; the partial answer is kept.
    case memoryLimit = "memory_limit"
    /// The user stopped it; the partial answer is kept.
    case cancelled
    /// The user stopped it before its prompt was read: the turn was taken back, the state is as it was before.
    case withdrawn
}

/// An error in the three lines that users read: what, why with the real values, what to type.
public struct ChatFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public var what: String
    public var why: String?
    public var advice: String?
    /// Whether a turn was refused before anything of it was read, so that the conversation is as it was.
    public var isRefusal: Bool

    public init(what: String, why: String? = nil, advice: String? = nil, isRefusal: Bool = false) {
        self.what = what
        self.why = why
        self.advice = advice
        self.isRefusal = isRefusal
    }

    public var description: String {
        [what, why.map { "  \($0)" }, advice.map { "  try: \($0)" }].compactMap { $0 }.joined(separator: "\n")
    }
}
