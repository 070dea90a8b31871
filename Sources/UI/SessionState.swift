public import Chat

/// What the screen shows of the session that is kept.
public struct SessionState: Sendable, Equatable {
    public var name: String
    /// The name of the branch where it stands.
    public var branch: String?
    /// The label of the turn where it stands.
    public var turn: String?
    public var snapshots: SnapshotUsage?
    /// When its last turn was kept, in seconds since 1970.
    public var saved: Double?
    /// The turns around the one where it stands, as the timeline orders them.
    var recent: [TimelineTree.Line]

    /// Turns that are shown before the current one, and after it.
    private static let shown = (before: 6, after: 1)

    /// Turns before the current one that are shown.
    public static var turnsBefore: Int { shown.before }

    /// - Parameter rows: its turns, or those around the current one
    public init(
        name: String, branch: String? = nil, turn: String? = nil, snapshots: SnapshotUsage? = nil,
        saved: Double? = nil, rows: [TimelineRow] = []
    ) {
        self.name = name
        self.branch = branch
        self.turn = turn
        self.snapshots = snapshots
        self.saved = saved
        let lines = TimelineTree(rows).lines
        let current = lines.firstIndex { $0.row.isCurrent } ?? 0
        recent = Array(lines.prefix(current + 1 + Self.shown.after).suffix(Self.shown.before + 1 + Self.shown.after))
    }
}

/// What the snapshots of turns take.
public struct SnapshotUsage: Sendable, Equatable {
    /// How many the session has.
    public var count: Int
    /// Bytes of those that are in memory.
    public var memoryBytes: Int
    /// Bytes of those of all sessions on disk.
    public var diskBytes: Int
    /// The most bytes there may be on disk.
    public var diskLimit: Int?

    public init(count: Int, memoryBytes: Int, diskBytes: Int, diskLimit: Int? = nil) {
        self.count = count
        self.memoryBytes = memoryBytes
        self.diskBytes = diskBytes
        self.diskLimit = diskLimit
    }
}
