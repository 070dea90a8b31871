/// What the model's memory holds at a place, and what it would say next.
public struct StateReading: Sendable, Equatable {
    /// A part of a layer's memory: the window of its convolution, the state of its scan, keys or values.
    public struct Part: Sendable, Equatable {
        /// The reference's name: `conv_state`, `ssm_state`, `attn_key`, `attn_value`.
        public var name: String
        /// Its axes, the outermost first.
        public var shape: [Int]
        /// Its Euclidean norm.
        public var norm: Double
        public var largest: Double

        public init(name: String, shape: [Int], norm: Double, largest: Double) {
            self.name = name
            self.shape = shape
            self.norm = norm
            self.largest = largest
        }
    }

    public var tokensSeen: Int
    public var stateBytes: Int
    /// By layer.
    public var layers: [[Part]]
    /// Empty before anything was read.
    public var next: StateDifference.Prediction

    public init(tokensSeen: Int, stateBytes: Int, layers: [[Part]], next: StateDifference.Prediction) {
        self.tokensSeen = tokensSeen
        self.stateBytes = stateBytes
        self.layers = layers
        self.next = next
    }
}

/// How fast a model was when it was measured.
public struct SpeedReading: Sendable, Equatable {
    public var promptTokens: Int
    /// Tokens of a prompt a second.
    public var promptTokensPerSecond: Double
    public var tokens: Int
    /// Tokens of an answer a second, each with its logits.
    public var tokensPerSecond: Double
    /// Bytes of weights that a token reads.
    public var weightBytesPerToken: Int

    public init(
        promptTokens: Int, promptTokensPerSecond: Double, tokens: Int, tokensPerSecond: Double,
        weightBytesPerToken: Int
    ) {
        self.promptTokens = promptTokens
        self.promptTokensPerSecond = promptTokensPerSecond
        self.tokens = tokens
        self.tokensPerSecond = tokensPerSecond
        self.weightBytesPerToken = weightBytesPerToken
    }
}
