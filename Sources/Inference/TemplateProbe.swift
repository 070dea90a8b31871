import Chat
import Tokenization

/// What a short made-up conversation shows of a template.
struct TemplateProbe {
    /// White space between the assistant's header and an answer that the header for a new answer does not have.
    let answerLead: String
    /// What stands between an answer and the next message's text.
    let answerEnd: [PromptPiece]
    /// Whether earlier turns are rendered differently once a turn is added.
    let rewritesHistory: Bool

    /// An answer of a model that thinks aloud.
    private static let thoughtful = "<think>\nA short thought.\n</think>\n\nA first answer."

    /// Renders the conversation in some variants; a template that refuses them all shows nothing.
    init(_ template: any ChatTemplate) {
        let plain = Exchange(template, answer: "A first answer.", system: nil)
        let others = [
            Exchange(template, answer: Self.thoughtful, system: nil),
            Exchange(template, answer: "A first answer.", system: "A system prompt."),
        ]
        answerLead = plain?.lead ?? ""
        answerEnd = plain?.end ?? []
        rewritesHistory = ([plain] + others).contains { exchange in exchange.map { $0.lead == nil } ?? false }
    }

    /// The first words of `answerEnd`, as texts that end an answer: with all line ends in front of them, and with one.
    var stopTexts: [String] {
        let text = answerEnd.text
        let visible = text.drop { $0.isWhitespace }
        let line = visible.prefix { !$0.isNewline }
        guard let last = line.lastIndex(where: { !$0.isWhitespace }) else { return [] }
        let lead = String(text[..<visible.startIndex])
        let body = line[...last]
        let short = lead.contains { $0.isNewline } ? "\n" : lead
        return lead == short ? [lead + body] : [lead + body, short + body]
    }
}

/// Two turns of a made-up conversation, as they are fed one after the other and as they are rendered together.
private struct Exchange {
    /// White space in front of the answer that was not fed; nil if more than that differs.
    let lead: String?
    /// What is fed between the answer and the second message's text.
    let end: [PromptPiece]

    /// Returns nil if the template refuses the conversation.
    init?(_ template: any ChatTemplate, answer: String, system: String?) {
        let first = ChatMessage(role: .user, text: "A first question.")
        let second = ChatMessage(role: .user, text: "A second question.")
        let opening = system.map { [ChatMessage(role: .system, text: $0)] } ?? []
        let history = opening + [first, ChatMessage(role: .assistant, text: answer)]
        do {
            let start = try TurnPrompt.pieces(for: first.text, after: opening, template: template).text
            let next = try TurnPrompt.pieces(for: second.text, after: history, template: template)
            let whole = try TurnPrompt.wholeConversation(with: second.text, after: history, template: template).text
            end = Array(next.prefix { $0 != .text(second.text) })
            let rest = whole.dropFirst(start.count)
            let middle = rest.dropLast(next.text.count)
            let isKept =
                whole.hasPrefix(start) && rest.hasSuffix(next.text) && middle.hasSuffix(answer)
                && middle.dropLast(answer.count).allSatisfy(\.isWhitespace)
            lead = isKept ? String(middle.dropLast(answer.count)) : nil
        } catch {
            return nil
        }
    }
}

extension [PromptPiece] {
    /// The text of all pieces.
    var text: String { map(\.content).joined() }
}
