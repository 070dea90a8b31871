/// What the screen shows of the session that is kept.
public struct SessionState: Sendable, Equatable {
    public var name: String
    /// The name of the branch where it stands.
    public var branch: String?
    /// The label of the turn where it stands.
    public var turn: String?
    public var snapshots: SnapshotUsage?

    public init(name: String, branch: String? = nil, turn: String? = nil, snapshots: SnapshotUsage? = nil) {
        self.name = name
        self.branch = branch
        self.turn = turn
        self.snapshots = snapshots
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
