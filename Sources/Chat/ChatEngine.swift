/// What a front end needs of an engine.
///
/// Comparing models is holding two of these.
public protocol ChatEngine: Sendable {
    var summary: ModelSummary { get }

    /// Answers `text`, going on from all that was said before. Nothing of that is read again.
    ///
    /// Cancelling the task that iterates, or dropping the stream, stops the answer at the next token; the partial
    /// answer stays in the state, so the next turn goes on from it.
    func reply(to text: String, options: GenerationOptions) -> AsyncStream<GenerationEvent>

    /// Answers the last question again, from where its prompt had been read, and forgets the answer that it had.
    func answerAgain(options: GenerationOptions) -> AsyncStream<GenerationEvent>

    /// Stops the answer that is being made; its stream ends with `.finished(.cancelled, …)`.
    func stop()

    /// Forgets everything and starts over, with `systemPrompt` or else the model's own.
    /// The new state equals a cold start to the bit.
    func reset(systemPrompt: String?) async

    /// The place where the conversation stands, to come back to; between answers.
    func checkpoint() async -> Checkpoint

    /// Goes to a place where this engine has been; nothing is read again.
    ///
    /// - Throws: `ChatFailure` for another engine's checkpoint; then nothing has changed.
    func go(to checkpoint: Checkpoint) async throws
}
