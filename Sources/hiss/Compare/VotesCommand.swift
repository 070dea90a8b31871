import ArgumentParser
import Chat
import JSON
import Launch
import Screen
import UI

/// What was voted in comparisons.
struct VotesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "votes",
        abstract: "Count the votes of comparisons: how often each model is preferred.",
        discussion: """
            Votes are given in hiss compare (^X v, /vote). A win rate is of the votes that prefer one of the two; the \
            interval has the true rate with 95 % confidence (Wilson). Votes given without knowing which model is which \
            (hiss compare --blind) are worth more: --blind counts only those.
            """)

    @Flag(help: "Count only votes of readers who didn't know which model is which.")
    var blind = false

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup(title: "Notes") var notes: NoteFlags

    func run() async throws {
        let store = try SessionPlace.existing(in: .current)
        let records = try await SessionPlace.reportingErrors { try await store?.votes() } ?? []
        for record in records {
            guard let damage = record.damage else { continue }
            notes.note("vote \(record.id) is left out: \(damage)")
        }
        let votes = records.filter { $0.damage == nil && (!blind || $0.vote.isBlind) }.map(\.vote)
        let counts = VoteCount.all(votes)
        try Output.standardOutput.write(json ? Self.json(counts) : Array(text(counts).utf8))
    }

    private func text(_ counts: [VoteCount]) -> String {
        guard !counts.isEmpty else {
            return blind
                ? "No blind vote yet: hiss compare --blind asks for one (^X v).\n"
                : "No vote yet: hiss compare asks for one (^X v).\n"
        }
        let lines = counts.flatMap { count -> [String] in
            let names = Self.names(count)
            let width = names.map(\.count).max() ?? 0
            let head = "\(names[0]) and \(names[1]): \(Self.number(count.votes, "vote")), \(count.blind) of them blind"
            return [head]
                + names.indices.map { model in
                    "  " + names[model].padding(to: width) + "  " + Self.number(count.wins[model], "win")
                        + Self.rate(count.winRate(model))
                }
                + ["  as good \(count.ties), both bad \(count.bothBad)", ""]
        }
        return InertText.plain(lines.dropLast().map { $0 + "\n" }.joined())
    }

    private static func number(_ count: Int, _ word: String) -> String {
        "\(count) \(word)" + (count == 1 ? "" : "s")
    }

    /// `, 70.0 % of those that prefer one (95 %: 39.7 to 89.2)`.
    private static func rate(_ rate: Proportion?) -> String {
        guard let rate else { return "" }
        func percent(_ value: Double) -> String { DecimalText.fixed(value * 100, places: 1) }
        return ", \(percent(rate.value)) % of those that prefer one (95 %: \(percent(rate.low)) to "
            + "\(percent(rate.high)) %)"
    }

    /// The models' names; of two with one name, what tells them apart.
    private static func names(_ count: VoteCount) -> [String] {
        let names = count.models.map(\.name)
        return names[0] == names[1] ? count.models.map { "\($0.name) \($0.model.prefix(8))" } : names
    }

    private static func json(_ counts: [VoteCount]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("votes", counts.reduce(0) { $0 + $1.votes })
        json.field("confidence", 0.95)
        json.key("pairs")
        json.beginArray()
        for count in counts {
            json.beginObject()
            json.field("votes", count.votes)
            json.field("blind", count.blind)
            json.field("ties", count.ties)
            json.field("both_bad", count.bothBad)
            json.key("models")
            json.beginArray()
            for (index, model) in count.models.enumerated() {
                let rate = count.winRate(index)
                json.beginObject()
                json.field("name", model.name)
                json.field("fingerprint", model.model)
                json.field("wins", count.wins[index])
                json.field("win_rate", rate?.value)
                json.field("win_rate_low", rate?.low)
                json.field("win_rate_high", rate?.high)
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.newline()
        return json.drain()
    }
}
