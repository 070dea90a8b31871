import ArgumentParser
import Chat
import Glibc
import Launch
import Screen

/// Gives a session another name.
struct SessionRenameCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "rename", abstract: "Give a session another name.")

    @OptionGroup var session: SessionArgument
    @Argument(help: ArgumentHelp("Its name from now on.", valueName: "new name"))
    var name: String

    func run() async throws {
        let (store, info) = try await session.find()
        try await SessionPlace.reportingErrors { try await store.rename(info.id, to: name) }
    }
}

/// Begins a session from a turn of another one.
struct SessionForkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fork", abstract: "Begin a session from a turn of another one; what was said so far is in both.",
        discussion: "Prints the new session's name.")

    @OptionGroup var session: SessionArgument
    @Argument(help: ArgumentHelp("The new session's name (default: the date).", valueName: "new name"))
    var name: String?

    @Option(help: ArgumentHelp("The turn, a bookmark or a branch (default: where it stands).", valueName: "turn"))
    var turn: String?

    func run() async throws {
        let (store, info, timeline) = try await session.timeline()
        let index = turn.map { timeline.turn(named: $0) } ?? timeline.current
        guard let index, let id = timeline.turns[index].id else {
            throw LaunchError(
                .session, "'\(info.name)' has no turn '\(turn ?? "")'", advice: "hiss session show \(info.name)")
        }
        let name = name
        let fork = try await SessionPlace.reportingErrors {
            try await store.fork(
                id, of: info.id,
                as: NewSession(
                    name: name, model: info.model, modelSource: info.modelSource, systemPrompt: info.systemPrompt))
        }
        try Output.standardOutput.write(InertText.plain(fork.name) + "\n")
    }
}

/// Deletes sessions.
struct SessionRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Delete sessions, with all their turns and snapshots.")

    @Argument(
        help: ArgumentHelp("The sessions' names.", valueName: "name"), completion: SessionNames.completion)
    var sessions: [String]

    @Flag(help: "Don't ask.")
    var yes = false

    func run() async throws {
        let store = try SessionPlace.open(in: .current)
        // All names are right before anything goes.
        var found: [SessionInfo] = []
        for name in sessions { found.append(try await SessionPlace.session(named: name, in: store)) }
        for session in found {
            guard try yes || confirms(session) else { continue }
            try await SessionPlace.reportingErrors { try await store.remove(session.id) }
        }
    }

    /// Asks on a terminal; elsewhere there is nobody to ask.
    private func confirms(_ session: SessionInfo) throws -> Bool {
        guard isatty(STDIN_FILENO) == 1, Output.standardError.isTerminal else {
            throw LaunchError(
                .usage, "nothing is deleted without being asked", why: "standard input is no terminal to ask on",
                advice: "hiss session rm --yes \(session.name)")
        }
        let turns = CountText.of(session.turns, "turn")
        try Output.standardError.write(InertText.plain("Delete '\(session.name)' with \(turns)? [y/N] "))
        return ["y", "yes"].contains((readLine() ?? "").lowercased())
    }
}
