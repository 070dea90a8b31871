package import Chat
package import Engine
import Synchronization
import Tokenization

/// A conversation on a loaded model: text in, events out. The one place where a turn happens.
///
/// Decoding runs on the engine's own thread. While an answer is being made other calls wait: stop first.
package actor LocalEngine: ChatEngine {
    package nonisolated let summary: ModelSummary
    private let loaded: LoadedModel
    private let form: ChatForm
    private let thread: EngineThread
    /// The answer that is being made, for `stop()`.
    private nonisolated let current = Mutex<StopFlag?>(nil)

    private var runner: ModelRunner
    private var history: [ChatMessage]
    /// Tokens of the conversation; the state holds as many, unless it was lost.
    private var conversationTokens = 0
    /// What the state holds after the last answer's text: a stop text of the form, which is the next prompt's beginning.
    private var overrun = ""
    private var sampler: Sampler?
    /// The seed that was asked for when the sampler was made.
    private var samplerSeed: UInt64?

    /// The last question, and the place where its prompt had been read.
    private var asked: Asked?

    /// Takes what happens, on the engine's thread.
    typealias Events = (GenerationEvent) -> Void

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe thread.asUnownedSerialExecutor()
    }

    /// Starts a conversation with `systemPrompt`, or with the model's own.
    package init(_ loaded: LoadedModel, systemPrompt: String? = nil, chunkSize: Int = ModelRunner.defaultChunkSize)
        throws
    {
        do {
            form = try loaded.form.get()
        } catch {
            throw ChatFailure(
                what: "can't chat with \(loaded.summary.title) in its own way", why: error.description,
                advice: "--template with one of " + BuiltInTemplates.all.map { $0.name }.joined(separator: ", "))
        }
        self.loaded = loaded
        summary = loaded.summary
        thread = EngineThread(name: "hiss-engine")
        runner = ModelRunner(loaded.model, chunkSize: chunkSize)
        history = Self.opening(systemPrompt)
    }

    package nonisolated func reply(to text: String, options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        stream { await self.answer(text, options: options, stop: $0, events: $1) }
    }

    package nonisolated func answerAgain(options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        stream { await self.answerAgain(options: options, stop: $0, events: $1) }
    }

    /// Starts to make an answer, which `stop()` and the stream's end stop.
    private nonisolated func stream(
        _ make: @escaping @Sendable (StopFlag, @escaping @Sendable (GenerationEvent) -> Void) async -> Void
    ) -> AsyncStream<GenerationEvent> {
        let flag = StopFlag()
        current.withLock { $0 = flag }
        let (stream, continuation) = AsyncStream.makeStream(of: GenerationEvent.self)
        continuation.onTermination = { _ in flag.set() }
        Task {
            await make(flag) { continuation.yield($0) }
            continuation.finish()
        }
        return stream
    }

    package nonisolated func stop() {
        current.withLock { $0?.set() }
    }

    package func reset(systemPrompt: String?) {
        runner = ModelRunner(loaded.model, chunkSize: runner.chunkSize)
        history = Self.opening(systemPrompt)
        conversationTokens = 0
        overrun = ""
        sampler = nil
        asked = nil
    }

    /// What the model remembers now.
    package var state: SequenceState { runner.state }

    /// All that going on from here needs: a value, which shares its memory with the conversation until that goes on.
    package func snapshot() -> ConversationSnapshot {
        ConversationSnapshot(
            state: runner.state, logits: runner.logits, sampler: sampler?.position, seed: samplerSeed, history: history,
            tokenCount: conversationTokens, overrun: overrun)
    }

    /// Goes back, or over, to where a snapshot of the same model was taken; nothing is read again.
    package func restore(_ snapshot: ConversationSnapshot) {
        runner.restore(snapshot.state, logits: snapshot.logits)
        // The next answer brings its settings.
        sampler = snapshot.sampler.map { Sampler(SamplerSettings(.greedy), at: $0) }
        (samplerSeed, history) = (snapshot.seed, snapshot.history)
        (conversationTokens, overrun) = (snapshot.tokenCount, snapshot.overrun)
    }

    package func checkpoint() -> Checkpoint {
        let snapshot = snapshot()
        return Checkpoint(
            byteCount: snapshot.byteCount + (asked?.place.byteCount ?? 0), tokensSeen: snapshot.state.position,
            content: ModelCheckpoint(model: ObjectIdentifier(loaded), snapshot: snapshot, asked: asked))
    }

    package func go(to checkpoint: Checkpoint) throws {
        guard let content = checkpoint.content as? ModelCheckpoint, content.model == ObjectIdentifier(loaded) else {
            throw ChatFailure(
                what: "can't go back to that place", why: "it belongs to another model than \(summary.name)")
        }
        restore(content.snapshot)
        asked = content.asked
    }

    private static func opening(_ systemPrompt: String?) -> [ChatMessage] {
        systemPrompt.map { [ChatMessage(role: .system, text: $0)] } ?? []
    }

    /// Makes one turn, and leaves everything as it was if the turn's prompt can't be read to its end.
    func answer(_ text: String, options: GenerationOptions, stop: StopFlag, events: Events) {
        let before = (state: runner.state, tokens: conversationTokens)
        var turn = Turn(options: options, form: form, stop: stop)
        do {
            if try read(text, turn: &turn, events: events) {
                asked = Asked(text: text, place: snapshot())
                try finishTurn(text, turn: &turn, events: events)
            } else {
                (runner.state, conversationTokens) = before
                events(.finished(.withdrawn, metrics(turn.metrics)))
            }
        } catch {
            (runner.state, conversationTokens) = before
            events(.failed(ChatFailure(error)))
        }
    }

    /// Makes another answer to the last question; the sampler goes on, so that it can be another one.
    private func answerAgain(options: GenerationOptions, stop: StopFlag, events: Events) {
        guard let asked else {
            events(.failed(ChatFailure(what: "there is no answer to make again", why: "nothing has been asked yet")))
            return
        }
        let before = (snapshot: snapshot(), sampler: sampler)
        var turn = Turn(options: options, form: form, stop: stop)
        restore(asked.place)
        (sampler, samplerSeed) = (before.sampler, before.snapshot.seed)
        do {
            try finishTurn(asked.text, turn: &turn, events: events)
        } catch {
            restore(before.snapshot)
            sampler = before.sampler
            events(.failed(ChatFailure(error)))
        }
    }

    /// Answers a question whose prompt has been read.
    private func finishTurn(_ text: String, turn: inout Turn, events: Events) throws {
        let reason = try decode(turn: &turn, events: events)
        history += [ChatMessage(role: .user, text: text), ChatMessage(role: .assistant, text: turn.text)]
        overrun = turn.overrun
        events(.finished(reason, metrics(turn.metrics)))
    }

    /// Feeds the turn's prompt in pieces, so that progress shows; returns false when it was stopped before the end.
    private func read(_ text: String, turn: inout Turn, events: Events) throws -> Bool {
        let rereads = turn.options.rereadsHistory && conversationTokens > 0
        let prompt = try rereads ? wholePrompt(for: text) : prompt(for: text)
        if rereads {
            // All but the turn's own part was read before.
            let turnTokens = (try? self.prompt(for: text))?.count ?? loaded.tokenizer.encode([.text(text)]).count
            runner.state = loaded.model.architecture.makeState()
            conversationTokens = max(0, prompt.count - turnTokens)
        }
        try checkRoom(for: prompt.count, options: turn.options)
        let clock = ContinuousClock()
        let start = clock.now
        for first in stride(from: 0, to: prompt.count, by: runner.chunkSize) {
            guard !turn.stop.isSet else { return false }
            let piece = Array(prompt[first..<min(first + runner.chunkSize, prompt.count)])
            try feed(piece, wanting: first + piece.count == prompt.count ? .last : .none, metrics: &turn.metrics)
            turn.metrics.promptTokens += piece.count
            turn.metrics.prefillSeconds = (clock.now - start).seconds
            events(.prefill(done: first + piece.count, total: prompt.count))
        }
        return true
    }

    /// The tokens of a turn's prompt: what is new in the conversation.
    private func prompt(for text: String) throws -> [Int32] {
        var pieces = try TurnPrompt.pieces(for: text, after: history, template: form.template)
        if let rest = pieces.droppingPrefix(overrun) { pieces = rest }
        return try tokens(of: pieces, isContinuation: conversationTokens > 0)
    }

    /// The tokens of the whole conversation with a turn, as the template renders it.
    private func wholePrompt(for text: String) throws -> [Int32] {
        let pieces = try TurnPrompt.wholeConversation(with: text, after: history, template: form.template)
        return try tokens(of: pieces, isContinuation: false)
    }

    private func tokens(of pieces: [PromptPiece], isContinuation: Bool) throws -> [Int32] {
        let tokens = loaded.tokenizer.encode(pieces, isContinuation: isContinuation)
        // What the tokenizer wants in front of a text, unless the template has written it.
        let prefix = loaded.tokenizer.vocabulary.prefix
        let prompt = isContinuation || tokens.starts(with: prefix) ? tokens : prefix + tokens
        guard !prompt.isEmpty else {
            throw ChatFailure(
                what: "there is nothing to read", why: "the chat template makes no text of this conversation",
                advice: "--template NAME", isRefusal: true)
        }
        return prompt
    }

    /// Throws where keys and values of `count` more tokens would pass the limit.
    private func checkRoom(for count: Int, options: GenerationOptions) throws {
        guard !runner.state.hasRoom(for: count, within: options.maxKeyValueBytes) else { return }
        let (held, limit) = (runner.state.growingBytes, options.maxKeyValueBytes >> 20)
        let needed = held + min(runner.state.growth(by: count), .max - held)
        throw ChatFailure(
            what: "there is no room for this turn",
            why:
                "the keys and values of the \(runner.state.position) tokens read so far take \(mebibytes(held)) MiB, with "
                + "this turn's \(count) tokens \(mebibytes(needed)) MiB; the limit is \(limit) MiB",
            advice: "/reset, or --kv-max-mb \(max(limit * 2, (needed >> 20) * 2 + 1))", isRefusal: true)
    }

    /// Samples and feeds tokens until the answer ends.
    private func decode(turn: inout Turn, events: Events) throws -> FinishReason {
        var sampler = takeSampler(turn.options.sampling)
        sampler.beginAnswer()
        defer { self.sampler = sampler }
        let clock = ContinuousClock()
        let start = clock.now
        while true {
            guard !turn.stop.isSet else { return finish(.cancelled, turn: &turn, events: events) }
            if let limit = turn.options.maxTokens, turn.metrics.completionTokens >= limit {
                return finish(.limit, turn: &turn, events: events)
            }
            guard runner.state.hasRoom(for: 1, within: turn.options.maxKeyValueBytes) else {
                return finish(.memoryLimit, turn: &turn, events: events)
            }
            let token = sampler.choose(from: runner.logits)
            if turn.metrics.timeToFirstToken == nil {
                turn.metrics.timeToFirstToken = (clock.now - turn.asked).seconds
            }
            guard !loaded.tokenizer.endOfTurn.contains(token) else {
                return finish(.endOfTurn, turn: &turn, events: events)
            }
            let prediction = runner.prediction(of: token)
            sampler.observe(token)
            let text = turn.take(loaded.tokenizer.bytes(of: token))
            try feed([token], wanting: .last, metrics: &turn.metrics)
            turn.metrics.completionTokens += 1
            turn.metrics.decodeSeconds = (clock.now - start).seconds
            turn.metrics = metrics(turn.metrics)
            let chosen = SampledToken(
                id: token, text: text, probability: prediction.probability, entropy: prediction.entropy)
            events(.token(chosen, turn.metrics))
            if turn.isStopped { return .stopText }
        }
    }

    /// Passes on text that was held back: of an incomplete character, or of what might have become a stop text.
    private func finish(_ reason: FinishReason, turn: inout Turn, events: Events) -> FinishReason {
        let rest = turn.finish()
        if !rest.isEmpty { events(.text(rest)) }
        return reason
    }

    /// Feeds tokens, and counts those that the conversation had read before.
    private func feed(_ tokens: [Int32], wanting: ModelRunner.WantedLogits, metrics: inout Metrics) throws {
        let position = runner.state.position
        try runner.feed(tokens, wanting: wanting)
        metrics.recomputedTokens += max(0, min(conversationTokens - position, tokens.count))
        conversationTokens = max(conversationTokens, runner.state.position)
    }

    /// The conversation's sampler with this turn's settings; another seed starts it over.
    private func takeSampler(_ options: SamplingOptions) -> Sampler {
        let settings = SamplerSettings(options)
        if var sampler, options.seed == samplerSeed {
            sampler.settings = settings
            return sampler
        }
        samplerSeed = options.seed
        return Sampler(settings, seed: options.seed ?? UInt64.random(in: .min ... .max))
    }

    /// `metrics` with the state's present size.
    private func metrics(_ metrics: Metrics) -> Metrics {
        var metrics = metrics
        metrics.stateBytes = runner.state.byteCount
        metrics.tokensSeen = runner.state.position
        return metrics
    }
}

/// What a `Checkpoint` of a `LocalEngine` holds.
private struct ModelCheckpoint: Sendable {
    let model: ObjectIdentifier
    let snapshot: ConversationSnapshot
    let asked: Asked?
}

/// A question, and the place where its prompt had been read.
private struct Asked: Sendable {
    let text: String
    let place: ConversationSnapshot
}

extension [PromptPiece] {
    /// The pieces without a text at their beginning, nil if they don't begin with it.
    fileprivate func droppingPrefix(_ prefix: String) -> [PromptPiece]? {
        var rest = prefix[...]
        var pieces = self[...]
        while !rest.isEmpty {
            guard case .markup(let text)? = pieces.popFirst() else { return nil }
            if text.hasPrefix(rest) {
                return [.markup(String(text.dropFirst(rest.count)))] + pieces
            }
            guard rest.hasPrefix(text) else { return nil }
            rest = rest.dropFirst(text.count)
        }
        return Array(pieces)
    }
}

/// A number of MiB with one digit after the point.
private func mebibytes(_ bytes: Int) -> Double {
    (Double(bytes) / 1_048_576 * 10).rounded() / 10
}
