extension ChatSession {
    /// Goes on with a kept session where it stands; of a persona, begins a conversation there.
    ///
    /// - Parameter replaying: whether what was said may be read again where a snapshot is missing or damaged
    /// - Throws: `ChatFailure` that says what does not fit; then the conversation goes on as it was.
    public func resume(_ info: SessionInfo, replaying: Bool = false) async throws -> Place {
        try requireIdle("open '\(info.name)'")
        guard let store else {
            throw ChatFailure(what: "can't open '\(info.name)'", why: "nothing is saved in this run (--no-autosave)")
        }
        try check(info)
        try await requireSaved("open '\(info.name)'")
        let lease = info.isPersona ? nil : info.id == session?.id ? lease : try await store.lease(info.id)
        return try await enter(info, lease, in: store, replaying: replaying)
    }

    /// Goes to where a kept session stands.
    func enter(
        _ info: SessionInfo, _ lease: (any SessionLease)?, in store: any ChatStore, replaying: Bool = false
    ) async throws -> Place {
        let records = try await store.turns(of: info.id)
        guard let opened = Timeline(records, current: info.current, byteLimit: options.memoryBytes) else {
            throw ChatFailure(
                what: "can't open '\(info.name)'", why: "it has no turns: its beginning is missing",
                advice: "hiss session verify \(info.name)")
        }
        let before = (session, self.lease, timeline, systemPrompt)
        (session, self.lease, timeline, systemPrompt) = (info, lease, opened, info.systemPrompt)
        do {
            let (checkpoint, recomputed) = try await checkpoint(of: opened.current, replaying: replaying)
            try await engine.go(to: checkpoint)
            if info.isPersona { return begin(at: checkpoint, of: info, recomputed: recomputed) }
            timeline?.hold(checkpoint, at: opened.current)
            (newName, newBranch) = (nil, nil)
            forgetSavingProblems()
            return place(
                in: timeline ?? opened, recomputed: recomputed,
                note: "'\(info.name)' goes on at turn \(opened.turns[opened.current].label): "
                    + (recomputed == 0
                        ? "nothing is read again." : "recomp \(recomputed): its place was not kept, or is damaged."))
        } catch {
            (session, self.lease, timeline, systemPrompt) = before
            throw Self.failure(error)
        }
    }

    /// Begins a conversation where a persona stands.
    private func begin(at checkpoint: Checkpoint, of persona: SessionInfo, recomputed: Int) -> Place {
        (session, lease, newName, newBranch) = (nil, nil, nil, nil)
        forgetSavingProblems()
        let beginning = Timeline(
            beginning: content(.beginning, at: checkpoint), checkpoint: checkpoint, byteLimit: options.memoryBytes)
        timeline = beginning
        return place(
            in: beginning, recomputed: recomputed,
            note:
                "A new conversation that begins as '\(persona.name)': \(CountText.of(checkpoint.tokensSeen, "token")) remembered."
        )
    }

    private func check(_ info: SessionInfo) throws {
        let (made, loaded) = (info.model, engine.identity)
        let source = info.modelSource.isEmpty ? made.name : info.modelSource
        guard made.model == loaded.model else {
            throw ChatFailure(
                what: "cannot resume '\(info.name)'",
                why: "it was made by \(made.name) (\(made.model.prefix(8))...), the loaded model is \(loaded.name) "
                    + "(\(loaded.model.prefix(8))...)",
                advice: "hiss -s \(info.name) -m \(source)")
        }
        guard made.tokenizer == loaded.tokenizer else {
            throw ChatFailure(
                what: "cannot resume '\(info.name)'",
                why: "its tokens were made by the tokenizer \(made.tokenizer.prefix(8))..., the loaded one is "
                    + "\(loaded.tokenizer.prefix(8))...",
                advice: "hiss -s \(info.name) -m \(source), without --tokenizer")
        }
    }

    /// Starts a session from here: what was said so far is in both.
    public func fork(name: String? = nil) async throws -> Place {
        try requireIdle("fork")
        let timeline = await currentTimeline()
        guard timeline.current != 0 else {
            throw ChatFailure(what: "can't fork", why: "nothing has been said yet", advice: "/reset")
        }
        guard let store else {
            throw ChatFailure(
                what: "can't fork", why: "nothing is saved in this run (--no-autosave)", advice: "/branch")
        }
        await save()
        await flush()
        guard let session, let turn = self.timeline?.turns[timeline.current].id else {
            throw ChatFailure(what: "can't fork", why: "what was said so far can't be saved", advice: "make room first")
        }
        let fork = try await store.fork(turn, of: session.id, as: newSession(named: name))
        let lease = try await store.lease(fork.id)
        let checkpoint = timeline.turns[timeline.current].checkpoint
        guard
            var forked = Timeline(
                try await store.turns(of: fork.id), current: fork.current, byteLimit: options.memoryBytes)
        else { throw ChatFailure(what: "can't fork", why: "the new session has no turns") }
        forked.hold(checkpoint, at: forked.current)
        (self.session, self.lease, self.timeline, newBranch) = (fork, lease, forked, nil)
        return place(
            in: forked, recomputed: 0,
            note: "This is '\(fork.name)' now; '\(session.name)' stays as it is, and shares what was said so far.")
    }

    /// Renames the session, or names the one that the first turn makes.
    public func rename(to name: String) async throws -> String {
        guard store != nil else {
            throw ChatFailure(what: "can't name this chat", why: "nothing is saved in this run (--no-autosave)")
        }
        guard let session else {
            newName = name
            return "This chat will be '\(name)' from its first turn on."
        }
        guard name != session.name else { return "This chat is '\(name)' already." }
        try await store?.rename(session.id, to: name)
        self.session?.name = name
        return "'\(session.name)' is '\(name)' now."
    }

    /// Keeps this place as one that new conversations can begin from.
    public func savePersona(_ name: String) async throws -> String {
        try requireIdle("save a persona")
        guard let store else {
            throw ChatFailure(what: "can't save a persona", why: "nothing is saved in this run (--no-autosave)")
        }
        let checkpoint = await engine.checkpoint()
        let (persona, _) = try await store.create(
            newSession(named: name, isPersona: true), beginning: content(.beginning, at: checkpoint),
            snapshot: engine.encode(checkpoint))
        return "The persona '\(persona.name)' remembers the \(checkpoint.tokensSeen) tokens read so far; "
            + "/persona load \(persona.name) begins a conversation with it."
    }

    /// Begins a conversation from a persona.
    public func loadPersona(_ name: String) async throws -> Place {
        let personas = try await store?.sessions(matching: nil).filter(\.isPersona) ?? []
        guard let persona = personas.first(where: { $0.name == name }) else {
            throw ChatFailure(
                what: "there is no persona '\(name)'",
                why: personas.isEmpty
                    ? "none is saved" : "those saved: " + personas.map(\.name).joined(separator: ", "),
                advice: "/persona save \(name)")
        }
        return try await resume(persona)
    }
}
