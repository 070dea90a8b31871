extension ChatSession {
    /// Where the turn of an answer goes, and what it was.
    struct AnswerPlan: Sendable {
        var kind = TurnContent.Kind.reply
        /// Nil takes that of the turn beside it.
        var question: String?
        /// Whether it stands beside the current answer, instead of after it.
        var isBeside = false
        /// Tokens that were read again before the engine was asked.
        var recomputedTokens = 0
    }

    /// Answers as the engine does; the answer's end comes when its turn is kept.
    public nonisolated func reply(to text: String, options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        stream(options) { session in
            (AnswerPlan(question: text), session.engine.reply(to: text, options: options))
        }
    }

    /// Answers the current turn's question again, as a turn beside it.
    public nonisolated func answerAgain(options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        stream(options) { session in
            let recomputed = try await session.recallPrompt()
            return (
                AnswerPlan(isBeside: true, recomputedTokens: recomputed), session.engine.answerAgain(options: options)
            )
        }
    }

    /// Goes on with an answer that was cut off.
    public nonisolated func continueAnswer(options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        stream(options) { session in
            let timeline = await session.currentTimeline()
            let question = timeline.answer(at: timeline.current).first.map { timeline.turns[$0].content.question }
            return (
                AnswerPlan(kind: .continuation, question: question ?? ""),
                session.engine.continueAnswer(options: options)
            )
        }
    }

    /// Asks a turn's question in other words: goes to before that turn, and begins a branch.
    ///
    /// - Parameter label: the turn; nil is the current one
    public nonisolated func edit(_ label: String?, text: String, options: GenerationOptions)
        -> AsyncStream<GenerationEvent>
    {
        stream(options) { session in
            let timeline = await session.currentTimeline()
            let turn = try Self.turn(named: label, in: timeline)
            guard let first = timeline.answer(at: turn).first, let parent = timeline.turns[first].parent else {
                throw ChatFailure(
                    what: "there is no question to change", why: "turn \(timeline.turns[turn].label) has none",
                    advice: "/time")
            }
            let recomputed = try await session.move(to: parent)
            return (
                AnswerPlan(question: text, recomputedTokens: recomputed),
                session.engine.reply(to: text, options: options)
            )
        }
    }

    /// Goes `back` tokens into the current answer, takes `token` there and goes on: a turn beside the current one.
    public nonisolated func pick(_ token: Int32, back: Int, options: GenerationOptions)
        -> AsyncStream<GenerationEvent>
    {
        stream(options) { session in
            let recomputed = try await session.recallPrompt()
            return (
                AnswerPlan(isBeside: true, recomputedTokens: recomputed),
                session.engine.pick(token, back: back, options: options)
            )
        }
    }

    /// Answers on a copy of the conversation: no turn, nothing kept, and all as before.
    public nonisolated func ask(_ text: String, options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        engine.ask(text, options: options)
    }

    // MARK: -

    /// Begins an answer, passes it on and keeps its turn.
    nonisolated func stream(
        _ options: GenerationOptions,
        _ begin: @escaping @Sendable (ChatSession) async throws -> (AnswerPlan, AsyncStream<GenerationEvent>)
    ) -> AsyncStream<GenerationEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: GenerationEvent.self)
        let task = Task {
            await self.relay(options, begin, to: continuation)
            continuation.finish()
        }
        continuation.onTermination = { if case .cancelled = $0 { task.cancel() } }
        return stream
    }

    private func relay(
        _ options: GenerationOptions,
        _ begin: @escaping @Sendable (ChatSession) async throws -> (AnswerPlan, AsyncStream<GenerationEvent>),
        to continuation: AsyncStream<GenerationEvent>.Continuation
    ) async {
        do {
            try requireIdle("answer")
        } catch {
            continuation.yield(.failed(Self.failure(error)))
            return
        }
        isAnswering = true
        defer { isAnswering = false }
        _ = await currentTimeline()
        var before: (turn: Int, plan: AnswerPlan)?
        do {
            let stands = timeline?.current ?? 0
            let (plan, events) = try await begin(self)
            before = (stands, plan)
            if await pass(events, plan: plan, options: options, to: continuation) { return }
        } catch {
            continuation.yield(.failed(Self.failure(error)))
        }
        // Nothing came of it: what went elsewhere to begin goes back.
        if let before, before.plan.isBeside || before.turn != timeline?.current,
            before.turn < timeline?.turns.count ?? 0
        {
            _ = try? await move(to: before.turn)
        }
    }

    /// Passes an answer on; returns whether its turn was kept.
    private func pass(
        _ events: AsyncStream<GenerationEvent>, plan: AnswerPlan, options: GenerationOptions,
        to continuation: AsyncStream<GenerationEvent>.Continuation
    ) async -> Bool {
        var answer = ""
        var isKept = false
        for await event in events {
            switch event {
            case .prefill: break
            case .token(let token, _): answer += token.text
            case .text(let text): answer += text
            case .failed: break
            case .finished(.withdrawn, _): break
            case .finished(let reason, var metrics):
                metrics.recomputedTokens += plan.recomputedTokens
                await keep(answer, plan: plan, reason: reason, metrics: metrics, options: options)
                continuation.yield(.finished(reason, metrics))
                isKept = true
                continue
            }
            continuation.yield(event)
        }
        return isKept
    }

    /// Adds an answer's turn to the timeline and the store.
    private func keep(
        _ answer: String, plan: AnswerPlan, reason: FinishReason, metrics: Metrics, options: GenerationOptions
    ) async {
        let checkpoint = await engine.checkpoint()
        guard var timeline else { return }
        var parent = timeline.current
        var content = content(plan.kind, at: checkpoint)
        content.question = plan.question ?? ""
        if plan.isBeside, let first = timeline.answer(at: parent).first {
            if plan.question == nil { content.question = timeline.turns[first].content.question }
            parent = timeline.turns[first].parent ?? parent
        }
        (content.answer, content.reason) = (answer, reason)
        (content.options, content.metrics) = (options, metrics)
        // Another answer to the same question is no branch that anybody asked for.
        let isBranch = plan.kind == .reply && !plan.isBeside && !timeline.children(of: parent).isEmpty
        timeline.append(
            content, after: parent, checkpoint: checkpoint,
            branch: newBranch ?? (isBranch ? timeline.nextBranchName : nil))
        newBranch = nil
        self.timeline = timeline
        await save()
    }

    static func failure(_ error: any Error) -> ChatFailure {
        error as? ChatFailure ?? ChatFailure(what: "something went wrong", why: String(describing: error))
    }
}
