/// A conversation with an engine in which one can go back and forth: what front ends hold.
///
/// Going anywhere puts the engine's state back; nothing is read again.
public actor ChatSession {
    /// Where to go.
    public enum Move: Sendable, Equatable {
        case undo(Int)
        case redo(Int)
        case turn(String)
    }

    /// Where the conversation stands after a move.
    public struct Place: Sendable {
        /// What has been said on the way here.
        public var messages: [ChatMessage]
        /// How many turns that are.
        public var turn: Int
        public var tokensSeen: Int
        /// What to tell the reader.
        public var note: String
    }

    public nonisolated let engine: any ChatEngine
    private var timeline: Timeline?

    /// A conversation that begins where `engine` stands.
    public init(_ engine: any ChatEngine) {
        self.engine = engine
    }

    /// Answers as the engine does; the answer's end comes when its turn can be gone back to.
    public nonisolated func reply(to text: String, options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        stream { await self.relay(self.engine.reply(to: text, options: options), of: text, to: $0) }
    }

    /// Answers the current turn's question again, as a turn beside it.
    public nonisolated func answerAgain(options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        stream { await self.relay(self.engine.answerAgain(options: options), of: nil, to: $0) }
    }

    private nonisolated func stream(
        _ relay: @escaping @Sendable (AsyncStream<GenerationEvent>.Continuation) async -> Void
    ) -> AsyncStream<GenerationEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: GenerationEvent.self)
        let task = Task {
            _ = await self.currentTimeline()
            await relay(continuation)
            continuation.finish()
        }
        continuation.onTermination = { if case .cancelled = $0 { task.cancel() } }
        return stream
    }

    /// Stops the answer that is being made.
    public nonisolated func stop() {
        engine.stop()
    }

    /// Forgets everything, the timeline too.
    public func reset(systemPrompt: String?) async {
        await engine.reset(systemPrompt: systemPrompt)
        timeline = nil
    }

    /// The turns as a list.
    public func listing() async -> String {
        await currentTimeline().listing
    }

    /// Goes to another turn.
    ///
    /// - Throws: `ChatFailure` that says why there is no such turn; then nothing has changed.
    public func go(_ move: Move) async throws -> Place {
        var timeline = await currentTimeline()
        let turn = try Self.target(of: move, in: timeline)
        guard let checkpoint = timeline.turns[turn].checkpoint else {
            throw ChatFailure(
                what: "can't go to turn \(timeline.turns[turn].label)",
                why: "its state was given up to keep memory within bounds", advice: "/time")
        }
        try await engine.go(to: checkpoint)
        timeline.move(to: turn)
        self.timeline = timeline
        let path = timeline.path
        let name = path.isEmpty ? "the beginning" : "turn \(timeline.turns[turn].label)"
        return Place(
            messages: path.flatMap {
                [ChatMessage(role: .user, text: $0.question), ChatMessage(role: .assistant, text: $0.answer)]
            }, turn: path.count, tokensSeen: checkpoint.tokensSeen,
            note:
                "At \(name): \(checkpoint.tokensSeen) tokens remembered, none read again. Nothing is deleted: /time lists"
                + " all turns.")
    }

    private static func target(of move: Move, in timeline: Timeline) throws -> Int {
        let (turn, why): (Int?, String) =
            switch move {
            case .undo(let count): (timeline.before(count), "this is the beginning")
            case .redo(let count): (timeline.after(count), "no turn was undone")
            case .turn(let label): (timeline.turn(labelled: label), "no turn has the number '\(label.prefix(16))'")
            }
        guard let turn else { throw ChatFailure(what: "there is no turn to go to", why: why, advice: "/time") }
        return turn
    }

    private func currentTimeline() async -> Timeline {
        if let timeline { return timeline }
        let beginning = Timeline(beginning: await engine.checkpoint())
        timeline = beginning
        return beginning
    }

    /// Passes an answer on, and adds its turn; without a question it is the current turn's.
    private func relay(
        _ events: AsyncStream<GenerationEvent>, of question: String?,
        to continuation: AsyncStream<GenerationEvent>.Continuation
    ) async {
        var answer = ""
        for await event in events {
            switch event {
            case .prefill: break
            case .token(let token, _): answer += token.text
            case .text(let text): answer += text
            case .finished(.withdrawn, _), .failed: break
            case .finished:
                let checkpoint = await engine.checkpoint()
                let asked = question ?? timeline.map { $0.turns[$0.current].question }
                timeline?.append(
                    question: asked ?? "", answer: answer, checkpoint: checkpoint, beside: question == nil)
            }
            continuation.yield(event)
        }
    }
}

extension ChatSession.Move {
    /// Reads what a command says; nil where its argument is none that it takes.
    public init?(_ command: Command.Name, argument: String) {
        let word = argument.filter { !$0.isWhitespace }
        switch command {
        case .undo, .redo:
            guard let count = word.isEmpty ? 1 : Int(word), count > 0 else { return nil }
            self = command == .undo ? .undo(count) : .redo(count)
        case .goto where !word.isEmpty: self = .turn(word)
        default: return nil
        }
    }
}
