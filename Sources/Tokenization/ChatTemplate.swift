/// One message of a conversation, as templates see it.
package struct TemplateMessage: Sendable, Equatable {
    /// Who speaks: `system`, `user` or `assistant`.
    package var role: String
    /// What is said.
    package var content: String

    /// Makes a message.
    package init(role: String, content: String) {
        self.role = role
        self.content = content
    }
}

/// What decides, of all that came before, what a template writes for the messages at a conversation's end.
package enum TemplateReach: Sendable {
    /// Who spoke first, and that questions and answers took turns.
    case turns
    /// How many messages there were, too.
    case count
    /// What they said, too, as far as anybody can tell.
    case texts
}

/// How a conversation becomes the text of a prompt.
package protocol ChatTemplate: Sendable {
    /// Returns the prompt's text; with `addGenerationPrompt` it ends with the header after which the model answers.
    func render(_ messages: [TemplateMessage], addGenerationPrompt: Bool) throws -> String

    /// How far back it looks.
    var reach: TemplateReach { get }
}

extension ChatTemplate {
    /// Nobody can tell.
    package var reach: TemplateReach { .texts }
}
