/// What a conversation needs of storage.
///
/// Every call either does all that it says or throws `ChatFailure` and changes nothing; what it has returned from is on
/// the disk.
public protocol ChatStore: Sendable {
    // MARK: Sessions

    /// All sessions, the one that was changed last first; with `text`, those whose name or turns have its words.
    func sessions(matching text: String?) async throws -> [SessionInfo]
    /// The session with this name, or whose ID begins so (six digits at least); nil if there is none.
    func session(named name: String) async throws -> SessionInfo?
    /// Makes a session with its first turn, which is a beginning.
    func create(_ session: NewSession, beginning: TurnContent, snapshot: EncodedSnapshot?) async throws
        -> (session: SessionInfo, beginning: TurnRecord)
    /// Makes a session with all its turns in one step, and takes it for writing.
    ///
    /// - Parameters:
    ///   - turns: each after its parent, the beginning first
    ///   - current: the index of the turn where it stands
    func importSession(_ session: NewSession, turns: [ImportedTurn], current: Int) async throws
        -> (session: SessionInfo, lease: any SessionLease)
    /// Makes a session of the turns that lead to `turn` of another one, which stands there and shares their snapshots.
    func fork(_ turn: TurnID, of session: SessionID, as fork: NewSession) async throws -> SessionInfo
    func rename(_ session: SessionID, to name: String) async throws
    /// Deletes a session and what only it needs.
    func remove(_ session: SessionID) async throws
    /// Turns that have all words, the best first.
    func search(_ words: String, in session: SessionID?, limit: Int) async throws -> [FoundTurn]

    /// Takes the session for writing until the lease is let go of; another process that has it is named in the failure.
    func lease(_ session: SessionID) async throws -> any SessionLease

    // MARK: Turns

    /// All turns of a session, each after its parent; one that is damaged says so, and the others stay readable.
    func turns(of session: SessionID) async throws -> [TurnRecord]
    /// One turn of a session; nil if it has no such turn.
    func turn(_ turn: TurnID, of session: SessionID) async throws -> TurnRecord?
    /// Adds a turn after `parent` and makes it the current one; text, tokens and snapshot come in one step.
    func append(
        _ content: TurnContent, after parent: TurnID, in lease: any SessionLease, snapshot: EncodedSnapshot?
    ) async throws -> TurnRecord
    /// Adds a snapshot to a turn that was kept without it; an older turn's place of the prompt may go for a new one.
    func attach(
        _ snapshot: EncodedSnapshot, as place: TurnPlace, of turn: TurnID, in lease: any SessionLease
    ) async throws -> SnapshotID
    /// Says where the session stands.
    func setCurrent(_ turn: TurnID, in lease: any SessionLease) async throws
    /// Names the branch that begins with a turn, or takes the name away.
    func setBranch(_ name: String?, of turn: TurnID, in lease: any SessionLease) async throws
    /// Bookmarks a turn, or takes the mark away; a bookmark's snapshot is never thinned out.
    func setBookmark(_ name: String?, of turn: TurnID, in lease: any SessionLease) async throws
    /// Deletes a turn and all after it; the current turn can't be among them.
    func removeTurn(_ turn: TurnID, in lease: any SessionLease) async throws
    /// Settings that go with the session, by name.
    func settings(of session: SessionID) async throws -> [String: String]
    func set(_ name: String, to value: String?, in lease: any SessionLease) async throws

    // MARK: Votes

    /// Keeps a vote; it stays when its turns go.
    func add(_ vote: Vote) async throws -> VoteRecord
    /// All votes, the last one first; one that is damaged says so.
    func votes() async throws -> [VoteRecord]
    /// Deletes a vote.
    func removeVote(_ id: Int64) async throws

    // MARK: Snapshots

    /// The files of a snapshot, checked as far as that takes no reading of pages.
    func files(of snapshot: SnapshotID) async throws -> SnapshotFiles
    /// Bytes of all snapshots on disk.
    func snapshotBytes() async throws -> Int
    /// Keeps the snapshots of all sessions within `bytes`: prompt places go first, then of each session every turn but
    /// every k-th with k growing; branch points, bookmarks, personas, current turns and beginnings stay. Returns how many
    /// bytes went.
    func thin(to bytes: Int) async throws -> Int
    /// Reads every file and row, and returns what is wrong, a line each; nothing is changed.
    func verify(_ session: SessionID?) async throws -> [String]
}

/// The right to write a session; letting go of it gives it back.
public protocol SessionLease: AnyObject, Sendable {
    var session: SessionID { get }
}
