/// A turn as the timeline lists it.
public struct TimelineRow: Sendable, Equatable {
    /// Its number, with a letter where another turn has the same: `2`, `2b`.
    public var label: String
    /// The label of the turn before; nil for the beginning.
    public var parent: String?
    public var kind: TurnContent.Kind
    public var question: String
    public var answer: String
    /// Tokens of the answer.
    public var tokens: Int
    /// Tokens that the state has read after it.
    public var tokensSeen: Int
    /// Bytes of its snapshot; nil where there is none, so that going there reads its turns again.
    public var snapshotBytes: Int?
    /// The beginning of its snapshot's digest; empty where nothing is kept on disk.
    public var digest: String
    /// Seconds since 1970; nil where no store keeps it.
    public var created: Double?
    /// The name of the branch that begins with it.
    public var branch: String?
    public var bookmark: String?
    public var isCurrent: Bool
    /// Whether it is on the way from the beginning to the current turn.
    public var isOnPath: Bool

    public init(
        label: String, parent: String?, kind: TurnContent.Kind = .reply, question: String, answer: String,
        tokens: Int = 0, tokensSeen: Int = 0, snapshotBytes: Int? = nil, digest: String = "", created: Double? = nil,
        branch: String? = nil, bookmark: String? = nil, isCurrent: Bool = false, isOnPath: Bool = false
    ) {
        self.label = label
        self.parent = parent
        self.kind = kind
        self.question = question
        self.answer = answer
        self.tokens = tokens
        self.tokensSeen = tokensSeen
        self.snapshotBytes = snapshotBytes
        self.digest = digest
        self.created = created
        self.branch = branch
        self.bookmark = bookmark
        self.isCurrent = isCurrent
        self.isOnPath = isOnPath
    }

    /// What was asked, in one line.
    public var title: String {
        switch kind {
        case .beginning: "(the beginning)"
        case .merge: "(merged)"
        case .continuation: "(goes on) " + Self.line(answer)
        case .reply: Self.line(question)
        }
    }

    private static func line(_ text: String) -> String {
        text.split(maxSplits: 40, whereSeparator: \.isWhitespace).prefix(40).joined(separator: " ")
    }
}
