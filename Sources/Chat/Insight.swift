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

    /// A layer, as far as the chosen token goes.
    public struct Layer: Sendable, Equatable {
        /// Mean Δ of the token and the half-life, where the layer has a state-space model.
        public var reading: LayerReading?
        public var hasAttention: Bool
        /// What the model would say if it ended after this layer (logit lens).
        public var lens: TokenChoice?

        public init(reading: LayerReading? = nil, hasAttention: Bool = false, lens: TokenChoice? = nil) {
            self.reading = reading
            self.hasAttention = hasAttention
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

        public init(influence: [Double], retained: [Double], written: [Double]) {
            self.influence = influence
            self.retained = retained
            self.written = written
        }
    }

    /// What is read by attention, for each token up to the reading one.
    public struct Attention: Sendable, Equatable {
        /// The softmax row of one head, or the mean of all heads'.
        public var weights: [Double]
        /// What goes to tokens before those that are traced.
        public var earlier: Double
        public var heads: Int

        public init(weights: [Double], earlier: Double, heads: Int) {
            self.weights = weights
            self.earlier = earlier
            self.heads = heads
        }
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

    public init(
        query: InsightQuery, start: Int, tokens: [Token], reader: Int, layer: Int, layers: [Layer], scan: Scan?,
        attention: Attention?, next: [TokenChoice], traceBytes: Int
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
    }

    /// The least number of nearest tokens, the last one first, that hold 90 % of a row.
    public static func reach(of row: [Double]) -> Int {
        let whole = row.reduce(0, +)
        var sum = 0.0
        for (count, value) in row.reversed().enumerated() {
            sum += value
            if sum >= 0.9 * whole { return count + 1 }
        }
        return row.count
    }
}

extension ChatEngine {
    /// An engine that keeps no traces has nothing to show.
    public func insight(_ query: InsightQuery) async throws -> Insight {
        throw ChatFailure(what: "can't look inside this model", why: "it keeps no traces")
    }
}
