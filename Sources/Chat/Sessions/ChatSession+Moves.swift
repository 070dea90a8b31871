extension ChatSession {
    /// Where to go.
    public enum Move: Sendable, Equatable {
        case undo(Int)
        case redo(Int)
        /// The turn with this number, or bookmark, or where the branch of this name was left.
        case turn(String)
    }

    /// Goes to another turn.
    ///
    /// - Throws: `ChatFailure` that says why there is no such turn; then nothing has changed.
    public func go(_ move: Move) async throws -> Place {
        try requireIdle("go to another turn")
        let before = await currentTimeline()
        let turn = try Self.target(of: move, in: before)
        // Who stands there keeps the places inside the answer, too.
        let recomputed = turn == before.current ? 0 : try await self.move(to: turn)
        let timeline = await currentTimeline()
        let place = timeline.turns[turn]
        let name = place.parent == nil ? "the beginning" : "turn \(place.label)"
        return self.place(
            in: timeline, recomputed: recomputed,
            note: "At \(name): \(CountText.of(place.content.tokensSeen, "token")) remembered, "
                + (recomputed == 0 ? "none read again." : "recomp \(recomputed): its place was kept nowhere.")
                + " Nothing is deleted: /time lists all turns.")
    }

    /// Goes to a turn of the timeline; returns how many tokens were read again.
    func move(to turn: Int) async throws -> Int {
        let (checkpoint, recomputed) = try await checkpoint(of: turn)
        try await engine.go(to: checkpoint)
        timeline?.move(to: turn)
        timeline?.hold(checkpoint, at: turn)
        newBranch = nil
        await saveCurrent()
        return recomputed
    }

    private static func target(of move: Move, in timeline: Timeline) throws -> Int {
        let (turn, why): (Int?, String) =
            switch move {
            case .undo(let count): (timeline.before(count), "this is the beginning")
            case .redo(let count): (timeline.after(count), "no turn was undone")
            case .turn(let name):
                (timeline.turn(named: name), "no turn has the number or bookmark '\(name.prefix(40))'")
            }
        guard let turn else { throw ChatFailure(what: "there is no turn to go to", why: why, advice: "/time") }
        return turn
    }

    /// The turn with this number, bookmark or branch; without a name the current one.
    static func turn(named name: String?, in timeline: Timeline) throws -> Int {
        guard let name else { return timeline.current }
        guard let turn = timeline.turn(named: name) else {
            throw ChatFailure(
                what: "there is no turn '\(name.prefix(40))'", why: "no turn has that number, bookmark or branch",
                advice: "/time")
        }
        return turn
    }

    // MARK: - Places

    /// A turn's place: from memory, from disk, or by reading again what was said since the nearest place before.
    ///
    /// - Parameter replaying: whether a snapshot that is damaged may be read again, too
    func checkpoint(of turn: Int, replaying: Bool = false) async throws -> (Checkpoint, recomputed: Int) {
        let timeline = await currentTimeline()
        var missing: [Int] = []
        var base: Checkpoint?
        for index in timeline.path(to: turn).reversed() {
            let entry = timeline.turns[index]
            base = entry.checkpoint
            if base == nil, entry.snapshot != nil {
                do {
                    base = try await load(index, in: timeline)
                } catch {
                    guard replaying else { throw error }
                }
            }
            if base == nil, entry.parent == nil, entry.content.tokensSeen == 0 {
                base = await engine.beginning(systemPrompt: systemPrompt)
            }
            if base != nil { break }
            if let damage = entry.damage {
                throw ChatFailure(
                    what: "can't go to turn \(timeline.turns[turn].label)",
                    why: "turn \(entry.label) is damaged, and can't be read again: \(damage)",
                    advice: "hiss session verify \(session?.name ?? "")")
            }
            missing.append(index)
        }
        guard let base else {
            throw ChatFailure(
                what: "can't go to turn \(timeline.turns[turn].label)",
                why: "the place where this conversation begins was made elsewhere, and is kept nowhere",
                advice: "/time")
        }
        guard !missing.isEmpty else { return (base, 0) }
        let turns = missing.reversed().map { timeline.turns[$0].content }
        let checkpoint = try await engine.replay(turns, from: base) { _ in }
        let tokens = turns.reduce(0) { $0 + $1.fed.count }
        repair(turn, with: checkpoint)
        return (checkpoint, tokens)
    }

    /// Sees to it that the engine knows where the current answer's question had been read: from memory, from the disk, or
    /// by reading it again, from the turn before on.
    ///
    /// - Returns: how many tokens were read again
    func recallPrompt() async throws -> Int {
        let timeline = await currentTimeline()
        let answer = timeline.answer(at: timeline.current)
        guard timeline.turns[timeline.current].checkpoint?.hasPrompt == false, let first = answer.first,
            let parent = timeline.turns[first].parent
        else { return 0 }
        var recomputed = 0
        if await !loadPrompt(of: timeline.turns[first]) {
            let before: Checkpoint
            (before, recomputed) = try await checkpoint(of: parent)
            let turns = answer.map { timeline.turns[$0].content }
            try await engine.go(to: engine.replay(turns, from: before) { _ in })
            recomputed += turns.reduce(0) { $0 + $1.fed.count }
        }
        self.timeline?.hold(await engine.checkpoint(), at: timeline.current)
        return recomputed
    }

    /// Sees to it that the engine knows where the current answer's question had been read, if that is kept; returns
    /// whether it does.
    func recallKeptPrompt() async -> Bool {
        let timeline = await currentTimeline()
        guard let first = timeline.answer(at: timeline.current).first else { return false }
        return await loadPrompt(of: timeline.turns[first])
    }

    /// Reads where a turn's question had been read; false where that is not kept, or damaged, which stops nobody.
    private func loadPrompt(of turn: Timeline.Turn) async -> Bool {
        guard let store, let snapshot = turn.promptSnapshot else { return false }
        do {
            try await engine.recallPrompt(store.files(of: snapshot))
            return true
        } catch {
            return false
        }
    }

    /// Reads a turn's place from its files.
    private func load(_ turn: Int, in timeline: Timeline) async throws -> Checkpoint? {
        guard let store, let snapshot = timeline.turns[turn].snapshot else { return nil }
        do {
            let files = try await store.files(of: snapshot)
            return try await engine.decode(
                files, answer: timeline.answer(at: turn).map { timeline.turns[$0].content })
        } catch {
            let cause = Self.failure(error)
            let name = session?.name ?? ""
            throw ChatFailure(
                what: "can't go to turn \(timeline.turns[turn].label) of '\(name)'",
                why: [cause.what, cause.why].compactMap(\.self).joined(separator: ": "),
                advice: "hiss session replay \(name), which reads again what was said")
        }
    }
}

extension ChatSession.Move {
    /// Reads what a command says; nil where its argument is none that it takes.
    public init?(_ command: Command.Name, argument: String) {
        let word = argument.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        switch command {
        case .undo, .redo:
            guard let count = word.isEmpty ? 1 : Int(word), count > 0 else { return nil }
            self = command == .undo ? .undo(count) : .redo(count)
        case .goto where !word.isEmpty: self = .turn(word)
        default: return nil
        }
    }
}
