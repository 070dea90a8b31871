package import Chat
import Engine
import Synchronization
import Tokenization

/// A conversation on a loaded model: text in, events out. The one place where a turn happens.
///
/// Decoding runs on the engine's own thread. While an answer is being made other calls wait: stop first.
package actor LocalEngine: ChatEngine {
    package nonisolated let summary: ModelSummary
    package nonisolated let loaded: LoadedModel
    let form: ChatForm
    private let thread: EngineThread
    /// The answer that is being made, for `stop()`.
    private nonisolated let current = Mutex<StopFlag?>(nil)

    var runner: ModelRunner
    var history: [ChatMessage]
    /// Tokens of the conversation; the state holds as many, unless it was lost.
    var conversationTokens = 0
    /// What the state holds after the last answer's text: a stop text of the form, which is the next prompt's beginning.
    var overrun = ""
    var sampler: Sampler?
    /// The seed that was asked for when the sampler was made.
    var samplerSeed: UInt64?

    /// How to go on with the last answer, if it was cut off.
    var cutOff: CutOffAnswer?
    /// The last question's answer and how it came about, if there is one.
    var last: LastAnswer?
    /// What the last turn fed.
    var fed: FedTokens
    /// The last places inside the last answer.
    var ring = AnswerRing()
    /// Places inside the last answer that were read again.
    var reread = AnswerRing()
    let coding: SnapshotCoding
    /// What is looked at beside the conversation.
    var observation = Observation()

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
        fed = FedTokens(chunkSize: chunkSize)
        coding = SnapshotCoding(loaded.model, identity: loaded.identity)
    }

    package nonisolated func reply(to text: String, options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        stream { await self.answer(text, options: options, stop: $0, events: $1) }
    }

    package nonisolated func answerAgain(options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        stream { await self.answerAgain(options: options, stop: $0, events: $1) }
    }

    package nonisolated func continueAnswer(options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        stream { await self.continueAnswer(options: options, stop: $0, events: $1) }
    }

    package nonisolated func ask(_ text: String, options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        stream { await self.ask(text, options: options, stop: $0, events: $1) }
    }

    package nonisolated func pick(_ token: Int32, back: Int, options: GenerationOptions)
        -> AsyncStream<GenerationEvent>
    {
        stream { await self.pick(token, back: back, options: options, stop: $0, events: $1) }
    }

    package nonisolated var identity: ModelIdentity { loaded.identity }

    /// Starts to make an answer, which `stop()` and the stream's end stop.
    nonisolated func stream(
        _ make: @escaping @Sendable (StopFlag, @escaping @Sendable (GenerationEvent) -> Void) async -> Void
    ) -> AsyncStream<GenerationEvent> {
        let flag = beginStoppable()
        let (stream, continuation) = AsyncStream.makeStream(of: GenerationEvent.self)
        continuation.onTermination = { _ in flag.set() }
        Task {
            await make(flag) { continuation.yield($0) }
            continuation.finish()
            ProcessMemory.giveBack()
        }
        return stream
    }

    package nonisolated func stop() {
        current.withLock { $0?.set() }
    }

    /// A flag that `stop()` sets.
    nonisolated func beginStoppable() -> StopFlag {
        let flag = StopFlag()
        current.withLock { $0 = flag }
        return flag
    }

    package func reset(systemPrompt: String?) {
        runner = ModelRunner(loaded.model, chunkSize: runner.chunkSize)
        history = Self.opening(systemPrompt)
        (conversationTokens, overrun, cutOff) = (0, "", nil)
        (sampler, samplerSeed) = (nil, nil)
        coding.forgetPages()
        observation = Observation()
        forgetAnswer()
    }

    /// Forgets how the last answer came about.
    func forgetAnswer() {
        last = nil
        fed = FedTokens(chunkSize: runner.chunkSize)
        ring.clear()
        reread.clear()
    }

    static func opening(_ systemPrompt: String?) -> [ChatMessage] {
        systemPrompt.map { [ChatMessage(role: .system, text: $0)] } ?? []
    }
}
