package import Chat
import GRDB

extension SQLiteStore {
    /// Marks around found words in excerpts: Unicode's isolates, which change nothing where they are shown.
    private static let marks = (begin: "\u{2068}", end: "\u{2069}")

    /// The best first by BM25; a session's own turns are picked from them.
    static let search = """
        SELECT turn_text.rowid AS id, snippet(turn_text, -1, ?, ?, '…', 12) AS excerpt,
            session.id AS session_id, session.name AS name
        FROM turn_text CROSS JOIN turn ON turn.id = turn_text.rowid CROSS JOIN session ON session.row = turn.session
        WHERE turn_text MATCH ? AND (?4 IS NULL OR session.id = ?4) ORDER BY turn_text.rank LIMIT ?
        """

    package func search(_ words: String, in session: SessionID?, limit: Int) async throws -> [FoundTurn] {
        let words = SearchWords(words)
        guard !words.isEmpty else { return [] }
        return try await perform("search the turns") { [self] in
            try database.read { database in
                let rows = try Row.fetchAll(
                    database, sql: Self.search,
                    arguments: [
                        Self.marks.begin, Self.marks.end, words.pattern, session?.description, max(0, limit),
                    ])
                return rows.map { row in
                    FoundTurn(
                        session: SessionID(row.read("session_id") ?? ""),
                        sessionName: row.read("name", StoredText.self)?.text ?? "", turn: TurnID(row.read("id") ?? 0),
                        excerpt: row.read("excerpt") ?? "")
                }
            }
        }
    }

    /// The rows of sessions of which a turn has all words.
    static func sessions(withTurnsMatching words: SearchWords, in database: Database) throws -> Set<Int64> {
        Set(
            try Int64.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT turn.session FROM turn_text CROSS JOIN turn ON turn.id = turn_text.rowid
                    WHERE turn_text MATCH ?
                    """, arguments: [words.pattern]))
    }
}
