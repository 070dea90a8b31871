package import Chat
package import Tokenization

/// The text of one turn's prompt: only what the state does not hold.
///
/// For the first turn that is the whole rendered conversation. Later it is what the template writes after the last
/// assistant message: the end of that turn, the new message, the next assistant header. The model's own tokens stay as
/// they were sampled. The state never holds an end-of-turn token: whether the model ended its answer or was stopped,
/// the next prompt begins with it.
package enum TurnPrompt {
    /// The pieces to feed for `text`, said after `history`.
    package static func pieces(for text: String, after history: [ChatMessage], template: any ChatTemplate) throws
        -> [PromptPiece]
    {
        let messages = history + [ChatMessage(role: .user, text: text)]
        let parts = try split(messages, template: template)
        guard let lastAnswer = history.lastIndex(where: { $0.role == .assistant }) else {
            return parts.map(\.piece)
        }
        guard let position = parts.firstIndex(where: { $0.message == lastAnswer }) else {
            throw ChatFailure(
                what: "can't continue this conversation",
                why: "the model's chat template leaves out the last answer, so what follows it is unknown")
        }
        return parts[(position + 1)...].map(\.piece)
    }

    /// A part of the rendered conversation, and which message's own text it is, if any.
    private struct Part {
        var piece: PromptPiece
        var message: Int?
    }

    /// Renders `messages` and tells their texts from the template's markup.
    ///
    /// Texts are rendered as private-use marks and put in afterwards, so that markup which a user types is never taken for
    /// the template's. Where that would change the result (a template that trims or inspects a text), only answers are
    /// marked and the rest counts as markup.
    private static func split(_ messages: [ChatMessage], template: any ChatTemplate) throws -> [Part] {
        let marks = messages.indices.map { "\u{F5E00}\($0)\u{F5E01}" }
        let truth = try template.render(
            templateMessages(messages, texts: messages.map(\.text)), addGenerationPrompt: true)
        let marked = try template.render(templateMessages(messages, texts: marks), addGenerationPrompt: true)
        let parts = cut(marked, marks: marks, texts: messages.map(\.text))
        if parts.map({ $0.piece.content }).joined() == truth { return parts }

        var texts = messages.map(\.text)
        guard let lastAnswer = messages.lastIndex(where: { $0.role == .assistant }) else {
            return [Part(piece: .markup(truth))]
        }
        texts[lastAnswer] = marks[lastAnswer]
        let rendered = try template.render(templateMessages(messages, texts: texts), addGenerationPrompt: true)
        return cut(rendered, marks: marks, texts: messages.map(\.text))
    }

    private static func templateMessages(_ messages: [ChatMessage], texts: [String]) -> [TemplateMessage] {
        zip(messages, texts).map { TemplateMessage(role: $0.role.rawValue, content: $1) }
    }

    /// Cuts `rendered` at the marks, in the order in which they come.
    private static func cut(_ rendered: String, marks: [String], texts: [String]) -> [Part] {
        var parts: [Part] = []
        var rest = rendered[...]
        for (index, mark) in marks.enumerated() {
            guard let range = rest.firstRange(of: mark) else { continue }
            parts.append(Part(piece: .markup(String(rest[..<range.lowerBound]))))
            parts.append(Part(piece: .text(texts[index]), message: index))
            rest = rest[range.upperBound...]
        }
        parts.append(Part(piece: .markup(String(rest))))
        return parts
    }
}
