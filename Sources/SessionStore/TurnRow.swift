import Chat
import Foundation
import GRDB

/// A turn's row; one digest is over what never changes, and a second over that one and the rest.
struct TurnRow {
    var record: TurnRecord
    /// The session's ID, which the digest covers.
    var session: SessionID
    /// SHA-256 over the turn's place and content.
    var contentDigest: Data

    /// Rows of turns with their session's ID and their snapshots' digests.
    static let selection = """
        SELECT turn.*, session.id AS session_id, after.digest AS snapshot_digest, prompt.digest AS prompt_digest
        FROM turn JOIN session ON session.row = turn.session
        LEFT JOIN snapshot after ON after.id = turn.snapshot
        LEFT JOIN snapshot prompt ON prompt.id = turn.prompt_snapshot
        """

    /// What never changes of a turn, and the first digest covers beside its ID and its session's.
    private static let contentColumns = [
        "parent", "kind", "question", "answer", "reason", "prompt", "chunk_size", "completion", "resumption", "options",
        "metrics", "tokens_seen", "created",
    ]

    /// Reads a row; where it doesn't fit its digests, the record says so.
    init(_ row: Row) {
        let id = TurnID(row.read("id") ?? 0)
        let content = Self.content(row)
        session = SessionID(row.read("session_id", StoredText.self)?.text ?? "")
        record = TurnRecord(
            id: id, parent: row.read("parent", Int64.self).map { TurnID($0) },
            content: content ?? Self.unreadable,
            branch: row.read("branch", StoredText.self)?.text, bookmark: row.read("bookmark", StoredText.self)?.text,
            snapshot: row.read("snapshot_digest", StoredText.self).map { SnapshotID($0.text) },
            promptSnapshot: row.read("prompt_digest", StoredText.self).map { SnapshotID($0.text) })
        contentDigest = row.read("content_digest") ?? Data()
        if contentDigest != Self.digest(Self.contentColumns.map { row.stored($0) }, id: id, session: session) {
            record.damage = "turn \(id.rawValue) does not fit its SHA-256"
        } else if row.read("digest", Data.self) != digest {
            record.damage = "the marks or snapshots of turn \(id.rawValue) don't fit their SHA-256"
        } else if content == nil {
            record.damage = "turn \(id.rawValue) has something that this program can't read"
        }
    }

    /// The row of a turn that is to be inserted after another; it gets its own ID then.
    init(_ record: TurnRecord, after parent: TurnID?, in session: SessionID) {
        self.record = record
        self.record.parent = parent
        self.session = session
        contentDigest = Data()
    }

    /// Reads the turn with an ID; nil if there is none.
    static func fetch(_ database: Database, _ id: TurnID) throws -> TurnRow? {
        try Row.fetchOne(database, sql: selection + " WHERE turn.id = ?", arguments: [id.rawValue]).map { TurnRow($0) }
    }

    /// What stands for a content that can't be read.
    private static let unreadable = TurnContent(
        kind: .reply, question: "", answer: "", reason: .cancelled, fed: FedTokens(chunkSize: 1), resumption: "",
        tokensSeen: 0, created: 0)

    private static func content(_ row: Row) -> TurnContent? {
        func text(_ name: String) -> String? { row.read(name, StoredText.self)?.text }
        guard let kind = text("kind").flatMap({ TurnContent.Kind(rawValue: $0) }), let question = text("question"),
            let answer = text("answer"), let reason = text("reason").flatMap({ FinishReason(rawValue: $0) }),
            let prompt = row.read("prompt", Data.self).flatMap({ [Int32](stored: $0) }),
            let completion = row.read("completion", Data.self).flatMap({ [Int32](stored: $0) }),
            let resumption = text("resumption"),
            let options = try? text("options").map(OptionsCoding.options),
            let metrics = try? text("metrics").map(OptionsCoding.metrics)
        else { return nil }
        return TurnContent(
            kind: kind, question: question, answer: answer, reason: reason,
            fed: FedTokens(prompt: prompt, chunkSize: row.read("chunk_size") ?? 0, completion: completion),
            resumption: resumption, options: options, metrics: metrics, tokensSeen: row.read("tokens_seen") ?? 0,
            created: row.read("created") ?? 0)
    }

    /// Inserts the row into the session with number `sessionRow`; it gets its ID.
    mutating func insert(_ database: Database, sessionRow: Int64) throws {
        let names = Self.contentColumns + ["session", "content_digest", "digest"]
        try database.execute(
            sql: "INSERT INTO turn (\(names.joined(separator: ", ")))"
                + " VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))",
            arguments: StatementArguments(contentValues + [sessionRow, Data(), Data()]))
        record.id = TurnID(database.lastInsertedRowID)
        contentDigest = Self.digest(contentValues, id: record.id, session: session)
        try database.execute(
            sql: "UPDATE turn SET content_digest = ? WHERE id = ?", arguments: [contentDigest, record.id.rawValue])
        try updateMarks(database)
    }

    /// Writes what may change of a turn, with the digest over it.
    func updateMarks(_ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE turn SET branch = ?, bookmark = ?,
                    snapshot = (SELECT id FROM snapshot WHERE digest = ?),
                    prompt_snapshot = (SELECT id FROM snapshot WHERE digest = ?), digest = ?
                WHERE id = ?
                """,
            arguments: [
                record.branch.map { StoredText($0) }, record.bookmark.map { StoredText($0) },
                record.snapshot?.description, record.promptSnapshot?.description, digest, record.id.rawValue,
            ])
    }

    /// The values of `contentColumns`, in their order.
    private var contentValues: [(any DatabaseValueConvertible)?] {
        let content = record.content
        return [
            record.parent?.rawValue, content.kind.rawValue, StoredText(content.question), StoredText(content.answer),
            content.reason.rawValue, content.fed.prompt.stored, content.fed.chunkSize, content.fed.completion.stored,
            StoredText(content.resumption), OptionsCoding.encode(content.options),
            OptionsCoding.encode(content.metrics),
            content.tokensSeen, content.created,
        ]
    }

    private static func digest(
        _ values: [(any DatabaseValueConvertible)?], id: TurnID, session: SessionID
    ) -> Data {
        var digest = RecordDigest()
        digest.add(session.description)
        digest.add(id.rawValue)
        for value in values { digest.add(value) }
        return Data(digest.finish())
    }

    private var digest: Data {
        var digest = RecordDigest()
        digest.add(contentDigest)
        digest.add(record.branch.map { StoredText($0) })
        digest.add(record.bookmark.map { StoredText($0) })
        digest.add(record.snapshot?.description)
        digest.add(record.promptSnapshot?.description)
        return Data(digest.finish())
    }
}
