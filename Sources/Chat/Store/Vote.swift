/// What a reader says of two models' answers to one question.
public struct Vote: Sendable, Equatable {
    public enum Choice: String, Sendable, CaseIterable {
        case a = "A"
        case b = "B"
        case tie
        case bothBad = "both bad"
    }

    /// One of the two answers.
    public struct Side: Sendable, Equatable {
        public var model: ModelIdentity
        public var answer: String
        /// The turn that has it, while a session keeps one.
        public var turn: TurnID?

        public init(model: ModelIdentity, answer: String, turn: TurnID? = nil) {
            self.model = model
            self.answer = answer
            self.turn = turn
        }
    }

    public var question: String
    public var a: Side
    public var b: Side
    public var choice: Choice
    /// Whether the reader voted before knowing which model is which.
    public var isBlind: Bool
    /// Seconds since 1970.
    public var created: Double

    public init(question: String, a: Side, b: Side, choice: Choice, isBlind: Bool, created: Double) {
        self.question = question
        self.a = a
        self.b = b
        self.choice = choice
        self.isBlind = isBlind
        self.created = created
    }
}

/// A vote as it is kept.
public struct VoteRecord: Sendable, Equatable {
    /// Names the vote in its store.
    public var id: Int64
    public var vote: Vote
    /// What is wrong with it, where it does not fit its digest.
    public var damage: String?

    public init(id: Int64, vote: Vote, damage: String? = nil) {
        self.id = id
        self.vote = vote
        self.damage = damage
    }
}
