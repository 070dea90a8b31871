extension ChatSession {
    /// Looks at what a token reads from, in the conversation up to where it stands.
    ///
    /// What was not traced as it was read is read again first, on a copy: as many of the last turns as a trace holds, and
    /// the last one whatever its length. The conversation stays as it is, to the bit.
    ///
    /// - Throws: `ChatFailure` while an answer is made, where nothing was said, and where there is no such token, layer or
    ///   head
    public func insight(_ query: InsightQuery) async throws -> Insight {
        try requireIdle("look inside")
        if await engine.tracedTokens().isEmpty { try await observe() }
        return try await engine.insight(query)
    }

    private func observe() async throws {
        let timeline = await currentTimeline()
        var turns: [TurnContent] = []
        var count = 0
        var base = timeline.current
        while let parent = timeline.turns[base].parent {
            let turn = timeline.turns[base]
            let isRead = turn.content.kind == .reply || turn.content.kind == .continuation
            guard isRead, turn.damage == nil, turns.isEmpty || count + turn.content.fed.count <= Insight.capacity else {
                break
            }
            turns.insert(turn.content, at: 0)
            count += turn.content.fed.count
            base = parent
            // Such a turn has read all of the conversation itself.
            if turn.content.kind == .reply, turn.content.options.rereadsHistory { break }
        }
        guard count > 0 else {
            let kind = timeline.turns[timeline.current].content.kind
            throw ChatFailure(
                what: "there is nothing to look at yet",
                why: kind == .merge
                    ? "this place is a mean of two states, which no tokens led to" : "nothing has been said here",
                advice: "say something first")
        }
        let (checkpoint, recomputed) = try await checkpoint(of: base)
        try await engine.observe(turns, from: checkpoint, rereadTokens: recomputed)
    }
}
