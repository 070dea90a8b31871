/// How two places of a conversation differ: in what the model remembers, and in what it would say next.
public struct StateDifference: Sendable, Equatable {
    /// One layer's change: the norm of the difference over the norm of the first state.
    public struct Layer: Sendable, Equatable {
        /// Its number, from 0.
        public var index: Int
        public var change: Double

        public init(index: Int, change: Double) {
            self.index = index
            self.change = change
        }
    }

    /// A head (or channel) of a layer, and its own change.
    public struct Part: Sendable, Equatable {
        public var layer: Int
        /// `head 7`, `channel 411`.
        public var name: String
        public var change: Double

        public init(layer: Int, name: String, change: Double) {
            self.layer = layer
            self.name = name
            self.change = change
        }
    }

    /// What the model would say next at a place.
    public struct Prediction: Sendable, Equatable {
        /// The likeliest tokens, the likeliest first.
        public var top: [TokenChoice]
        /// In bits.
        public var entropy: Double

        public init(top: [TokenChoice], entropy: Double) {
            self.top = top
            self.entropy = entropy
        }
    }

    /// Labels of the two places.
    public var from: String
    public var to: String
    public var layers: [Layer]
    /// The heads that changed most, the most changed first.
    public var mostChanged: [Part]
    public var before: Prediction
    public var after: Prediction
    /// KL divergence of what comes next, first from second, in nats.
    public var divergence: Double

    public init(
        from: String, to: String, layers: [Layer], mostChanged: [Part], before: Prediction, after: Prediction,
        divergence: Double
    ) {
        self.from = from
        self.to = to
        self.layers = layers
        self.mostChanged = mostChanged
        self.before = before
        self.after = after
        self.divergence = divergence
    }
}

/// A token that could come next.
public struct TokenChoice: Sendable, Equatable {
    public var id: Int32
    public var text: String
    /// Softmax of the logits, before any filter.
    public var probability: Float

    public init(id: Int32, text: String, probability: Float) {
        self.id = id
        self.text = text
        self.probability = probability
    }
}

/// A place inside an answer, between two of its tokens.
public struct TokenPlace: Sendable, Equatable {
    /// The turn's label.
    public var turn: String
    /// Tokens of the answer that the state has read there.
    public var index: Int
    /// Tokens of the whole answer.
    public var count: Int
    /// The answer up to there, and the rest of it.
    public var text: String
    public var rest: String
    /// The token that followed; nil at the end.
    public var chosen: TokenChoice?
    /// What else could have followed, the likeliest first; `chosen` may be among them.
    public var alternatives: [TokenChoice]
    /// Tokens that were read again to get there.
    public var recomputedTokens: Int

    public init(
        turn: String, index: Int, count: Int, text: String, rest: String, chosen: TokenChoice?,
        alternatives: [TokenChoice], recomputedTokens: Int = 0
    ) {
        self.turn = turn
        self.index = index
        self.count = count
        self.text = text
        self.rest = rest
        self.chosen = chosen
        self.alternatives = alternatives
        self.recomputedTokens = recomputedTokens
    }
}
