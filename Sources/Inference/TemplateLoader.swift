package import Tokenization
package import Weights

/// Reads the chat template that a weight file brings along.
package enum TemplateLoader {
    /// Returns the template in GGUF's `tokenizer.chat_template`, nil if there is none.
    ///
    /// - Parameter tokenizer: gives the texts of the tokens that templates write at the beginning and the end
    /// - Throws: `TokenizationError` with code `.template` for one that can't be understood.
    package static func load(from file: WeightFile, tokenizer: any Tokenizer) throws -> JinjaTemplate? {
        guard let source = file.metadata.string("tokenizer.chat_template") else { return nil }
        let vocabulary = tokenizer.vocabulary
        return try JinjaTemplate(
            source: source, bosToken: tokenizer.bos.flatMap { vocabulary.text(of: $0) },
            eosToken: tokenizer.eos.flatMap { vocabulary.text(of: $0) })
    }
}
