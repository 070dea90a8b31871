package import Chat
import Engine

extension LocalEngine {
    package func replay(
        _ turns: [TurnContent], from checkpoint: Checkpoint, progress: @escaping @Sendable (Int) -> Void
    ) throws -> Checkpoint {
        var replay = Replay(
            try content(of: checkpoint), model: loaded.model, stop: beginStoppable(), progress: progress)
        for turn in turns { try replay.feed(turn) }
        return self.checkpoint(replay.place)
    }
}

/// Feeds again what turns fed, in the same pieces.
private struct Replay {
    /// Where it leads so far.
    private(set) var place: ModelCheckpoint
    private var runner: ModelRunner
    private let stop: StopFlag
    private let progress: @Sendable (Int) -> Void
    private var count = 0

    init(_ place: ModelCheckpoint, model: Model, stop: StopFlag, progress: @escaping @Sendable (Int) -> Void) {
        self.place = place
        self.stop = stop
        self.progress = progress
        runner = ModelRunner(model)
        runner.restore(place.snapshot.state, logits: place.snapshot.logits)
    }

    /// Feeds a turn.
    mutating func feed(_ turn: TurnContent) throws {
        let resumption = try Resumption(parsing: turn.resumption)
        var history = place.snapshot.history
        var last = place.last
        switch turn.kind {
        case .reply:
            if resumption.startsOver { runner.state = runner.model.architecture.makeState() }
            try feed(turn.fed.prompt, chunkSize: turn.fed.chunkSize)
            var asked = place.snapshot
            (asked.state, asked.logits, asked.cutOff) = (runner.state, runner.logits, nil)
            (asked.question, asked.tokenCount) = (turn.question, max(asked.tokenCount, runner.state.position))
            last = LastAnswer(prompt: asked, promptTokens: turn.fed.prompt, startsOver: resumption.startsOver)
            history.append(ChatMessage(role: .user, text: turn.question))
            history.append(ChatMessage(role: .assistant, text: turn.answer))
        case .continuation:
            guard history.last?.role == .assistant else {
                throw ChatFailure(what: "can't read a turn again", why: "it goes on with an answer that is not there")
            }
            history[history.count - 1].text += turn.answer
        case .beginning, .merge:
            throw ChatFailure(
                what: "can't make a place again",
                why: turn.kind == .merge
                    ? "it is a mean of two others, which no text leads to"
                    : "it begins where another conversation stood, which is not kept here")
        }
        try feed(turn.fed.completion, chunkSize: 1)
        last?.tokens += turn.fed.completion
        last?.draws = resumption.draws
        place = ModelCheckpoint(
            model: place.model,
            snapshot: ConversationSnapshot(
                state: runner.state, logits: runner.logits, history: history, resumption: resumption),
            last: last, fed: turn.fed)
    }

    /// Feeds tokens in pieces, with the last one's logits.
    private mutating func feed(_ tokens: [Int32], chunkSize: Int) throws {
        guard chunkSize > 0 else {
            throw ChatFailure(what: "can't read a turn again", why: "its pieces have no tokens")
        }
        // The conversation's trace is of other tokens.
        runner.trace(nil)
        if runner.chunkSize < chunkSize {
            let before = runner
            runner = ModelRunner(before.model, chunkSize: chunkSize)
            runner.restore(before.state, logits: before.logits)
        }
        for first in stride(from: 0, to: tokens.count, by: chunkSize) {
            guard !stop.isSet else {
                throw ChatFailure(what: "reading again was stopped", why: "\(count) tokens were read", isRefusal: true)
            }
            let piece = Array(tokens[first..<min(first + chunkSize, tokens.count)])
            try runner.feed(piece, wanting: first + piece.count == tokens.count ? .last : .none)
            count += piece.count
            progress(count)
        }
    }
}
