/// Two conversations that get the same prompts.
public actor ChatPair {
    public enum Side: String, Sendable, CaseIterable {
        case a = "A"
        case b = "B"

        public var other: Side { self == .a ? .b : .a }
    }

    /// How the two are fed.
    public enum Mode: String, Sendable, CaseIterable {
        /// Each says what it wants.
        case free
        /// Both are fed the leader's tokens, one at a time.
        case lockstep
    }

    /// What happens on one side.
    public struct Event: Sendable {
        public var side: Side
        public var event: GenerationEvent

        public init(side: Side, event: GenerationEvent) {
            self.side = side
            self.event = event
        }
    }

    public nonisolated let a: ChatSession
    public nonisolated let b: ChatSession
    public private(set) var mode: Mode
    /// Whose tokens both are fed in lock-step.
    public private(set) var leader = Side.a

    /// - Throws: `ChatFailure` where lock-step is asked of models with other tokens.
    public init(_ a: ChatSession, _ b: ChatSession, mode: Mode) throws {
        self.a = a
        self.b = b
        self.mode = mode
        try Self.check(a, b, mode)
    }

    /// Changes how the two are fed from the next prompt on.
    ///
    /// - Throws: `ChatFailure` where lock-step is asked of models with other tokens.
    public func setMode(_ mode: Mode) throws {
        try Self.check(a, b, mode)
        self.mode = mode
    }

    /// Lets the one that follows read what the leader has, and feeds both the leader's tokens from then on.
    ///
    /// - Returns: the side that follows, and where it stands then
    /// - Throws: `ChatFailure` where the models have other tokens, or what was said can't be read again
    public func join() async throws -> (side: Side, place: ChatSession.Place) {
        try Self.check(a, b, .lockstep)
        let side = leader.other
        let place = try await session(side).adoptTurns(of: session(leader))
        mode = .lockstep
        return (side, place)
    }

    /// Whether one can be fed the other's tokens.
    public nonisolated var sharesTokens: Bool { a.engine.identity.tokenizer == b.engine.identity.tokenizer }

    private static func check(_ a: ChatSession, _ b: ChatSession, _ mode: Mode) throws {
        let (first, second) = (a.engine.identity, b.engine.identity)
        guard mode == .free || first.tokenizer == second.tokenizer else {
            throw ChatFailure(
                what: "can't feed both models the same tokens",
                why: "\(first.name) has the tokenizer \(first.tokenizer.prefix(8))..., \(second.name) has "
                    + "\(second.tokenizer.prefix(8))...", advice: "without --lockstep, where each says its own")
        }
    }

    public nonisolated func session(_ side: Side) -> ChatSession { side == .a ? a : b }

    /// Gives the lead to the other side.
    public func swapLead() { leader = leader.other }

    /// Asks both at once, and passes on what happens on each side; ends when both have ended.
    public func reply(to text: String, options: GenerationOptions) -> AsyncStream<Event> {
        let streams: [(Side, AsyncStream<GenerationEvent>)]
        let channel = LeadChannel()
        switch mode {
        case .lockstep:
            streams = [
                (leader, session(leader).lead(text, options: options, channel: channel)),
                (leader.other, session(leader.other).follow(text, options: options, channel: channel)),
            ]
        case .free:
            streams = Side.allCases.map { ($0, session($0).reply(to: text, options: options)) }
        }
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self)
        let task = Task {
            await withTaskGroup { group in
                for (side, events) in streams {
                    group.addTask {
                        for await event in events { continuation.yield(Event(side: side, event: event)) }
                        // Who was refused before it began would be waited for.
                        channel.close()
                    }
                }
            }
            continuation.finish()
        }
        continuation.onTermination = { if case .cancelled = $0 { task.cancel() } }
        return stream
    }

    /// Stops both.
    public nonisolated func stop() {
        a.stop()
        b.stop()
    }
}
