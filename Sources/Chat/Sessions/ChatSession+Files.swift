extension ChatSession {
    /// The session as one file that another machine goes on with: all its turns, and the places that are kept.
    public func export() async throws -> [UInt8] {
        try requireIdle("export")
        await flush()
        let timeline = await currentTimeline()
        var indices: [Int: Int] = [:]
        var turns: [PortableSession.Turn] = []
        for turn in timeline.turns.indices where !timeline.turns[turn].isRemoved {
            let entry = timeline.turns[turn]
            var checkpoint = entry.checkpoint
            if checkpoint == nil, entry.snapshot != nil { checkpoint = try await self.checkpoint(of: turn).0 }
            if entry.parent == nil, entry.content.tokensSeen == 0 { checkpoint = nil }
            indices[turn] = turns.count
            turns.append(
                PortableSession.Turn(
                    parent: entry.parent.flatMap { indices[$0] }, content: entry.content, branch: entry.branch,
                    bookmark: entry.bookmark, checkpoint: checkpoint))
        }
        let name = session?.name ?? newName ?? "chat"
        return try await engine.encode(
            PortableSession(
                name: name, modelSource: options.modelSource, systemPrompt: systemPrompt, turns: turns,
                current: indices[timeline.current] ?? 0))
    }

    /// Opens an exported session; in a store it becomes a session of its own.
    ///
    /// - Parameter name: what to call it; nil keeps its name, where none has it
    public func importFile(_ path: String, name: String? = nil) async throws -> Place {
        try requireIdle("import")
        let file = try await engine.decodeSession(path)
        await leave()
        systemPrompt = file.systemPrompt
        newName = try await freeName(name ?? file.name, isChosen: name != nil)
        guard let first = file.turns.first else { throw ChatFailure(what: "\(path) has no turns") }
        var beginning = first.checkpoint
        if beginning == nil, first.content.tokensSeen == 0 {
            beginning = await engine.beginning(systemPrompt: systemPrompt)
        }
        var opened = Timeline(beginning: first.content, checkpoint: beginning, byteLimit: .max)
        for turn in file.turns.dropFirst() {
            opened.append(turn.content, after: turn.parent ?? 0, checkpoint: turn.checkpoint, branch: turn.branch)
            opened.change(opened.current) { $0.bookmark = turn.bookmark }
        }
        timeline = opened
        await save()
        let recomputed = try await move(to: file.current)
        return place(
            in: await currentTimeline(), recomputed: recomputed,
            note: "'\(session?.name ?? file.name)' goes on at turn \(opened.turns[file.current].label).")
    }

    private func freeName(_ name: String, isChosen: Bool) async throws -> String {
        guard let store, try await store.session(named: name) != nil else { return name }
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
