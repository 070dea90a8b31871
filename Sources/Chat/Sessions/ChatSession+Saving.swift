extension ChatSession {
    /// Why turns could not be saved, which the reader has not been told; each is told once.
    public func takeProblems() -> [ChatFailure] {
        defer { problems = [] }
        return problems
    }

    /// Waits until all is saved that can be.
    public func flush() async {
        while let task = saving {
            await task.value
            if saving == task { saving = nil }
        }
    }

    /// Saves all that is not kept yet.
    ///
    /// - Throws: `ChatFailure` that says what could not be saved, and why
    public func saveAll() async throws {
        await save()
        await flush()
        let count = unsavedTurns
        guard count == 0 else {
            throw ChatFailure(
                what: count == 1 ? "one turn is not saved" : "\(count) turns are not saved",
                why: savingFailure.map { [$0.what, $0.why].compactMap(\.self).joined(separator: ": ") },
                advice: savingFailure?.advice)
        }
    }

    /// Turns that are in memory only, although there is a store.
    private var unsavedTurns: Int {
        guard store != nil, let timeline else { return 0 }
        return timeline.turns.dropFirst().count { $0.id == nil && !$0.isRemoved }
    }

    /// Refuses to leave turns behind that can't be saved; who asks again leaves them.
    ///
    /// - Parameter what: completes "can't"
    func requireSaved(_ what: String) async throws {
        do {
            try await saveAll()
            unsavedTold = 0
        } catch {
            guard unsavedTurns != unsavedTold else { return }
            unsavedTold = unsavedTurns
            let failure = Self.failure(error)
            throw ChatFailure(
                what: "can't \(what): \(failure.what)", why: failure.why,
                advice: (failure.advice.map { $0 + "; " } ?? "")
                    + "/export hiss FILE on another disk; or the same again, which leaves them behind")
        }
    }

    /// Begins anew with what the reader has been told of saving, as for another conversation.
    func forgetSavingProblems() {
        (hasReportedProblem, savingFailure, unsavedTold) = (false, nil, 0)
    }

    /// Saves all turns that are not kept yet; those that can't be stay in memory, and are tried again with the next.
    func save() async {
        guard store != nil, let timeline else { return }
        do {
            for turn in timeline.turns.indices.dropFirst() where timeline.turns[turn].id == nil {
                if timeline.turns[turn].isRemoved { continue }
                try await save(turn)
            }
            (hasReportedProblem, savingFailure) = (false, nil)
            thin()
        } catch {
            report(error)
        }
    }

    /// Tells the reader, once until saving works again, that it doesn't.
    private func report(_ error: any Error) {
        let failure = Self.failure(error)
        savingFailure = failure
        guard !hasReportedProblem else { return }
        hasReportedProblem = true
        problems.append(
            ChatFailure(
                what: "this turn is not saved: \(failure.what)", why: failure.why,
                advice: failure.advice ?? "make room, and go on: the chat stays in memory, and the next turn saves it"))
    }

    /// Saves a turn with its place: in one step if that is small, else the place follows in the background.
    ///
    /// The place of its prompt always follows: nobody waits for it, and without it only the prompt is read again.
    private func save(_ turn: Int) async throws {
        guard let store else { return }
        let lease = try await beginSession()
        guard let entry = timeline?.turns[turn], let parent = entry.parent, let parentID = timeline?.turns[parent].id
        else { return }
        let isSmall = entry.checkpoint.map { $0.byteCount <= options.promptBytes } ?? false
        var snapshot: EncodedSnapshot?
        if isSmall, let checkpoint = entry.checkpoint { snapshot = try await engine.encode(checkpoint) }
        let record = try await store.append(entry.content, after: parentID, in: lease, snapshot: snapshot)
        timeline?.change(turn) { ($0.id, $0.snapshot) = (record.id, record.snapshot) }
        if let branch = entry.branch { try await store.setBranch(branch, of: record.id, in: lease) }
        if let bookmark = entry.bookmark { try await store.setBookmark(bookmark, of: record.id, in: lease) }
        if let checkpoint = entry.checkpoint {
            if !isSmall {
                attach(checkpoint, to: turn, id: record.id, in: lease)
            } else if entry.content.kind == .reply {
                attachPrompt(of: checkpoint, to: turn, id: record.id, in: lease)
            }
        }
        session?.current = record.id
        session?.turns += 1
        session?.tokensSeen = entry.content.tokensSeen
        session?.changed = entry.content.created
        if session?.firstWords.isEmpty == true { session?.firstWords = entry.content.question.firstLine }
    }

    /// The lease of the session, which is made if there is none.
    private func beginSession() async throws -> any SessionLease {
        if let lease { return lease }
        guard let store, let timeline else { throw ChatFailure(what: "there is nowhere to keep a session") }
        if session == nil {
            let beginning = timeline.turns[0]
            // Where nothing has been read there is nothing to keep.
            let snapshot: EncodedSnapshot? =
                if beginning.content.tokensSeen > 0, let checkpoint = beginning.checkpoint {
                    try await engine.encode(checkpoint)
                } else { nil }
            let new = newSession(named: newName)
            let (session, record) = try await store.create(new, beginning: beginning.content, snapshot: snapshot)
            self.session = session
            self.timeline?.change(0) { ($0.id, $0.snapshot) = (record.id, record.snapshot) }
        }
        guard let session else { throw ChatFailure(what: "there is nowhere to keep a session") }
        let lease = try await store.lease(session.id)
        self.lease = lease
        return lease
    }

    func newSession(named name: String?, isPersona: Bool = false) -> NewSession {
        NewSession(
            name: name, model: engine.identity, modelSource: options.modelSource, systemPrompt: systemPrompt,
            isPersona: isPersona, settings: options.settings)
    }

    // MARK: - In the background

    /// Adds the place of a turn that is kept without it; a crash before that costs reading the turn again.
    private func attach(_ checkpoint: Checkpoint, to turn: Int, id: TurnID, in lease: any SessionLease) {
        guard let store else { return }
        inBackground {
            let snapshot = try await store.attach(self.engine.encode(checkpoint), as: .answer, of: id, in: lease)
            await self.change(turn, id: id) { $0.snapshot = snapshot }
        }
    }

    /// Adds the place where a turn's prompt had been read; where that can't be kept, nothing is lost that was said.
    private func attachPrompt(of checkpoint: Checkpoint, to turn: Int, id: TurnID, in lease: any SessionLease) {
        guard let store else { return }
        inBackground {
            guard let prompt = try await self.engine.encodePrompt(of: checkpoint),
                let snapshot = try? await store.attach(prompt, as: .prompt, of: id, in: lease)
            else { return }
            await self.change(turn, id: id) { $0.promptSnapshot = snapshot }
        }
    }

    private func change(_ turn: Int, id: TurnID, _ change: @Sendable (inout Timeline.Turn) -> Void) {
        guard let timeline, timeline.turns.indices.contains(turn), timeline.turns[turn].id == id else { return }
        self.timeline?.change(turn, change)
    }

    /// Keeps the place of a turn that had to be read again.
    func repair(_ turn: Int, with checkpoint: Checkpoint) {
        guard let lease, let id = timeline?.turns[turn].id else { return }
        attach(checkpoint, to: turn, id: id, in: lease)
    }

    /// Keeps snapshots within bounds.
    private func thin() {
        guard let store, let bytes = options.diskBytes, let session else { return }
        inBackground {
            guard try await store.thin(to: bytes) > 0 else { return }
            await self.readSnapshotNames(try await store.turns(of: session.id))
        }
    }

    private func readSnapshotNames(_ records: [TurnRecord]) {
        let byID = Dictionary(records.map { ($0.id, $0) }) { first, _ in first }
        for turn in timeline?.turns.indices ?? 0..<0 {
            guard let record = timeline?.turns[turn].id.flatMap({ byID[$0] }) else { continue }
            timeline?.change(turn) { ($0.snapshot, $0.promptSnapshot) = (record.snapshot, record.promptSnapshot) }
        }
    }

    private func inBackground(_ body: @escaping @Sendable () async throws -> Void) {
        let before = saving
        saving = Task {
            await before?.value
            do {
                try await body()
            } catch {
                self.report(error)
            }
        }
    }

    /// Keeps where the session stands.
    func saveCurrent() async {
        guard let store, let lease, let timeline, let id = timeline.turns[timeline.current].id else { return }
        do {
            try await store.setCurrent(id, in: lease)
            session?.current = id
            session?.tokensSeen = timeline.turns[timeline.current].content.tokensSeen
        } catch {
            report(error)
        }
    }

    /// Saves a change to the session, or what stands in the way.
    func saving(_ change: (any ChatStore, any SessionLease) async throws -> Void) async throws {
        guard let store, let lease else { return }
        try await change(store, lease)
    }
}

extension String {
    /// The text up to the end of its first line.
    var firstLine: String { String(split(whereSeparator: \.isNewline).first ?? "") }
}
