package import Chat
package import Engine

/// All that a conversation needs to go on as if nothing had happened: a value.
///
/// Restored on the same model and continued, it gives the tokens of an uninterrupted run, to the bit.
package struct ConversationSnapshot: Sendable, Equatable {
    /// What the model remembers.
    package var state: SequenceState
    /// Logits after the last token that was read, `[vocabSize]`; empty before the first.
    package var logits: [Float]
    /// Where the sampler stands, nil before the first answer.
    package var sampler: Sampler.Position?
    /// The seed that was asked for when the sampler was made.
    package var seed: UInt64?
    /// The messages so far, the system prompt first if there is one.
    package var history: [ChatMessage]
    /// Tokens of the conversation: as many as the state has read, unless it was lost.
    package var tokenCount: Int
    /// What the state has read after the last answer's text: the beginning of the next prompt.
    package var overrun: String
    /// How to go on with the last answer, if it was cut off.
    package var cutOff: CutOffAnswer?
    /// The question whose prompt has been read, while it has no answer.
    package var question: String?

    package init(
        state: SequenceState, logits: [Float], sampler: Sampler.Position?, seed: UInt64?, history: [ChatMessage],
        tokenCount: Int, overrun: String, cutOff: CutOffAnswer? = nil, question: String? = nil
    ) {
        self.state = state
        self.logits = logits
        self.sampler = sampler
        self.seed = seed
        self.history = history
        self.tokenCount = tokenCount
        self.overrun = overrun
        self.cutOff = cutOff
        self.question = question
    }

    init(state: SequenceState, logits: [Float], history: [ChatMessage], resumption: Resumption) {
        self.init(
            state: state, logits: logits, sampler: resumption.sampler, seed: resumption.seed, history: history,
            tokenCount: resumption.tokenCount, overrun: resumption.overrun, cutOff: resumption.cutOff,
            question: resumption.question)
    }

    /// Bytes that it takes by itself; what it shares with other snapshots counts in full.
    package var byteCount: Int { state.byteCount + logits.count * MemoryLayout<Float>.size }
}

/// Where the text of an answer stood when it was cut off.
package struct CutOffAnswer: Sendable, Equatable {
    /// The start of a character whose rest has not come.
    package var pending: [UInt8]
    /// Text at the answer's end that may have become a stop text.
    package var held: String
    /// What of it readers have seen.
    package var shown: String
    /// White space that is still to be left out in front of the text.
    package var lead: String

    package init(pending: [UInt8], held: String, shown: String, lead: String) {
        self.pending = pending
        self.held = held
        self.shown = shown
        self.lead = lead
    }
}
