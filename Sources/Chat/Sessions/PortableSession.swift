/// A session with its turns and their places, apart from any store: what one file holds.
public struct PortableSession: Sendable {
    /// Makes a turn's place when it is wanted: all of a session's together may take more memory than there is.
    public typealias Place = @Sendable () async throws -> Checkpoint

    /// A turn, and its place if that is kept.
    public struct Turn: Sendable {
        /// The index of the turn before; nil for the beginning.
        public var parent: Int?
        public var content: TurnContent
        public var branch: String?
        public var bookmark: String?
        public var checkpoint: Place?

        public init(
            parent: Int?, content: TurnContent, branch: String? = nil, bookmark: String? = nil,
            checkpoint: Place? = nil
        ) {
            self.parent = parent
            self.content = content
            self.branch = branch
            self.bookmark = bookmark
            self.checkpoint = checkpoint
        }
    }

    public var name: String
    public var modelSource: String
    /// The system prompt that it began with; nil is the model's own.
    public var systemPrompt: String?
    /// Each after its parent.
    public var turns: [Turn]
    /// The index of the turn where it stands.
    public var current: Int

    public init(name: String, modelSource: String, systemPrompt: String?, turns: [Turn], current: Int) {
        self.name = name
        self.modelSource = modelSource
        self.systemPrompt = systemPrompt
        self.turns = turns
        self.current = current
    }
}
