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
    private let template: any ChatTemplate
    private let thread: EngineThread
    /// The answer that is being made, for `stop()`.
    private nonisolated let current = Mutex<StopFlag?>(nil)

    private var runner: ModelRunner
    private var history: [ChatMessage]
    /// Tokens of the conversation; the state holds as many, unless it was lost.
    private var conversationTokens = 0
    private var sampler: Sampler?
    /// The seed that was asked for when the sampler was made.
    private var samplerSeed: UInt64?

    private typealias Events = AsyncStream<GenerationEvent>.Continuation

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe thread.asUnownedSerialExecutor()
    }

    /// Starts a conversation with `systemPrompt`, or with the model's own.
    package init(_ loaded: LoadedModel, systemPrompt: String? = nil, chunkSize: Int = ModelRunner.defaultChunkSize)
        throws
    {
        guard case .success(let template?) = loaded.template else {
            let why =
                if case .failure(let error) = loaded.template { error.description } else {
                    "its file has no chat template"
                }
            throw ChatFailure(
                what: "can't chat with \(loaded.summary.title)", why: why,
                advice: "hiss eval or hiss bench, which need no template, or another model")
        }
        self.loaded = loaded
        self.template = template
        summary = loaded.summary
        thread = EngineThread(name: "hiss-engine")
        runner = ModelRunner(loaded.model, chunkSize: chunkSize)
        history = Self.opening(systemPrompt)
    }

    package nonisolated func reply(to text: String, options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        let flag = StopFlag()
        current.withLock { $0 = flag }
        let (stream, continuation) = AsyncStream.makeStream(of: GenerationEvent.self)
        continuation.onTermination = { _ in flag.set() }
        Task { await answer(text, options: options, stop: flag, events: continuation) }
        return stream
    }

    package nonisolated func stop() {
        current.withLock { $0?.set() }
    }

    package func reset(systemPrompt: String?) {
        runner = ModelRunner(loaded.model, chunkSize: runner.chunkSize)
        history = Self.opening(systemPrompt)
        conversationTokens = 0
        sampler = nil
    }

    /// What the model remembers now: a value, so a checkpoint.
    package var state: SequenceState { runner.state }

    private static func opening(_ systemPrompt: String?) -> [ChatMessage] {
        systemPrompt.map { [ChatMessage(role: .system, text: $0)] } ?? []
    }

    /// Makes one turn, and leaves everything as it was if the turn's prompt can't be read to its end.
    private func answer(_ text: String, options: GenerationOptions, stop: StopFlag, events: Events) {
        let before = (state: runner.state, tokens: conversationTokens)
        var turn = Turn(options: options, stop: stop)
        do {
            if try read(text, turn: &turn, events: events) {
                let reason = try decode(turn: &turn, events: events)
                history += [ChatMessage(role: .user, text: text), ChatMessage(role: .assistant, text: turn.text)]
                events.yield(.finished(reason, metrics(turn.metrics)))
            } else {
                (runner.state, conversationTokens) = before
                events.yield(.finished(.withdrawn, metrics(turn.metrics)))
            }
        } catch {
            (runner.state, conversationTokens) = before
            events.yield(.failed(ChatFailure(error)))
        }
        events.finish()
    }

    /// Feeds the turn's prompt in pieces, so that progress shows; returns false when it was stopped before the end.
    private func read(_ text: String, turn: inout Turn, events: Events) throws -> Bool {
        let pieces = try TurnPrompt.pieces(for: text, after: history, template: template)
        var prompt = loaded.tokenizer.encode(pieces, isContinuation: conversationTokens > 0)
        // What the tokenizer wants in front of a text, unless the template has written it.
        let prefix = loaded.tokenizer.vocabulary.prefix
        if conversationTokens == 0, !prompt.starts(with: prefix) { prompt = prefix + prompt }
        let clock = ContinuousClock()
        let start = clock.now
        for first in stride(from: 0, to: prompt.count, by: runner.chunkSize) {
            guard !turn.stop.isSet else { return false }
            let piece = Array(prompt[first..<min(first + runner.chunkSize, prompt.count)])
            try feed(piece, wanting: first + piece.count == prompt.count ? .last : .none, metrics: &turn.metrics)
            turn.metrics.promptTokens += piece.count
            turn.metrics.prefillSeconds = (clock.now - start).seconds
            events.yield(.prefill(done: first + piece.count, total: prompt.count))
        }
        return true
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
            let token = sampler.choose(from: runner.logits)
            if turn.metrics.timeToFirstToken == nil {
                turn.metrics.timeToFirstToken = (clock.now - turn.asked).seconds
            }
            guard !loaded.tokenizer.endOfTurn.contains(token) else {
                return finish(.endOfTurn, turn: &turn, events: events)
            }
            let probability = runner.probability(of: token)
            sampler.observe(token)
            let (text, stopped) = turn.filter.push(turn.decoder.append(loaded.tokenizer.bytes(of: token)))
            turn.text += text
            try feed([token], wanting: .last, metrics: &turn.metrics)
            turn.metrics.completionTokens += 1
            turn.metrics.decodeSeconds = (clock.now - start).seconds
            turn.metrics = metrics(turn.metrics)
            events.yield(.token(SampledToken(id: token, text: text, probability: probability), turn.metrics))
            if stopped { return .stopText }
        }
    }

    /// Passes on text that was held back: of an incomplete character, or of what might have become a stop text.
    private func finish(_ reason: FinishReason, turn: inout Turn, events: Events) -> FinishReason {
        let (text, _) = turn.filter.push(turn.decoder.finish())
        let rest = text + turn.filter.finish()
        turn.text += rest
        if !rest.isEmpty { events.yield(.text(rest)) }
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

/// What one turn carries along.
private struct Turn {
    let options: GenerationOptions
    let stop: StopFlag
    let asked = ContinuousClock().now
    var metrics = Metrics()
    var text = ""
    var decoder = StreamingDecoder()
    var filter: StopTextFilter

    init(options: GenerationOptions, stop: StopFlag) {
        self.options = options
        self.stop = stop
        filter = StopTextFilter(options.stopTexts)
    }
}

/// Set once, from any thread, to end an answer.
private final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }

    func set() {
        flag.store(true, ordering: .releasing)
    }
}
