package import Tokenization
package import Weights

/// Reads the chat template that a model's file or directory brings along.
package enum TemplateLoader {
    /// Returns the template in GGUF's `tokenizer.chat_template` or in a checkpoint's directory, nil if there is none.
    ///
    /// - Parameters:
    ///   - tokenizer: gives the texts of the tokens that templates write at the beginning and the end
    ///   - place: where that tokenizer comes from, if not from the model; a template there serves a model without one
    /// - Throws: `TokenizationError` with code `.template` for one that can't be understood.
    package static func load(
        from file: WeightFile, tokenizer: any Tokenizer, at place: String? = nil
    ) throws -> JinjaTemplate? {
        let own =
            try file.metadata.string("tokenizer.chat_template")
            ?? file.checkpoint.flatMap { try CheckpointText(directory: $0.directory).template() }
        let source = try own ?? place.flatMap { try CheckpointText(path: $0)?.template() }
        return try source.map { try template($0, tokenizer: tokenizer) }
    }

    /// Returns how conversations are laid out for a model: as `choice` says, else as its file does, else plainly.
    package static func form(
        of file: WeightFile, choice: TemplateChoice?, tokenizer: any Tokenizer, at place: String? = nil
    ) throws -> ChatForm {
        if let choice {
            return ChatForm(
                try template(choice.source, tokenizer: tokenizer), origin: .chosen(choice.name), tokenizer: tokenizer)
        }
        if let own = try load(from: file, tokenizer: tokenizer, at: place) {
            return ChatForm(own, origin: .model, tokenizer: tokenizer)
        }
        let plain = try template(BuiltInTemplates.plain.source, tokenizer: tokenizer)
        return ChatForm(plain, origin: .plain, tokenizer: tokenizer)
    }

    private static func template(_ source: String, tokenizer: any Tokenizer) throws -> JinjaTemplate {
        let vocabulary = tokenizer.vocabulary
        return try JinjaTemplate(
            source: source, bosToken: tokenizer.bos.flatMap { vocabulary.text(of: $0) },
            eosToken: tokenizer.eos.flatMap { vocabulary.text(of: $0) })
    }
}
