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
    /// Returns the prompt as pieces that tell the template's markup from what people and models said.
    ///
    /// `addGenerationPrompt` adds the header after which the model's answer starts.
    func pieces(_ messages: [TemplateMessage], addGenerationPrompt: Bool) throws -> [PromptPiece]
}

extension ChatTemplate {
    /// Returns the prompt as one text.
    package func render(_ messages: [TemplateMessage], addGenerationPrompt: Bool) throws -> String {
        try pieces(messages, addGenerationPrompt: addGenerationPrompt).map { $0.content }.joined()
    }
}
