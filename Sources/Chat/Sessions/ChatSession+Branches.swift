extension ChatSession {
    /// Names the branch that the next turn said here begins.
    public func branch(_ name: String? = nil) async throws -> String {
        let timeline = await currentTimeline()
        let name = name ?? timeline.nextBranchName
        guard !timeline.turns.contains(where: { $0.branch == name && !$0.isRemoved }) else {
            throw ChatFailure(
                what: "can't begin the branch '\(name)'", why: "there is one of this name", advice: "/goto \(name)")
        }
        newBranch = name
        return
            "What you say next begins the branch '\(name)'; what followed here before stays. /goto \(name) comes back."
    }

    /// Names the branch that begins with a turn, or takes its name away.
    public func nameBranch(_ name: String?, turn label: String) async throws -> String {
        let timeline = await currentTimeline()
        let index = try Self.turn(named: label, in: timeline)
        let turn = timeline.turns[index]
        if let name, timeline.turns.contains(where: { $0.branch == name && !$0.isRemoved }), turn.branch != name {
            throw ChatFailure(
                what: "can't name the branch '\(name)'", why: "there is one of this name", advice: "/time")
        }
        if let id = turn.id { try await saving { try await $0.setBranch(name, of: id, in: $1) } }
        self.timeline?.change(index) { $0.branch = name }
        return name.map { "The branch that begins with turn \(turn.label) is '\($0)'; /goto \($0) goes there." }
            ?? "The branch that begins with turn \(turn.label) has no name."
    }

    /// Bookmarks a turn, the current one if no other is named; its place is never thinned out.
    ///
    /// - Parameter name: nil makes one
    public func bookmark(_ name: String? = nil, turn label: String? = nil) async throws -> String {
        let timeline = await currentTimeline()
        let index = try Self.turn(named: label, in: timeline)
        let turn = timeline.turns[index]
        let names = Set(timeline.turns.filter { !$0.isRemoved }.compactMap(\.bookmark))
        let name = name ?? (1...).lazy.map { "mark-\($0)" }.first { !names.contains($0) } ?? "mark"
        guard !names.contains(name) || turn.bookmark == name else {
            throw ChatFailure(
                what: "can't bookmark turn \(turn.label) as '\(name)'", why: "another turn has this bookmark",
                advice: "another name")
        }
        if let id = turn.id { try await saving { try await $0.setBookmark(name, of: id, in: $1) } }
        self.timeline?.change(index) { $0.bookmark = name }
        return "Turn \(turn.label) is bookmarked as '\(name)'; /goto \(name) comes back."
    }

    /// Takes a turn's bookmark away.
    public func removeBookmark(turn label: String) async throws -> String {
        let timeline = await currentTimeline()
        let index = try Self.turn(named: label, in: timeline)
        if let id = timeline.turns[index].id { try await saving { try await $0.setBookmark(nil, of: id, in: $1) } }
        self.timeline?.change(index) { $0.bookmark = nil }
        return "Turn \(timeline.turns[index].label) has no bookmark."
    }

    /// Deletes a turn and all that followed it, for good.
    public func removeBranch(_ name: String) async throws -> String {
        try requireIdle("delete a branch")
        let timeline = await currentTimeline()
        let turn =
            timeline.turns.firstIndex { $0.branch == name && !$0.isRemoved } ?? timeline.turn(named: name)
        guard let turn else {
            throw ChatFailure(what: "there is no branch '\(name.prefix(40))'", advice: "/time")
        }
        guard !timeline.isOnPath(turn) else {
            throw ChatFailure(
                what: "can't delete turn \(timeline.turns[turn].label) and what follows",
                why: "the conversation stands there", advice: "/goto another turn first")
        }
        await flush()
        if let id = timeline.turns[turn].id { try await saving { try await $0.removeTurn(id, in: $1) } }
        self.timeline?.remove(turn)
        return "Turn \(timeline.turns[turn].label) and all that followed are deleted."
    }

    /// Goes to a mean of this place and another one: an experiment.
    ///
    /// - Parameter weight: of the other one, 0 to 1
    public func merge(_ name: String, weight: Double = 0.5) async throws -> Place {
        try requireIdle("merge")
        let before = await currentTimeline()
        let other = try Self.turn(named: name, in: before)
        guard other != before.current else {
            throw ChatFailure(what: "can't merge a turn with itself", advice: "/time")
        }
        let (first, read) = try await checkpoint(of: before.current)
        let (second, readToo) = try await checkpoint(of: other)
        let merged = try await engine.merge(first, second, weight: weight)
        try await engine.go(to: merged)
        timeline?.append(content(.merge, at: merged), after: before.current, checkpoint: merged)
        await save()
        let (a, b) = (before.turns[before.current].label, before.turns[other].label)
        return place(
            in: await currentTimeline(), recomputed: read + readToo,
            note:
                "EXPERIMENT: this state is \(1 - weight) of turn \(a) and \(weight) of turn \(b), layer by layer. Each "
                + "layer's memory is linear, the whole network is not: nothing guarantees that it means anything. "
                + "/undo leaves it.")
    }

    /// How the model's memory and what it would say next differ between two turns.
    ///
    /// - Parameters:
    ///   - first: the turn before the second, if nil
    ///   - second: the current one, if nil
    public func diff(_ first: String? = nil, _ second: String? = nil) async throws -> StateDifference {
        try requireIdle("compare two places")
        let timeline = await currentTimeline()
        let to = try Self.turn(named: second, in: timeline)
        let from = try first.map { try Self.turn(named: $0, in: timeline) } ?? timeline.turns[to].parent
        guard let from, from != to else {
            throw ChatFailure(
                what: "there is nothing to compare", why: "turn \(timeline.turns[to].label) has none before it",
                advice: "/diff TURN TURN")
        }
        let (a, _) = try await checkpoint(of: from)
        let (b, _) = try await checkpoint(of: to)
        var difference = try await engine.difference(from: a, to: b, top: 5)
        (difference.from, difference.to) = (timeline.turns[from].label, timeline.turns[to].label)
        return difference
    }

    /// What the model's memory holds.
    public func stateReading(top: Int = 5) async throws -> StateReading {
        try requireIdle("look at the state")
        return try await engine.stateReading(top: top)
    }

    /// Measures the model's speed; the conversation stays as it is.
    public func measureSpeed(tokens: Int) async throws -> SpeedReading {
        try requireIdle("measure the speed")
        return try await engine.measureSpeed(tokens: tokens)
    }

    /// Looks at the place `back` tokens before the current answer's end; nothing moves.
    public func step(back: Int, top: Int = 8) async throws -> TokenPlace {
        try requireIdle("step through the answer")
        let timeline = await currentTimeline()
        let recomputed = try await recallPrompt()
        var place = try await engine.look(back: back, top: top)
        place.recomputedTokens += recomputed
        place.turn = timeline.turns[timeline.current].label
        return place
    }
}

extension Timeline {
    /// `branch-1`, or the first number that is free.
    var nextBranchName: String {
        let names = Set(turns.compactMap(\.branch))
        return (1...).lazy.map { "branch-\($0)" }.first { !names.contains($0) } ?? "branch"
    }
}
