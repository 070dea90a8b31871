import Chat
import Foundation
import GRDB

/// A session's row; its digest is over all other columns.
struct SessionRow {
    var row: Int64
    /// What lists show; `tokensSeen` is not in the row.
    var info: SessionInfo
    /// Which of all sessions' changes the last one was: the order of lists, whatever the clock says.
    var changeNumber: Int64
    var settings: [String: String]
    /// How many rows its turns have, the beginning's among them.
    var turnRows: Int {
        didSet { info.turns = max(0, turnRows - 1) }
    }

    /// Rows of sessions with the tokens seen where each stands.
    static let selection = """
        SELECT session.*, turn.tokens_seen AS tokens_seen FROM session LEFT JOIN turn ON turn.id = session.current
        """

    private static let columns = [
        "id", "name", "model_name", "model", "tokenizer", "model_source", "system_prompt", "is_persona", "created",
        "changed", "change_number", "current", "turns", "first_words", "snapshot_bytes", "settings",
    ]

    /// Reads a row as it is, damaged or not.
    init(unchecked row: Row) {
        func text(_ name: String) -> String { row.read(name, StoredText.self)?.text ?? "" }
        self.row = row.read("row") ?? 0
        turnRows = row.read("turns") ?? 0
        info = SessionInfo(
            id: SessionID(text("id")), name: text("name"),
            model: ModelIdentity(name: text("model_name"), model: text("model"), tokenizer: text("tokenizer")),
            modelSource: text("model_source"), systemPrompt: row.read("system_prompt", StoredText.self)?.text,
            isPersona: row.read("is_persona") ?? false, created: row.read("created") ?? 0,
            changed: row.read("changed") ?? 0, turns: max(0, turnRows - 1),
            current: row.read("current", Int64.self).map { TurnID($0) }, tokensSeen: row.read("tokens_seen") ?? 0,
            snapshotBytes: row.read("snapshot_bytes") ?? 0, firstWords: text("first_words"))
        changeNumber = row.read("change_number") ?? 0
        settings = (try? OptionsCoding.settings(text("settings"))) ?? [:]
    }

    /// Reads a row and compares it with its digest.
    init(_ row: Row) throws {
        self.init(unchecked: row)
        guard row.read("digest", Data.self) == Self.digest(Self.columns.map { row.stored($0) }) else {
            throw ChatFailure(
                what: "the session '\(info.name)' is damaged",
                why: "its record does not fit its SHA-256 (session \(info.id)); its turns and files are untouched",
                advice: "hiss session verify")
        }
    }

    /// A row that is to be inserted, of a session without turns.
    init(_ info: SessionInfo, settings: [String: String], changeNumber: Int64) {
        row = 0
        turnRows = 0
        self.info = info
        self.changeNumber = changeNumber
        self.settings = settings
    }

    /// The session with an ID.
    static func fetch(_ database: Database, _ id: SessionID) throws -> SessionRow {
        guard
            let row = try Row.fetchOne(
                database, sql: selection + " WHERE session.id = ?", arguments: [StoredText(id.description)])
        else {
            throw ChatFailure(
                what: "there is no session \(id)", why: "it was deleted, or it is in another store",
                advice: "hiss session list")
        }
        return try SessionRow(row)
    }

    /// The number of the next change of any session.
    static func nextChange(_ database: Database) throws -> Int64 {
        (try Int64.fetchOne(database, sql: "SELECT max(change_number) FROM session") ?? 0) + 1
    }

    /// Takes a turn in that was added, which becomes the current one.
    mutating func count(_ turn: TurnRecord) {
        turnRows += 1
        info.current = turn.id
        info.tokensSeen = turn.content.tokensSeen
        if info.firstWords.isEmpty { info.firstWords = Self.firstWords(turn.content) }
    }

    /// The first line of a question, no longer than lists can show.
    static func firstWords(_ content: TurnContent) -> String {
        let line = content.question.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) } ?? ""
        return String(line.prefix(200))
    }

    /// Inserts the row, which gets its number.
    mutating func insert(_ database: Database) throws {
        let names = Self.columns + ["digest"]
        try database.execute(
            sql: "INSERT INTO session (\(names.joined(separator: ", ")))"
                + " VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))",
            arguments: StatementArguments(values + [Self.digest(values)]))
        row = database.lastInsertedRowID
    }

    /// Writes the row as changed at `time`.
    mutating func update(_ database: Database, at time: Double) throws {
        changeNumber = try Self.nextChange(database)
        info.changed = time
        try rewrite(database)
    }

    /// Writes the row without a change that users would call one.
    func rewrite(_ database: Database) throws {
        let assignments = (Self.columns + ["digest"]).map { "\($0) = ?" }.joined(separator: ", ")
        try database.execute(
            sql: "UPDATE session SET \(assignments) WHERE row = ?",
            arguments: StatementArguments(values + [Self.digest(values), row]))
    }

    /// The columns' values, in their order.
    private var values: [(any DatabaseValueConvertible)?] {
        [
            StoredText(info.id.description), StoredText(info.name), StoredText(info.model.name),
            StoredText(info.model.model), StoredText(info.model.tokenizer), StoredText(info.modelSource),
            info.systemPrompt.map { StoredText($0) }, info.isPersona, info.created, info.changed, changeNumber,
            info.current?.rawValue, turnRows, StoredText(info.firstWords), info.snapshotBytes,
            StoredText(OptionsCoding.encode(settings)),
        ]
    }

    private static func digest(_ values: [(any DatabaseValueConvertible)?]) -> Data {
        var digest = RecordDigest()
        for value in values { digest.add(value) }
        return Data(digest.finish())
    }
}
