import ArgumentParser
import Chat
import JSON
import Launch
import Screen
import UI

/// How two turns of a session differ.
struct SessionDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare the states of two turns: how far each layer changed, and what each would say next.")

    @OptionGroup var session: SessionArgument
    @Argument(help: ArgumentHelp("A turn, bookmark or branch (default: the turn before the other).", valueName: "from"))
    var from: String?
    @Argument(help: ArgumentHelp("Another (default: where the session stands).", valueName: "to"))
    var to: String?

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var options: SessionModelOptions

    func run() async throws {
        let chat = try await options.open(session).chat
        let (from, to) = (from, to)
        let difference = try await SessionPlace.reportingErrors { try await chat.diff(from, to) }
        guard json else { return try Output.standardOutput.write(InertText.plain(difference.report) + "\n") }
        var json = JSONWriter()
        json.write(difference)
        json.newline()
        try Output.standardOutput.write(json.drain())
    }
}

/// Mixes two states.
struct SessionMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "EXPERIMENT: mix the state of another turn into where a session stands, as a new turn.",
        discussion: "Each layer's memory is linear, the whole network is not: nothing says that the result makes sense."
    )

    @OptionGroup var session: SessionArgument
    @Argument(help: ArgumentHelp("The other turn, bookmark or branch.", valueName: "turn"))
    var turn: String
    @Option(parsing: .unconditional, help: ArgumentHelp("How much of the other one, from 0 to 1.", valueName: "w"))
    var weight = 0.5

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var options: SessionModelOptions

    func validate() throws {
        guard (0...1).contains(weight) else { throw ValidationError("--weight has to be from 0 to 1, not \(weight)") }
    }

    func run() async throws {
        let chat = try await options.open(session).chat
        let (turn, weight) = (turn, weight)
        let place = try await SessionPlace.reportingErrors { try await chat.merge(turn, weight: weight) }
        try await OneAnswer.keep(chat)
        guard json else { return try Output.standardOutput.write(InertText.plain(place.note) + "\n") }
        var json = JSONWriter()
        json.write(place, merging: turn, weight: weight)
        json.newline()
        try Output.standardOutput.write(json.drain())
    }
}

/// Reads again what can't be opened.
struct SessionReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Read again what was said where a snapshot is missing or damaged, and keep it anew.")

    @OptionGroup var session: SessionArgument
    @OptionGroup var options: SessionModelOptions

    func run() async throws {
        let opened = try await options.open(session, replaying: true)
        try await OneAnswer.keep(opened.chat)
        let read = opened.place?.recomputedTokens ?? 0
        let text =
            read == 0
            ? "nothing had to be read again" : "\(read) tokens read again in \(Int(opened.milliseconds.rounded())) ms"
        try Output.standardOutput.write(text + "\n")
    }
}

/// Reads every byte that is kept.
struct SessionVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read every row and snapshot of a session, or of all, and say what is wrong.")

    @Argument(
        help: ArgumentHelp("The session's name (default: all sessions).", valueName: "name"),
        completion: SessionNames.completion)
    var session: String?

    @Flag(help: "One JSON object.")
    var json = false

    func run() async throws {
        guard let store = try SessionPlace.existing(in: .current) else {
            guard !json else { return try write([]) }
            return try Output.standardOutput.write("nothing is kept yet\n")
        }
        var only: SessionID?
        if let session { only = try await SessionPlace.session(named: session, in: store).id }
        let id = only
        let problems = try await SessionPlace.reportingErrors { try await store.verify(id) }
        if json { try write(problems) }
        guard problems.isEmpty else {
            throw LaunchError(
                .session, problems.count == 1 ? "one thing is wrong" : "\(problems.count) things are wrong",
                why: problems.joined(separator: "\n"), advice: "hiss session replay NAME")
        }
        if !json { try Output.standardOutput.write("all right\n") }
    }

    private func write(_ problems: [String]) throws {
        var json = JSONWriter()
        json.beginObject()
        json.field("ok", problems.isEmpty)
        json.field("session", session)
        json.field("problems", problems)
        json.endObject()
        json.newline()
        try Output.standardOutput.write(json.drain())
    }
}
