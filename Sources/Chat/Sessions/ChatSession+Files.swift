extension ChatSession {
    /// Writes the session to one file that another machine goes on with: all its turns, and the places that are kept.
    ///
    /// - Throws: `ChatFailure`; then there is no file.
    public func export(to path: String) async throws {
        try requireIdle("export")
        await flush()
        let timeline = await currentTimeline()
        var indices: [Int: Int] = [:]
        var turns: [PortableSession.Turn] = []
        for turn in timeline.turns.indices where !timeline.turns[turn].isRemoved {
            let entry = timeline.turns[turn]
            indices[turn] = turns.count
            turns.append(
                PortableSession.Turn(
                    parent: entry.parent.flatMap { indices[$0] }, content: entry.content, branch: entry.branch,
                    bookmark: entry.bookmark, checkpoint: portablePlace(of: turn, in: timeline)))
        }
        let name = session?.name ?? newName ?? "chat"
        try await engine.write(
            PortableSession(
                name: name, modelSource: options.modelSource, systemPrompt: systemPrompt, turns: turns,
                current: indices[timeline.current] ?? 0), to: path)
    }

    /// A turn's place as a file has it; nil where it is not kept, or nothing has been read.
    private func portablePlace(of turn: Int, in timeline: Timeline) -> PortableSession.Place? {
        let entry = timeline.turns[turn]
        guard entry.checkpoint != nil || entry.snapshot != nil, entry.parent != nil || entry.content.tokensSeen > 0
        else { return nil }
        return {
            let checkpoint = try await self.checkpoint(of: turn).0
            // Another answer there reads nothing again either.
            guard turn == timeline.current, !checkpoint.hasPrompt, await self.recallKeptPrompt() else {
                return checkpoint
            }
            return await self.engine.checkpoint()
        }
    }

    /// Opens an exported session; in a store it becomes a session of its own, all of it or nothing.
    ///
    /// - Parameter name: what to call it; nil keeps its name, where none has it
    /// - Throws: `ChatFailure`; then nothing is imported, and the conversation stays where it is.
    public func importFile(_ path: String, name: String? = nil) async throws -> Place {
        try requireIdle("import")
        let file = try await engine.decodeSession(path)
        guard let first = file.turns.first else { throw ChatFailure(what: "\(path) has no turns") }
        try await requireSaved("import '\(file.name)'")
        guard let store else { return try await open(file, beginning: first) }
        var new = newSession(named: try await freeName(name ?? file.name, isChosen: name != nil, in: store))
        new.systemPrompt = file.systemPrompt
        var turns: [ImportedTurn] = []
        for turn in file.turns {
            var imported = ImportedTurn(
                parent: turn.parent, content: turn.content, branch: turn.branch, bookmark: turn.bookmark)
            if let checkpoint = turn.checkpoint {
                imported.snapshot = { try await self.engine.encode(checkpoint()) }
            }
            turns.append(imported)
        }
        if let checkpoint = file.turns[file.current].checkpoint {
            // It is kept with the turn that asked, whatever went on with the answer.
            var first = file.current
            while turns[first].content.kind == .continuation, let parent = turns[first].parent { first = parent }
            turns[first].promptSnapshot = { try await self.engine.encodePrompt(of: checkpoint()) }
        }
        let imported = try await store.importSession(new, turns: turns, current: file.current)
        let info = imported.session
        do {
            var place = try await enter(info, imported.lease, in: store)
            place.note =
                "'\(info.name)' is imported, and goes on at turn \(place.label): "
                + (place.recomputedTokens == 0
                    ? "nothing is read again." : "recomp \(place.recomputedTokens): its place is not in the file.")
            return place
        } catch {
            throw ChatFailure(
                what: "can't go on with '\(info.name)', which is imported", why: Self.failure(error).description,
                advice: "hiss session verify \(info.name)")
        }
    }

    /// Opens an exported session that is kept nowhere else.
    private func open(_ file: PortableSession, beginning first: PortableSession.Turn) async throws -> Place {
        let before = (timeline, systemPrompt)
        var beginning = try await first.checkpoint?()
        if beginning == nil, first.content.tokensSeen == 0 {
            beginning = await engine.beginning(systemPrompt: file.systemPrompt)
        }
        var opened = Timeline(beginning: first.content, checkpoint: beginning, byteLimit: .max)
        for turn in file.turns.dropFirst() {
            opened.append(
                turn.content, after: turn.parent ?? 0, checkpoint: try await turn.checkpoint?(), branch: turn.branch)
            opened.change(opened.current) { $0.bookmark = turn.bookmark }
        }
        (timeline, systemPrompt) = (opened, file.systemPrompt)
        do {
            let recomputed = try await move(to: file.current)
            newName = file.name
            return place(
                in: await currentTimeline(), recomputed: recomputed,
                note: "'\(file.name)' goes on at turn \(opened.turns[file.current].label); it is kept nowhere but in "
                    + "its file (--no-autosave).")
        } catch {
            (timeline, systemPrompt) = before
            throw error
        }
    }

    private func freeName(_ name: String, isChosen: Bool, in store: any ChatStore) async throws -> String {
        guard try await store.session(named: name) != nil else { return name }
        guard !isChosen else {
            throw ChatFailure(
                what: "can't import as '\(name)'", why: "there is a session of this name", advice: "--name")
        }
        for number in 2...1000 where try await store.session(named: "\(name)-\(number)") == nil {
            return "\(name)-\(number)"
        }
        throw ChatFailure(what: "can't import as '\(name)'", why: "its numbers are taken", advice: "--name")
    }
}
