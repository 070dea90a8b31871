import Chat
package import Tokenization

/// A template to lay conversations out with instead of the model's own.
package struct TemplateChoice: Sendable, Equatable {
    /// Its name or file, as it was asked for.
    package var name: String
    /// The template in Jinja.
    package var source: String

    /// Makes a choice.
    package init(name: String, source: String) {
        self.name = name
        self.source = source
    }
}

/// How conversations are laid out for a model: a template, and what follows from it.
package struct ChatForm: Sendable {
    /// Where a template comes from.
    package enum Origin: Sendable, Equatable {
        /// The model's file.
        case model
        /// The user's choice, by name or file.
        case chosen(String)
        /// Nowhere: a base model, laid out as `BuiltInTemplates.plain` has it.
        case plain
    }

    package let template: any ChatTemplate
    /// Renders turns of long conversations.
    package let tail: TurnTail
    package let origin: Origin
    /// Texts that end an answer, for templates that end one with no token that ends turns in the vocabulary.
    package let stopTexts: [String]
    /// White space that the template has between the header and an answer, and which the model writes itself.
    package let answerLead: String
    /// Whether the template renders earlier turns differently once a turn is added, as those do which strip an answer's
    /// thinking.
    package let rewritesHistory: Bool

    /// Finds out what follows from a template.
    ///
    /// - Parameter tokenizer: says which tokens end an answer
    package init(_ template: any ChatTemplate, origin: Origin, tokenizer: any Tokenizer) {
        self.template = template
        tail = TurnTail(template)
        self.origin = origin
        let probe = TemplateProbe(template)
        answerLead = probe.answerLead
        rewritesHistory = probe.rewritesHistory
        let endsWithToken = tokenizer.encode(probe.answerEnd, isContinuation: true)
            .contains { tokenizer.endOfTurn.contains($0) }
        stopTexts = endsWithToken ? [] : probe.stopTexts
    }
}
