import Chat
import Foundation
import GRDB

/// A vote's row; its digest is over its ID and all that never changes: the turns may go.
struct VoteRow {
    var record: VoteRecord

    private static let columns = [
        "question", "answer_a", "model_a_name", "model_a", "tokenizer_a", "answer_b", "model_b_name", "model_b",
        "tokenizer_b", "choice", "is_blind", "created",
    ]

    /// Reads a row; where it doesn't fit its digest, the record says so.
    init(_ row: Row) {
        func text(_ name: String) -> String { row.read(name, StoredText.self)?.text ?? "" }
        func side(_ letter: String) -> Vote.Side {
            Vote.Side(
                model: ModelIdentity(
                    name: text("model_\(letter)_name"), model: text("model_\(letter)"),
                    tokenizer: text("tokenizer_\(letter)")),
                answer: text("answer_\(letter)"), turn: row.read("turn_\(letter)", Int64.self).map { TurnID($0) })
        }
        let id: Int64 = row.read("id") ?? 0
        let choice = Vote.Choice(rawValue: text("choice"))
        record = VoteRecord(
            id: id,
            vote: Vote(
                question: text("question"), a: side("a"), b: side("b"), choice: choice ?? .tie,
                isBlind: row.read("is_blind") ?? false, created: row.read("created") ?? 0))
        if row.read("digest", Data.self) != Self.digest(Self.columns.map { row.stored($0) }, id: id) {
            record.damage = "vote \(id) does not fit its SHA-256"
        } else if choice == nil {
            record.damage = "vote \(id) has a choice that this program can't read"
        }
    }

    /// Inserts a vote, which gets its ID.
    static func insert(_ vote: Vote, _ database: Database) throws -> VoteRecord {
        let names = columns + ["turn_a", "turn_b", "digest"]
        let values = values(of: vote)
        var all = values
        all.append(vote.a.turn?.rawValue)
        all.append(vote.b.turn?.rawValue)
        all.append(Data())
        try database.execute(
            sql: "INSERT INTO vote (\(names.joined(separator: ", ")))"
                + " VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))",
            arguments: StatementArguments(all))
        let id = database.lastInsertedRowID
        try database.execute(
            sql: "UPDATE vote SET digest = ? WHERE id = ?", arguments: [digest(values, id: id), id])
        return VoteRecord(id: id, vote: vote)
    }

    /// The values of `columns`, in their order.
    private static func values(of vote: Vote) -> [(any DatabaseValueConvertible)?] {
        var values: [(any DatabaseValueConvertible)?] = [StoredText(vote.question)]
        for side in [vote.a, vote.b] {
            for text in [side.answer, side.model.name, side.model.model, side.model.tokenizer] {
                values.append(StoredText(text))
            }
        }
        values.append(vote.choice.rawValue)
        values.append(vote.isBlind)
        values.append(vote.created)
        return values
    }

    private static func digest(_ values: [(any DatabaseValueConvertible)?], id: Int64) -> Data {
        var digest = RecordDigest()
        digest.add(id)
        for value in values { digest.add(value) }
        return Data(digest.finish())
    }
}
