import ArgumentParser
import Chat
import Launch

/// Sessions that are kept.
struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "List, read, search, change, check and move the sessions that are kept.",
        subcommands: [
            SessionListCommand.self, SessionShowCommand.self, SessionSearchCommand.self, SessionRenameCommand.self,
            SessionForkCommand.self, SessionDiffCommand.self, SessionMergeCommand.self, SessionVerifyCommand.self,
            SessionReplayCommand.self, SessionRemoveCommand.self, SessionExportCommand.self, SessionImportCommand.self,
        ])

    func run() throws {
        let names = Self.configuration.subcommands.compactMap { $0.configuration.commandName }
        throw ValidationError("session needs to know what: " + names.joined(separator: ", "))
    }
}

/// A session that a command is about, as its argument.
struct SessionArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The session's name, or the beginning of its ID.", valueName: "name"),
        completion: SessionNames.completion)
    var session: String

    /// The store, which has the session, and the session.
    func find() async throws -> (store: any ChatStore, session: SessionInfo) {
        let store = try SessionPlace.open(in: .current)
        return (store, try await SessionPlace.session(named: session, in: store))
    }

    /// The session with all its turns as a timeline.
    func timeline() async throws -> (store: any ChatStore, session: SessionInfo, timeline: Timeline) {
        let (store, session) = try await find()
        let turns = try await SessionPlace.reportingErrors { try await store.turns(of: session.id) }
        guard let timeline = Timeline(turns, current: session.current) else {
            throw LaunchError(
                .session, "'\(session.name)' has no turns", why: "its beginning is missing",
                advice: "hiss session verify \(session.name)")
        }
        return (store, session, timeline)
    }
}

/// What a command needs that loads the session's model.
struct SessionModelOptions: ParsableArguments {
    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Model") var compute: ComputeOptions
    @OptionGroup(title: "Model") var conversation: ConversationOptions
    @OptionGroup(title: "Notes") var notes: NoteFlags

    /// Loads the model of a session, and goes on with it.
    ///
    /// - Parameter replaying: whether what was said may be read again where a snapshot is missing or damaged
    func open(_ session: SessionArgument, replaying: Bool = false) async throws -> SessionPlan.Opened {
        let start = try await SessionStart(
            Composition(model, notes: notes), SessionOptions.naming(session.session), keepsNothing: false)
        guard start.session != nil else {
            _ = try await SessionPlace.session(named: session.session, in: start.store)
            throw LaunchError(.session, "there is no session '\(session.session)'")
        }
        return try await SessionPlan(start, compute, conversation).open(replaying: replaying)
    }

    /// Loads a model for a conversation that is yet to come.
    func begin() async throws -> SessionPlan.Opened {
        let composition = try Composition(model, notes: notes)
        let start = try SessionStart(composition, store: SessionPlace.open(in: composition.directories))
        return try await SessionPlan(start, compute, conversation).open()
    }
}

extension SessionOptions {
    /// The options that go on with a session.
    static func naming(_ session: String) -> SessionOptions {
        var options = SessionOptions()
        (options.session, options.continuesLast) = (session, false)
        return options
    }
}
