/// What a model that is fed another one's tokens says of one of them.
public struct PredictionComparison: Sendable, Equatable {
    /// What it would have said itself: its likeliest token, as `p_B` has it.
    public var choice: TokenChoice
    /// Whether that is the likeliest of the other model, too.
    public var agrees: Bool
    /// KL(A‖B) = Σ p_A ln(p_A / p_B) over the vocabulary, in nats; A leads, B follows.
    public var divergence: Double
    /// What each model gave the token that was fed: p_A and p_B, before any sampling filter.
    public var leaderProbability: Double
    public var followerProbability: Double

    public init(
        choice: TokenChoice, agrees: Bool, divergence: Double, leaderProbability: Double, followerProbability: Double
    ) {
        self.choice = choice
        self.agrees = agrees
        self.divergence = divergence
        self.leaderProbability = leaderProbability
        self.followerProbability = followerProbability
    }
}

/// Comparisons of two models' predictions along texts, summed up: what views and reports show.
public struct ComparisonTally: Sendable, Equatable {
    public private(set) var count = 0
    /// The place of the first token, from 0, at which the two had other first choices; nil where they never had.
    public private(set) var firstDifference: Int?
    private var agreements = 0
    private var divergence = 0.0
    private var leader = Perplexity()
    private var follower = Perplexity()

    public init(_ comparisons: some Sequence<PredictionComparison> = []) {
        for comparison in comparisons { add(comparison) }
    }

    public mutating func add(_ comparison: PredictionComparison) {
        addPrediction(agrees: comparison.agrees, divergence: comparison.divergence)
        addToken(leader: comparison.leaderProbability, follower: comparison.followerProbability)
    }

    /// Takes a place at which both have predicted something.
    ///
    /// - Parameter divergence: KL(A‖B) of the two predictions, in nats
    public mutating func addPrediction(agrees: Bool, divergence: Double) {
        if agrees {
            agreements += 1
        } else if firstDifference == nil {
            firstDifference = count
        }
        count += 1
        self.divergence += divergence
    }

    /// Takes a token that came, with the probabilities that it had.
    public mutating func addToken(leader p: Double, follower q: Double) {
        leader.add(p)
        follower.add(q)
    }

    /// The fraction of tokens at which both have the same first choice; nil before any.
    public var agreement: Double? { count > 0 ? Double(agreements) / Double(count) : nil }
    /// The mean of KL(A‖B), in nats.
    public var meanDivergence: Double? { count > 0 ? divergence / Double(count) : nil }
    /// Of the tokens that were fed.
    public var leaderPerplexity: Double? { leader.value }
    public var followerPerplexity: Double? { follower.value }
}
