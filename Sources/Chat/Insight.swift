/// Which token, layer and head to look at; nil takes the last token, the middle layer, and the mean of all heads.
public struct InsightQuery: Sendable, Equatable {
    /// The token's place in the sequence.
    public var position: Int?
    public var layer: Int?
    public var head: Int?

    public init(position: Int? = nil, layer: Int? = nil, head: Int? = nil) {
        self.position = position
        self.layer = layer
        self.head = head
    }
}

/// What one token reads from in one layer, and what every layer makes of it.
public struct Insight: Sendable, Equatable {
    /// A token whose trace is held.
    public struct Token: Sendable, Equatable {
        public var id: Int32
        public var text: String

        public init(id: Int32, text: String) {
            self.id = id
            self.text = text
        }
    }

    /// What a layer reads earlier tokens with.
    public enum Mixer: String, Sendable, Equatable {
        case mamba = "Mamba"
        case mamba2 = "Mamba-2"
        case attention
        /// Both beside each other.
        case mambaAndAttention = "Mamba and attention"
        case mamba2AndAttention = "Mamba-2 and attention"
        /// Nothing that is traced: an MLP alone, or a short convolution.
        case none = "no mixer that is traced"
    }

    /// A layer, as far as the chosen token goes.
    public struct Layer: Sendable, Equatable {
        public var mixer: Mixer
        /// Mean Δ of the token and the half-life, where the layer has a state-space model.
        public var reading: LayerReading?
        /// How many of the nearest tokens hold 90 % of what the token reads, in the mean over heads.
        ///
        /// Of attention where the layer has no state-space model. Nil where it has neither, or where more than the traced
        /// tokens would be needed.
        public var reach: Int?
        /// What the model would say if it ended after this layer (logit lens).
        public var lens: TokenChoice?

        public init(
            mixer: Mixer = .none, reading: LayerReading? = nil, reach: Int? = nil, lens: TokenChoice? = nil
        ) {
            self.mixer = mixer
            self.reading = reading
            self.reach = reach
            self.lens = lens
        }
    }

    /// What is read through a state, for each token up to the reading one.
    public struct Scan: Sendable, Equatable {
        /// The mean over channels (heads) of |α[t, s]|, with sum 1.
        public var influence: [Double]
        /// The part of what was written that is left: exp(A · Σ Δ), the median over channels (heads).
        public var retained: [Double]
        /// Δ when it was written, the mean over channels (heads).
        public var written: [Double]
        /// How many channels (heads) the layer has, and the one that this is of; nil is the mean of all.
        public var heads: Int
        public var head: Int?

        public init(influence: [Double], retained: [Double], written: [Double], heads: Int, head: Int? = nil) {
            self.influence = influence
            self.retained = retained
            self.written = written
            self.heads = heads
            self.head = head
        }

        /// How many of the nearest tokens hold 90 % of what is read.
        public var reach: Int { Insight.reach(of: influence) ?? influence.count }
    }

    /// What is read by attention, for each token up to the reading one.
    public struct Attention: Sendable, Equatable {
        /// The softmax row of one head, or the mean of all heads'.
        public var weights: [Double]
        /// What goes to tokens before those that are traced.
        public var earlier: Double
        /// How many heads the layer has, and the one that this is of; nil is the mean of all.
        public var heads: Int
        public var head: Int?

        public init(weights: [Double], earlier: Double, heads: Int, head: Int? = nil) {
            self.weights = weights
            self.earlier = earlier
            self.heads = heads
            self.head = head
        }

        /// How many of the nearest tokens hold 90 % of the row; nil where those that are traced hold less.
        public var reach: Int? { Insight.reach(of: weights, earlier: earlier) }
    }

    public var query: InsightQuery
    /// The place of the first traced token in the sequence.
    public var start: Int
    public var tokens: [Token]
    /// The reading token, by its index in `tokens`.
    public var reader: Int
    public var layer: Int
    public var layers: [Layer]
    public var scan: Scan?
    public var attention: Attention?
    /// What the model expected after the reading token, likeliest first.
    public var next: [TokenChoice]
    /// Bytes that the trace takes.
    public var traceBytes: Int
    /// The place in the sequence of the last answer's first token, where another one can be taken; nil where there is
    /// no answer.
    public var answerStart: Int?
    /// Tokens that were read again on a copy to see this; 0 where they were traced as they were read.
    public var rereadTokens: Int

    public init(
        query: InsightQuery, start: Int, tokens: [Token], reader: Int, layer: Int, layers: [Layer], scan: Scan?,
        attention: Attention?, next: [TokenChoice], traceBytes: Int, answerStart: Int? = nil, rereadTokens: Int = 0
    ) {
        self.query = query
        self.start = start
        self.tokens = tokens
        self.reader = reader
        self.layer = layer
        self.layers = layers
        self.scan = scan
        self.attention = attention
        self.next = next
        self.traceBytes = traceBytes
        self.answerStart = answerStart
        self.rereadTokens = rereadTokens
    }

    /// Tokens whose traces are held at most.
    public static let capacity = 512

    /// The least number of nearest tokens, the last one first, that hold 90 % of a row.
    ///
    /// - Parameter earlier: what of the row lies before its first token
    /// - Returns: nil where all of the row's tokens hold less
    public static func reach(of row: [Double], earlier: Double = 0) -> Int? {
        let whole = row.reduce(earlier, +)
        var sum = 0.0
        for (count, value) in row.reversed().enumerated() {
            sum += value
            if sum >= 0.9 * whole { return count + 1 }
        }
        return nil
    }

    /// The reading token's place in the sequence.
    public var position: Int { start + reader }

    /// Whether the same token reads the same ones before it in another model, as far as both are traced.
    public func readsSameTokens(as other: Insight) -> Bool {
        guard position == other.position else { return false }
        return (max(start, other.start)...position).allSatisfy {
            tokens[$0 - start].id == other.tokens[$0 - other.start].id
        }
    }

    /// The layer of a model of so many layers that is as deep as this one.
    public func layer(ofDepthIn count: Int) -> Int {
        guard layers.count > 1, count > 1 else { return 0 }
        return (layer * (count - 1) + (layers.count - 1) / 2) / (layers.count - 1)
    }

    /// The places in the sequence of all tokens that are traced.
    public var positions: Range<Int> { start..<(start + tokens.count) }

    /// The token that followed the reading one; nil where it is the last.
    public var followed: Token? { reader + 1 < tokens.count ? tokens[reader + 1] : nil }

    /// How many tokens before the last answer's end the place after the reading token is, if it is inside that answer:
    /// another token can be taken there.
    public var stepsBack: Int? {
        guard let answerStart, position + 1 >= answerStart else { return nil }
        return positions.upperBound - (position + 1)
    }
}

extension ChatEngine {
    /// An engine that keeps no traces has nothing to show.
    public func insight(_ query: InsightQuery) async throws -> Insight {
        throw ChatFailure(what: "can't look inside this model", why: "it keeps no traces")
    }

    public func tracedTokens() async -> Range<Int> { 0..<0 }

    public func observe(_ turns: [TurnContent], from checkpoint: Checkpoint, rereadTokens: Int) async throws {}

    public func endObservation() async {}
}
