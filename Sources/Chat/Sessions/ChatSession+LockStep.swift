extension ChatSession {
    /// Answers as `reply` does, and tells the engine that follows of each token.
    nonisolated func lead(
        _ text: String, options: GenerationOptions, channel: LeadChannel
    ) -> AsyncStream<GenerationEvent> {
        stream(options) { session in
            (AnswerPlan(question: text), session.engine.lead(text, options: options, channel: channel))
        }
    }

    /// Keeps a turn of what another session's engine says.
    nonisolated func follow(
        _ text: String, options: GenerationOptions, channel: LeadChannel
    ) -> AsyncStream<GenerationEvent> {
        stream(options) { session in
            (AnswerPlan(question: text), session.engine.follow(text, options: options, channel: channel))
        }
    }

    /// Reads what another conversation with the same tokens has read, as turns of this one's from its beginning on.
    ///
    /// What this model said itself stays beside them, as a branch. Turns that both have are not read again.
    ///
    /// - Returns: where it stands then, with how many tokens were read
    /// - Throws: `ChatFailure` while an answer is made, or where a turn can't be read again; then nothing has changed
    public func adoptTurns(of other: ChatSession) async throws -> Place {
        try requireIdle("read what the other model has read")
        isAnswering = true
        defer { isAnswering = false }
        let theirs = await other.contentsToHere()
        let before = await currentTimeline()
        var node = 0
        var missing = theirs[...]
        while let next = missing.first,
            let same = before.children(of: node).first(where: {
                before.turns[$0].content.fed == next.fed && before.turns[$0].content.answer == next.answer
            })
        {
            node = same
            missing = missing.dropFirst()
        }
        var (place, recomputed) = try await checkpoint(of: node)
        var read: [(content: TurnContent, checkpoint: Checkpoint)] = []
        for turn in missing {
            place = try await engine.replay([turn], from: place) { _ in }
            var content = content(turn.kind, at: place)
            (content.question, content.answer, content.reason) = (turn.question, turn.answer, turn.reason)
            content.options = turn.options
            content.metrics.recomputedTokens = turn.fed.count
            recomputed += turn.fed.count
            read.append((content, place))
        }
        try await engine.go(to: place)
        guard var timeline else { throw ChatFailure(what: "this conversation has ended") }
        timeline.move(to: node)
        for (content, checkpoint) in read {
            let isBranch = content.kind == .reply && !timeline.children(of: timeline.current).isEmpty
            timeline.append(
                content, after: timeline.current, checkpoint: checkpoint,
                branch: isBranch ? timeline.nextBranchName : nil)
        }
        if read.isEmpty { timeline.hold(place, at: node) }
        self.timeline = timeline
        newBranch = nil
        if read.isEmpty { await saveCurrent() } else { await save() }
        return self.place(
            in: timeline, recomputed: recomputed,
            note: "Read what the other model has read: \(recomputed) tokens. What was said here before stays in this "
                + "session, as a branch.")
    }

    /// What the turns up to where it stands fed and said.
    private func contentsToHere() async -> [TurnContent] {
        let timeline = await currentTimeline()
        return timeline.path.dropFirst().map { timeline.turns[$0].content }
    }
}
