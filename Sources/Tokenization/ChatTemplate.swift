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

/// How a conversation becomes the text of a prompt.
package protocol ChatTemplate: Sendable {
    /// Returns the prompt's text; with `addGenerationPrompt` it ends with the header after which the model answers.
    func render(_ messages: [TemplateMessage], addGenerationPrompt: Bool) throws -> String
}
