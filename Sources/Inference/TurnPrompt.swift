package import Chat
package import Tokenization

/// The text of one turn's prompt: only what the state does not hold.
///
/// For the first turn that is the whole rendered conversation. Later it is what the template writes after the last
/// assistant message: the end of that turn, the new message, the next assistant header. The model's own tokens stay as
/// they were sampled, whatever the template makes of earlier turns once they are history. The state never holds an
/// end-of-turn token: whether the model ended its answer or was stopped, the next prompt begins with it.
package enum TurnPrompt {
    /// The pieces to feed for `text`, said after `history`.
    ///
    /// - Throws: `TokenizationError` where the template refuses the conversation, `ChatFailure` where it leaves out the
    ///   last answer, so that nobody knows what follows it.
    package static func pieces(for text: String, after history: [ChatMessage], template: any ChatTemplate) throws
        -> [PromptPiece]
    {
        let messages = history + [ChatMessage(role: .user, text: text)]
        // What a template writes into an answer's place does not matter: the state holds what was said.
        let rendering = MarkedConversation(messages, template: template, marksAnswers: true)
        let parts = try rendering.parts()
        guard let lastAnswer = history.lastIndex(where: { $0.role == .assistant }) else { return parts.map(\.piece) }

        let places = parts.indices.filter { parts[$0].message == lastAnswer }
        guard let first = places.first else {
            throw ChatFailure(
                what: "can't continue this conversation",
                why: "the model's chat template leaves out the last answer, so what follows it is unknown",
                advice: "--rerender, which reads the conversation as the template has it, or --template NAME",
                isRefusal: true)
        }
        guard places.count > 1 else { return parts[(first + 1)...].map(\.piece) }
        // More than once: in its own place, or quoted later. Without the turn that follows, only the former is left.
        let alone = MarkedConversation(history, template: template, marksAnswers: true)
        let own = (try? alone.occurrences(of: lastAnswer)) ?? 1
        return parts[(places[min(max(own, 1), places.count) - 1] + 1)...].map(\.piece)
    }

    /// The whole conversation, as the template renders it with `text` as its last message.
    package static func wholeConversation(
        with text: String, after history: [ChatMessage], template: any ChatTemplate
    ) throws -> [PromptPiece] {
        let messages = history + [ChatMessage(role: .user, text: text)]
        return try MarkedConversation(messages, template: template, marksAnswers: false).parts().map(\.piece)
    }
}
