extension ChatSession {
    /// Answers as `reply` does, and tells the engine that follows of each token.
    nonisolated func lead(
        _ text: String, options: GenerationOptions, channel: LeadChannel
    ) -> AsyncStream<GenerationEvent> {
        stream(options) { session in
            (AnswerPlan(question: text), session.engine.lead(text, options: options, channel: channel))
        }
    }

    /// Keeps a turn of what another session's engine says.
    nonisolated func follow(
        _ text: String, options: GenerationOptions, channel: LeadChannel
    ) -> AsyncStream<GenerationEvent> {
        stream(options) { session in
            (AnswerPlan(question: text), session.engine.follow(text, options: options, channel: channel))
        }
    }
}
