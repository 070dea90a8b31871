import Chat

/// A comparison of two models on the screen: what both panes share.
struct PairModel: Sendable {
    /// The models, once both are ready.
    var models: [ChatPair.Side: ModelSummary] = [:]
    /// What is being loaded, as it was asked for; nil is the usual model.
    var asked: String?
    /// Whether both have the same tokens.
    var sharesTokens = false
    var mode = ChatPair.Mode.free
    /// Whose tokens both are fed in lock-step.
    var leader = ChatPair.Side.a
    /// Whether only the pane in focus is shown.
    var isZoomed = false
    /// Whether both panes scroll as one.
    var scrollsTogether = false
    /// Whether nobody is to know which model is which until a vote.
    var isBlind = false
    /// Whether a vote has told which is which.
    var isRevealed = false
    /// What was said of the last answers.
    var vote: Vote.Choice?
    /// What has been asked since the conversation began, or was gone on with.
    var prompts: [ComparedPrompt] = []
    var depths: [ChatPair.Side: DepthReadings] = [:]
    /// Whether the two remember different answers, so that one model's predictions say nothing of the other's.
    var remembersDifferently = false

    var isReady: Bool { !models.isEmpty }

    /// Whether names and figures, which would tell, are hidden.
    var hidesModels: Bool { isBlind && !isRevealed }

    /// What came of the last prompt.
    var last: ComparedPrompt? { prompts.last }

    /// The side that is fed the other one's tokens; nil in free mode.
    var follower: ChatPair.Side? { mode == .lockstep ? leader.other : nil }

    /// The model's name, unless it is hidden.
    func name(_ side: ChatPair.Side) -> String? {
        hidesModels ? nil : models[side]?.name
    }

    /// Feeds the two in another way; what came so far was measured in the old one.
    mutating func changeMode(_ mode: ChatPair.Mode) {
        self.mode = mode
        (prompts, vote) = ([], nil)
    }

    /// Takes in what happened on a side.
    mutating func record(_ event: ChatPair.Event) {
        guard let index = prompts.indices.last else { return }
        // A failed answer is told in its pane.
        try? prompts[index].add(event)
        switch event.event {
        case .token(_, let metrics), .finished(_, let metrics):
            depths[event.side, default: DepthReadings()].record(metrics)
        case .prefill, .text, .failed: break
        }
    }

    /// Forgets what was said; the models stay.
    mutating func beginAnew() {
        (prompts, depths, vote) = ([], [:], nil)
        (isRevealed, remembersDifferently) = (false, false)
    }
}

extension ChatPair.Side {
    /// The index of its pane.
    var pane: Int { self == .a ? 1 : 2 }
}

/// How a model's memory and its rate go with the tokens it has seen.
struct DepthReadings: Sendable, Equatable {
    struct Reading: Sendable, Equatable {
        /// The most tokens seen.
        var tokensSeen: Int
        /// Bytes of the state there.
        var stateBytes: Int
        /// Tokens decoded around there, and how long that took.
        var tokens = 0
        var seconds = 0.0

        var tokensPerSecond: Double? { seconds > 0 && tokens > 0 ? Double(tokens) / seconds : nil }
    }

    /// By depth: four readings each time that the depth doubles.
    private(set) var readings: [Int: Reading] = [:]
    private var before: Metrics?

    /// Readings, least deep first.
    var all: [Reading] { readings.keys.sorted().compactMap { readings[$0] } }

    mutating func record(_ metrics: Metrics) {
        guard metrics.tokensSeen > 0 else { return }
        let key = Self.key(metrics.tokensSeen)
        var reading = readings[key] ?? Reading(tokensSeen: 0, stateBytes: 0)
        if metrics.tokensSeen >= reading.tokensSeen {
            (reading.tokensSeen, reading.stateBytes) = (metrics.tokensSeen, metrics.stateBytes)
        }
        if let before, metrics.completionTokens > before.completionTokens,
            metrics.decodeSeconds > before.decodeSeconds
        {
            reading.tokens += metrics.completionTokens - before.completionTokens
            reading.seconds += metrics.decodeSeconds - before.decodeSeconds
        }
        readings[key] = reading
        before = metrics
    }

    /// ⌊4 log2 depth⌋, by whole numbers.
    private static func key(_ depth: Int) -> Int {
        let exponent = Int.bitWidth - 1 - depth.leadingZeroBitCount
        let quarter = exponent < 2 ? 0 : (depth >> (exponent - 2)) & 3
        return exponent * 4 + quarter
    }
}
