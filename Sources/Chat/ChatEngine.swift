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

    /// Stops the answer that is being made; its stream ends with `.finished(.cancelled, …)`.
    func stop()

    /// Forgets everything and starts over, with `systemPrompt` or else the model's own.
    /// The new state equals a cold start to the bit.
    func reset(systemPrompt: String?) async
}
