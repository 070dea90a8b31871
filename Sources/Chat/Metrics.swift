/// What the gauges may show of one engine, measured while one answer is made.
public struct Metrics: Sendable, Equatable {
    /// Tokens read for this turn's prompt: only what was new.
    public var promptTokens = 0
    /// Of those, tokens that the state already held.
    ///
    /// Anything but 0 needs a reason.
    public var recomputedTokens = 0
    /// Tokens of the answer so far.
    public var completionTokens = 0
    /// From the first prompt token to the last.
    public var prefillSeconds = 0.0
    /// From the end of the prompt to the last token of the answer.
    public var decodeSeconds = 0.0
    /// From asking to the first token of the answer.
    public var timeToFirstToken: Double?
    /// Bytes that the sequence's state takes now.
    public var stateBytes = 0
    /// Tokens that the state has read since the session began.
    public var tokensSeen = 0
    /// What the layers with a state-space model do, where they are traced.
    public var layers: [LayerReading] = []
    /// Tokens whose trace is held, and the bytes that it takes.
    public var tracedTokens = 0
    public var traceBytes = 0

    public init() {}

    /// Prompt tokens per second; 0 before any.
    public var promptTokensPerSecond: Double {
        prefillSeconds > 0 ? Double(promptTokens) / prefillSeconds : 0
    }

    /// Tokens of the answer per second, over the whole answer; 0 before any.
    public var tokensPerSecond: Double {
        decodeSeconds > 0 ? Double(completionTokens) / decodeSeconds : 0
    }
}
