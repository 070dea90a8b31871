import Chat
import Inference
import Launch

/// Where a conversation's session comes from, settled before its model is loaded.
struct SessionStart: Sendable {
    /// What a command needs, with what the session brings.
    let composition: Composition
    /// Where the conversation is kept; nil keeps it nowhere.
    let store: (any ChatStore)?
    /// The session that goes on; nil begins one with the first turn.
    let session: SessionInfo?
    /// The name of the session that is to be made; nil makes one of the date.
    let name: String?
    /// What the reader should know.
    let notes: [String]

    /// A conversation that is kept nowhere.
    init(_ composition: Composition) {
        (self.composition, store, session, name, notes) = (composition, nil, nil, nil, [])
    }

    /// A conversation that is kept in a store.
    init(_ composition: Composition, store: any ChatStore) {
        self.init(composition, store: store, session: nil, name: nil, notes: [])
    }

    /// Finds the session that was asked for.
    ///
    /// - Parameters:
    ///   - options: which session is to go on; nil begins one
    ///   - keepsNothing: whether nothing is to be written, so that no session can go on
    ///   - newName: the name for a session that has to be new
    /// - Throws: `LaunchError` with status `.session`, or `.usage` where options contradict each other.
    init(
        _ composition: Composition, _ options: SessionOptions?, keepsNothing: Bool, newName: String? = nil
    ) async throws {
        let isAsked = options?.session != nil || options?.continuesLast == true || newName != nil
        guard !keepsNothing else {
            guard !isAsked else {
                throw LaunchError(
                    .usage, "--no-autosave keeps nothing, so that no session can go on", advice: "hiss --no-autosave")
            }
            self.init(composition)
            return
        }
        do {
            let store = try SessionPlace.open(in: composition.directories)
            try await self.init(composition, options, newName: newName, store: store)
        } catch let error as LaunchError where error.status == .session && !isAsked {
            // A chat that nobody asked to be kept begins all the same.
            let why = [error.failure.what, error.failure.why].compactMap { $0 }.joined(separator: ": ")
            self.init(composition, store: nil, session: nil, name: nil, notes: ["this chat can't be kept: \(why)"])
        }
    }

    private init(
        _ composition: Composition, _ options: SessionOptions?, newName: String?, store: any ChatStore
    ) async throws {
        var session: SessionInfo?
        if let name = options?.session ?? newName {
            session = try await SessionPlace.reportingErrors { try await store.session(named: name) }
            if newName != nil, let taken = session {
                throw LaunchError(
                    .session, "there is a session '\(taken.name)' already",
                    why: "it has \(CountText.of(taken.turns, "turn"))",
                    advice: "hiss run -s \(taken.name) …, which goes on with it")
            }
        } else if options?.continuesLast == true {
            let all = try await SessionPlace.reportingErrors { try await store.sessions(matching: nil) }
            session = all.first { !$0.isPersona }
            guard session != nil else {
                throw LaunchError(
                    .session, "there is no session to go on with",
                    why: "none is kept in \(composition.directories.data)",
                    advice: "hiss")
            }
        }
        let name = options?.session ?? newName
        guard let session else {
            self.init(composition, store: store, session: nil, name: name, notes: [])
            return
        }
        let settings = try await SessionPlace.reportingErrors { try await Self.settings(of: session, in: store) }
        self.init(composition.bringing(settings), store: store, session: session, name: nil, notes: [])
    }

    private init(
        _ composition: Composition, store: (any ChatStore)?, session: SessionInfo?, name: String?, notes: [String]
    ) {
        (self.composition, self.store, self.session, self.name) = (composition, store, session, name)
        self.notes = notes
    }

    /// What a session brings: its model and how that is computed, and how its last answer's tokens were chosen.
    private static func settings(of session: SessionInfo, in store: any ChatStore) async throws -> SessionSettings {
        var values = try await store.settings(of: session.id)
        if !session.modelSource.isEmpty { values[SettingKeys.model.name] = session.modelSource }
        if let current = session.current, let last = try await store.turn(current, of: session.id),
            last.damage == nil, last.content.kind != .beginning
        {
            for setting in SamplingSetting.all {
                values["sampler." + setting.name] = setting.text(of: last.content.options.sampling)
            }
        }
        return SessionSettings(name: session.name, values: values)
    }
}

/// A conversation with its session, that is yet to begin.
struct SessionPlan: Sendable {
    let conversation: ConversationPlan
    let start: SessionStart
    let options: ChatSession.Options
    private let compute: ComputeOptions
    private let conversationOptions: ConversationOptions

    init(_ start: SessionStart, _ compute: ComputeOptions, _ conversation: ConversationOptions) throws {
        let composition = start.composition
        (self.start, self.compute, conversationOptions) = (start, compute, conversation)
        self.conversation = try composition.planConversation(compute, conversation)
        let memory = try composition.value(
            of: SettingKeys.snapshotMemoryMegabytes, flag: nil, builtIn: SettingKeys.defaultSnapshotMemoryMegabytes)
        let disk = try composition.value(
            of: SettingKeys.snapshotDiskMegabytes, flag: nil, builtIn: SettingKeys.defaultSnapshotDiskMegabytes)
        options = ChatSession.Options(
            modelSource: self.conversation.model.source, systemPrompt: self.conversation.system, name: start.name,
            settings: self.conversation.kept, memoryBytes: memory << 20, diskBytes: disk << 20)
    }

    /// A new conversation with another model, kept in the same store.
    ///
    /// - Throws: `LaunchError` where no model is called so
    func with(model: String) throws -> SessionPlan {
        let composition = start.composition.naming(model)
        let start =
            self.start.store.map { SessionStart(composition, store: $0) } ?? SessionStart(composition)
        return try SessionPlan(start, compute, conversationOptions)
    }

    /// A conversation that has begun, and where it stands if it went on.
    struct Opened: Sendable {
        var chat: ChatSession
        var place: ChatSession.Place?
        /// From the loaded model to a conversation that can go on.
        var milliseconds: Double
    }

    /// Loads the model, and goes on with the session if there is one.
    ///
    /// - Parameter replaying: whether what was said may be read again where a snapshot is missing or damaged
    /// - Throws: `LaunchError` with status `.model` or `.session`.
    func open(replaying: Bool = false) async throws -> Opened {
        let engine = try conversation.start()
        let clock = ContinuousClock()
        let begin = clock.now
        let chat = ChatSession(engine, store: start.store, options: options)
        guard let session = start.session else { return Opened(chat: chat, place: nil, milliseconds: 0) }
        var place = try await SessionPlace.reportingErrors { try await chat.resume(session, replaying: replaying) }
        let milliseconds = (clock.now - begin) / .milliseconds(1)
        if !session.isPersona {
            place.note =
                "Resumed '\(session.name)' at turn \(place.label) in \((milliseconds * 10).rounded() / 10) ms, "
                + "recomp \(place.recomputedTokens)."
        }
        return Opened(chat: chat, place: place, milliseconds: milliseconds)
    }
}
