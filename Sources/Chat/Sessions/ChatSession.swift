/// A conversation with an engine in which one can go back and forth, kept in a store if there is one: what front ends
/// hold.
///
/// Going anywhere puts the engine's state back; nothing is read again, except where a place is kept nowhere.
public actor ChatSession {
    /// How sessions are kept.
    public struct Options: Sendable {
        /// What the model was loaded from, for `-m`: a path or a name.
        public var modelSource: String
        /// The system prompt that the engine began with; nil is the model's own.
        public var systemPrompt: String?
        /// The name of the session that the first turn makes; nil makes one of the date.
        public var name: String?
        /// Settings that are kept with the session that the first turn makes.
        public var settings: [String: String]
        /// Bytes that places in memory may take.
        public var memoryBytes: Int
        /// Bytes that the snapshots of all sessions may take on disk; nil keeps them all.
        public var diskBytes: Int?
        /// Bytes up to which a place is written in the same step as its turn's text.
        public var promptBytes = 16 << 20
        /// The wall clock, in seconds since 1970.
        public var now: @Sendable () -> Double

        public init(
            modelSource: String = "", systemPrompt: String? = nil, name: String? = nil,
            settings: [String: String] = [:],
            memoryBytes: Int = 256 << 20, diskBytes: Int? = nil,
            now: @escaping @Sendable () -> Double = WallClock.seconds
        ) {
            self.modelSource = modelSource
            self.systemPrompt = systemPrompt
            self.name = name
            self.settings = settings
            self.memoryBytes = memoryBytes
            self.diskBytes = diskBytes
            self.now = now
        }
    }

    /// Where the conversation stands after a move.
    public struct Place: Sendable {
        /// The session in the store; nil until there is one.
        public var session: SessionInfo?
        /// What has been said on the way here.
        public var messages: [ChatMessage]
        /// When each message was said, in seconds since 1970.
        public var times: [Double]
        /// What each answer took; nil of questions.
        public var metrics: [Metrics?]
        /// How many questions that are.
        public var turn: Int
        /// The turn's number, with a letter where another turn has the same.
        public var label: String
        public var tokensSeen: Int
        /// Bytes that the state took after its answer; 0 where nothing was measured.
        public var stateBytes = 0
        /// Tokens that were read again to get here.
        public var recomputedTokens: Int
        /// What to tell the reader.
        public var note: String
    }

    public nonisolated let engine: any ChatEngine
    let store: (any ChatStore)?
    let options: Options
    /// The session in the store; nil until its first turn is kept.
    public internal(set) var session: SessionInfo?
    /// The system prompt of this conversation; nil is the model's own.
    public internal(set) var systemPrompt: String?
    var timeline: Timeline?
    var lease: (any SessionLease)?
    /// The name for a session that is to be made.
    var newName: String?
    /// The name for the branch that the next turn begins.
    var newBranch: String?
    /// What went wrong with saving, which the reader has not been told.
    var problems: [ChatFailure] = []
    /// Whether the reader knows that turns are not being saved.
    var hasReportedProblem = false
    /// Why turns could not be saved; nil where the last try did.
    var savingFailure: ChatFailure?
    /// How many unsaved turns the reader was told of who wanted to leave.
    var unsavedTold = 0
    /// What is being saved in the background.
    var saving: Task<Void, Never>?
    /// Whether an answer is being made.
    var isAnswering = false

    /// A conversation that begins where `engine` stands.
    ///
    /// - Parameter store: where it is kept from its first turn on; nil keeps it in memory
    public init(_ engine: any ChatEngine, store: (any ChatStore)? = nil, options: Options = Options()) {
        self.engine = engine
        self.store = store
        self.options = options
        systemPrompt = options.systemPrompt
        newName = options.name
    }

    /// Stops the answer that is being made, or the reading of what was said before.
    public nonisolated func stop() {
        engine.stop()
    }

    /// Leaves the session, if there is one, and begins a new conversation.
    ///
    /// - Throws: `ChatFailure` where turns could not be saved: the second time they are left behind
    @discardableResult
    public func reset(systemPrompt: String?) async throws -> Place {
        try requireIdle("begin a new conversation")
        try await requireSaved("begin a new conversation")
        let left = session?.name
        await leave()
        await engine.reset(systemPrompt: systemPrompt)
        self.systemPrompt = systemPrompt
        let timeline = await currentTimeline()
        return place(
            in: timeline, recomputed: 0,
            note: "A new conversation: nothing before is remembered"
                + (left.map { ", and '\($0)' keeps it." } ?? ".")
                + (systemPrompt.map { " Its system prompt: \($0)" } ?? ""))
    }

    /// Lets go of the session once all of it is saved.
    func leave() async {
        await flush()
        (session, lease, timeline, newName, newBranch) = (nil, nil, nil, nil, nil)
        forgetSavingProblems()
    }

    /// The turns, beginning where the engine stands if there are none.
    func currentTimeline() async -> Timeline {
        if let timeline { return timeline }
        let checkpoint = await engine.checkpoint()
        // Something else may have begun it meanwhile.
        if let timeline { return timeline }
        let beginning = Timeline(
            beginning: content(.beginning, at: checkpoint), checkpoint: checkpoint, byteLimit: options.memoryBytes)
        timeline = beginning
        return beginning
    }

    /// What is kept of a turn that ends at `checkpoint`.
    func content(_ kind: TurnContent.Kind, at checkpoint: Checkpoint) -> TurnContent {
        TurnContent(
            kind: kind, question: "", answer: "", reason: .endOfTurn, fed: checkpoint.fed,
            resumption: checkpoint.resumption, tokensSeen: checkpoint.tokensSeen, created: options.now())
    }

    func place(in timeline: Timeline, recomputed: Int, note: String) -> Place {
        let turn = timeline.turns[timeline.current]
        let said = timeline.said(on: timeline.path)
        return Place(
            session: session, messages: said.map(\.message), times: said.map(\.created), metrics: said.map(\.metrics),
            turn: turn.depth, label: turn.label, tokensSeen: turn.content.tokensSeen,
            stateBytes: turn.content.metrics.stateBytes,
            recomputedTokens: recomputed, note: note)
    }

    /// Throws while an answer is being made: the engine can't go elsewhere meanwhile.
    func requireIdle(_ what: String) throws {
        guard !isAnswering else {
            throw ChatFailure(what: "can't \(what)", why: "an answer is being made", advice: "stop it first")
        }
    }
}
