import Chat
import GRDB

/// Which snapshots go, so that the others fit into a number of bytes.
struct Thinning {
    private struct Turn {
        var id: Int64
        var session: Int64
        /// Turns between it and the beginning.
        var depth: Int
        var snapshot: Int64?
        var promptSnapshot: Int64?
        /// Whether it is a branch point, bookmarked, the current one, a beginning or a persona's; or a merge, which no
        /// text stands for that could be read again.
        var isKept: Bool
        var isCurrent: Bool
    }

    /// Bytes that have still to go.
    private var excess: Int
    /// All turns, those of the session that was changed longest ago first, each after its parent.
    private var turns: [Turn] = []
    /// How many turns' places a snapshot is, by its row.
    private var uses: [Int64: Int] = [:]
    /// How many kept snapshots a page is part of, by its row.
    private var pageUses: [Int64: Int] = [:]
    private var bytes: [Int64: Int] = [:]
    private var pageBytes: [Int64: Int] = [:]
    private var pages: [Int64: Set<Int64>] = [:]
    /// What goes, by the turn's row.
    private(set) var dropped: [Int64: Set<TurnPlace>] = [:]
    /// Rows of the sessions that lose something.
    private(set) var touched: Set<Int64> = []

    /// Reads what there is.
    ///
    /// - Parameter excess: bytes that are too many
    init(_ database: Database, excess: Int) throws {
        self.excess = excess
        try readTurns(database)
        bytes = try Self.sizes("snapshot", database)
        pageBytes = try Self.sizes("page", database)
        let links = try Row.fetchCursor(database, sql: "SELECT DISTINCT snapshot, page FROM snapshot_page")
        while let link = try links.next() {
            guard let snapshot = link.read("snapshot", Int64.self), let page = link.read("page", Int64.self) else {
                continue
            }
            pages[snapshot, default: []].insert(page)
            pageUses[page, default: 0] += 1
        }
    }

    private static func sizes(_ table: String, _ database: Database) throws -> [Int64: Int] {
        let rows = try Row.fetchAll(database, sql: "SELECT id, bytes FROM \(table)")
        return Dictionary(rows.map { ($0.read("id") ?? 0, $0.read("bytes") ?? 0) }) { $1 }
    }

    private mutating func readTurns(_ database: Database) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT turn.id AS id, turn.session AS session, parent, snapshot, prompt_snapshot,
                    session.current IS turn.id AS is_current, is_persona, bookmark IS NOT NULL AS is_marked,
                    kind = '\(TurnContent.Kind.merge.rawValue)' AS is_merge,
                    (SELECT count(*) FROM turn next WHERE next.parent = turn.id) AS next_count
                FROM session JOIN turn ON turn.session = session.row ORDER BY session.change_number, turn.id
                """)
        var depths: [Int64: Int] = [:]
        while let row = try rows.next() {
            let parent = row.read("parent", Int64.self)
            let depth = parent.map { (depths[$0] ?? 0) + 1 } ?? 0
            let isCurrent = row.read("is_current") ?? false
            let isKept =
                isCurrent || parent == nil || row.read("is_persona") ?? false || row.read("is_marked") ?? false
                || row.read("is_merge") ?? false || row.read("next_count") ?? 0 > 1
            let turn = Turn(
                id: row.read("id") ?? 0, session: row.read("session") ?? 0, depth: depth,
                snapshot: row.read("snapshot"),
                promptSnapshot: row.read("prompt_snapshot"), isKept: isKept, isCurrent: isCurrent)
            depths[turn.id] = depth
            turns.append(turn)
            for snapshot in [turn.snapshot, turn.promptSnapshot].compactMap({ $0 }) { uses[snapshot, default: 0] += 1 }
        }
    }

    /// Chooses what goes: it stops as soon as the rest fits.
    ///
    /// Places of prompts go first, but for current turns', which the next `/regen` wants. Then every turn goes but each
    /// second, fourth, eighth … of a session, so that no replay is longer than it has to be.
    mutating func run() {
        for turn in turns where !turn.isCurrent { drop(.prompt, of: turn) }
        let deepest = turns.map(\.depth).max() ?? 0
        var step = 2
        while excess > 0 && step / 2 <= deepest {
            for turn in turns where !turn.isKept && !turn.depth.isMultiple(of: step) { drop(.answer, of: turn) }
            step *= 2
        }
        for turn in turns where turn.isCurrent { drop(.prompt, of: turn) }
    }

    private mutating func drop(_ place: TurnPlace, of turn: Turn) {
        guard excess > 0, let snapshot = place == .answer ? turn.snapshot : turn.promptSnapshot,
            dropped[turn.id, default: []].insert(place).inserted
        else { return }
        touched.insert(turn.session)
        uses[snapshot, default: 1] -= 1
        guard uses[snapshot] == 0 else { return }
        excess -= bytes[snapshot] ?? 0
        for page in pages[snapshot] ?? [] {
            pageUses[page, default: 1] -= 1
            if pageUses[page] == 0 { excess -= pageBytes[page] ?? 0 }
        }
    }
}
