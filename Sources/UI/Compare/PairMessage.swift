public import Chat

/// What happens to a comparison.
public enum PairMessage: Sendable {
    /// A conversation with both begins, or goes on.
    case began(PairOpening)
    /// The models can't be compared.
    case failed(ChatFailure)
    /// No other conversation begins; the one that was goes on.
    case refused(ChatFailure)
    /// Something happened on a side.
    case event(ChatPair.Event)
    /// A side has read what the leader had: from now on both are fed its tokens.
    case joined(ChatPair.Side, ChatSession.Place)
    /// The session that a side keeps.
    case session(ChatPair.Side, SessionState?)
    /// What came of looking inside a side's model, and what the other one makes of the same tokens; nil where they
    /// aren't the same.
    case mind(ChatPair.Side, Result<SessionReply, ChatFailure>, beside: Insight?)
    /// A vote was kept.
    case voted(Vote.Choice)
}

/// Two models that are ready to be asked.
public struct PairOpening: Sendable {
    public var models: [ChatPair.Side: ModelSummary]
    /// Whether both have the same tokens, so that one can be fed the other's.
    public var sharesTokens: Bool
    public var mode: ChatPair.Mode
    /// Whether nobody is to know which model is which until a vote.
    public var isBlind: Bool
    /// Where both stand, if their sessions went on.
    public var places: [ChatPair.Side: ChatSession.Place]

    public init(
        models: [ChatPair.Side: ModelSummary], sharesTokens: Bool, mode: ChatPair.Mode, isBlind: Bool,
        places: [ChatPair.Side: ChatSession.Place] = [:]
    ) {
        self.models = models
        self.sharesTokens = sharesTokens
        self.mode = mode
        self.isBlind = isBlind
        self.places = places
    }
}

/// What a comparison may ask of the program.
public enum PairEffect: Sendable, Equatable {
    /// Load the model of this name beside the chat's; nil is the usual one.
    case open(String?)
    /// Let go of both conversations and the second model.
    case close
    /// Ask both.
    case ask(String)
    /// Stop both answers.
    case stop
    /// Begin another conversation with both; in blind mode chance says which model is A.
    case begin(systemPrompt: String?, isBlind: Bool)
    case setMode(ChatPair.Mode)
    /// Let the one that follows read what the leader has, for lock-step.
    case join
    /// Give the lead to the other model.
    case swapLead
    /// Look inside a side's model.
    case mind(ChatPair.Side, MindRequest)
    /// Keep a vote on the last answers.
    case vote(PairVote)
}

/// A vote before it is known which models and turns it is of.
public struct PairVote: Sendable, Equatable {
    public var question: String
    public var answers: [ChatPair.Side: String]
    public var choice: Vote.Choice
    /// Whether the names were hidden.
    public var isBlind: Bool

    public init(question: String, answers: [ChatPair.Side: String], choice: Vote.Choice, isBlind: Bool) {
        self.question = question
        self.answers = answers
        self.choice = choice
        self.isBlind = isBlind
    }
}
