import ArgumentParser
import Chat
import JSON
import Launch
import Screen

/// The sessions there are.
struct SessionListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the sessions, the one that was changed last first.")

    @Flag(help: "One JSON array.")
    var json = false

    func run() async throws {
        let store = try SessionPlace.existing(in: .current)
        let sessions = try await SessionPlace.reportingErrors { try await store?.sessions(matching: nil) } ?? []
        guard json else { return try Output.standardOutput.write(SessionListing.text(sessions)) }
        var json = JSONWriter()
        json.beginArray()
        for session in sessions { json.write(session) }
        json.endArray()
        json.newline()
        try Output.standardOutput.write(json.drain())
    }
}

/// One session with its turns.
struct SessionShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a session and its turns: @ where it stands, o on the way there, | elsewhere.",
        discussion: "What was said is in: hiss session export NAME --format txt")

    @OptionGroup var session: SessionArgument

    @Flag(help: "One JSON object.")
    var json = false

    func run() async throws {
        let (_, info, timeline) = try await session.timeline()
        guard json else { return try Output.standardOutput.write(text(info, timeline)) }
        var json = JSONWriter()
        json.beginObject()
        json.fields(of: info)
        json.key("timeline")
        json.beginArray()
        for row in timeline.rows { json.write(row) }
        json.endArray()
        json.endObject()
        json.newline()
        try Output.standardOutput.write(json.drain())
    }

    private func text(_ info: SessionInfo, _ timeline: Timeline) -> String {
        let facts = [
            ("name", info.name), ("id", info.id.description), ("model", "\(info.model.name) (-m \(info.modelSource))"),
            ("system", info.systemPrompt ?? "the model's own"), ("created", WallClockText.text(info.created)),
            ("changed", WallClockText.text(info.changed)),
            ("kind", info.isPersona ? "persona" : "session"), ("tokens seen", "\(info.tokensSeen)"),
            ("snapshots", "\(info.snapshotBytes) bytes"),
        ]
        let head = facts.map { $0 + String(repeating: " ", count: 13 - $0.count) + InertText.plain($1) + "\n" }
        return head.joined() + "\n" + InertText.plain(timeline.listing) + "\n"
    }
}

/// Turns in which words were said.
struct SessionSearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Find turns in which all these words were said, the best first.")

    @Argument(help: "The words.")
    var words: [String]

    @Option(
        name: .customLong("in"), help: ArgumentHelp("Only in this session.", valueName: "name"),
        completion: SessionNames.completion)
    var session: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The most turns.", valueName: "n"))
    var limit = 20

    @Flag(help: "One JSON array.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit has to be 1 or more, not \(limit)") }
    }

    func run() async throws {
        let store = try SessionPlace.existing(in: .current)
        var only: SessionID?
        if let session { only = try await SessionPlace.session(named: session, in: store).id }
        let (text, place, limit) = (words.joined(separator: " "), only, limit)
        let found =
            try await SessionPlace.reportingErrors {
                try await store?.search(text, in: place, limit: limit)
            } ?? []
        guard json else {
            let lines = found.map { "\($0.sessionName): \(SessionListing.excerpt($0))" }
            return try Output.standardOutput.write(lines.map { InertText.plain($0) + "\n" }.joined())
        }
        var json = JSONWriter()
        json.beginArray()
        for turn in found {
            json.beginObject()
            json.field("session", turn.sessionName)
            json.field("id", turn.session.description)
            json.field("turn", Int(turn.turn.rawValue))
            json.field("excerpt", SessionListing.excerpt(turn))
            json.endObject()
        }
        json.endArray()
        json.newline()
        try Output.standardOutput.write(json.drain())
    }
}
