/// What a front end needs of an engine.
///
/// Comparing models is holding two of these.
public protocol ChatEngine: Sendable {
    var summary: ModelSummary { get }

    // MARK: Answers

    /// Answers `text`, going on from all that was said before. Nothing of that is read again.
    ///
    /// Cancelling the task that iterates, or dropping the stream, stops the answer at the next token; the partial
    /// answer stays in the state, so the next turn goes on from it.
    func reply(to text: String, options: GenerationOptions) -> AsyncStream<GenerationEvent>

    /// Answers the last question again, from where its prompt had been read, and forgets the answer that it had.
    func answerAgain(options: GenerationOptions) -> AsyncStream<GenerationEvent>

    /// Goes on with an answer that was cut off, as if nothing had cut it off; the events tell of what is added.
    func continueAnswer(options: GenerationOptions) -> AsyncStream<GenerationEvent>

    /// Answers `text` on a copy of the conversation: afterwards all is as before, to the bit.
    func ask(_ text: String, options: GenerationOptions) -> AsyncStream<GenerationEvent>

    /// Answers as `reply` does, and tells another engine with the same tokens of each of them, before it is fed.
    func lead(_ text: String, options: GenerationOptions, channel: LeadChannel) -> AsyncStream<GenerationEvent>

    /// Makes a turn of what a leading engine feeds: its tokens, with what this model would have said in their place.
    func follow(_ text: String, options: GenerationOptions, channel: LeadChannel) -> AsyncStream<GenerationEvent>

    /// Stops the answer that is being made; its stream ends with `.finished(.cancelled, …)`.
    func stop()

    /// Forgets everything and starts over, with `systemPrompt` or else the model's own.
    /// The new state equals a cold start to the bit.
    func reset(systemPrompt: String?) async

    // MARK: Places

    /// The place where the conversation stands, to come back to; between answers.
    func checkpoint() async -> Checkpoint

    /// Goes to a place where this engine has been; nothing is read again.
    ///
    /// - Throws: `ChatFailure` for another engine's checkpoint; then nothing has changed.
    func go(to checkpoint: Checkpoint) async throws

    /// The place where a conversation with this system prompt begins.
    func beginning(systemPrompt: String?) async -> Checkpoint

    /// Feeds what turns fed, in the same pieces, and returns where they lead: the same place to the bit.
    ///
    /// - Parameters:
    ///   - turns: each after the one before; the first comes after `checkpoint`
    ///   - progress: told how many tokens were fed
    /// - Throws: `ChatFailure` when it was stopped, or where turns can't be fed again. The conversation stays where it is.
    func replay(_ turns: [TurnContent], from checkpoint: Checkpoint, progress: @escaping @Sendable (Int) -> Void)
        async throws -> Checkpoint

    /// How two places differ, with at most `top` tokens and heads in each list; the labels are left empty.
    func difference(from first: Checkpoint, to second: Checkpoint, top: Int) async throws -> StateDifference

    /// A place between two: an experiment, the mean of recurrent states.
    ///
    /// - Parameter weight: of the second, 0 to 1
    /// - Throws: `ChatFailure` where layers hold keys and values of different tokens, which have no mean.
    func merge(_ first: Checkpoint, _ second: Checkpoint, weight: Double) async throws -> Checkpoint

    // MARK: Inside the last answer

    /// Looks at the place `back` tokens before the last answer's end; the conversation stays where it is.
    func look(back: Int, top: Int) async throws -> TokenPlace

    /// Goes `back` tokens into the last answer, takes `token` there and goes on with the answer.
    func pick(_ token: Int32, back: Int, options: GenerationOptions) -> AsyncStream<GenerationEvent>

    // MARK: Storage

    /// Which states this engine can go on with.
    var identity: ModelIdentity { get }

    /// A place as files.
    func encode(_ checkpoint: Checkpoint) async throws -> EncodedSnapshot

    /// The place where the prompt of a place's last answer had been read, as files; nil where there is no such place.
    func encodePrompt(of checkpoint: Checkpoint) async throws -> EncodedSnapshot?

    /// Reads a place from its files; where its last question had been read is not known then.
    ///
    /// - Parameter answer: the last question's turn, and the continuations that followed
    /// - Throws: `ChatFailure` that says what does not fit, or is damaged.
    func decode(_ files: SnapshotFiles, answer: [TurnContent]) async throws -> Checkpoint

    /// Reads from its files where the last question had been read; the conversation stays where it is.
    ///
    /// - Throws: `ChatFailure` that says what does not fit, or is damaged.
    func recallPrompt(_ files: SnapshotFiles) async throws

    /// Writes a conversation with all its kept places, one after the other, as one file that another machine goes on with.
    ///
    /// - Throws: `ChatFailure`; then there is no file.
    func write(_ session: PortableSession, to path: String) async throws

    /// Reads such a file; its places are read when they are asked for.
    ///
    /// - Throws: `ChatFailure` that says what does not fit, or is damaged; so do the places.
    func decodeSession(_ path: String) async throws -> PortableSession

    /// What the model's memory holds where the conversation stands.
    ///
    /// - Parameter top: how many tokens are named that could come next
    func stateReading(top: Int) async throws -> StateReading

    /// Measures how fast the model reads and writes so many tokens, on a state of its own; `stop()` stops it.
    ///
    /// - Throws: `ChatFailure` when it was stopped
    func measureSpeed(tokens: Int) async throws -> SpeedReading

    // MARK: Looking inside

    /// The places in the sequence of the tokens that `insight` can look at; empty where none is traced.
    func tracedTokens() async -> Range<Int>

    /// Feeds what turns fed once more, on a copy and with traces, for `insight`: the conversation stays as it is, to the
    /// bit. The copy lasts until the conversation goes on, or `endObservation`.
    ///
    /// - Parameters:
    ///   - turns: each after the one before; the first comes after `checkpoint`
    ///   - rereadTokens: tokens that were read again to get to `checkpoint`
    /// - Throws: `ChatFailure` when it was stopped, or where turns can't be fed again.
    func observe(_ turns: [TurnContent], from checkpoint: Checkpoint, rereadTokens: Int) async throws

    /// Lets go of the copy that `observe` made.
    func endObservation() async

    /// Looks at what a token reads from; between answers, of what was traced while `GenerationOptions.traces` was on, or
    /// of what `observe` read.
    ///
    /// - Throws: `ChatFailure` where there is nothing to look at.
    func insight(_ query: InsightQuery) async throws -> Insight
}
