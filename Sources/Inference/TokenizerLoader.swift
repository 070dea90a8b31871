package import Tokenization
package import Weights

/// Builds the tokenizer that a weight file describes in its metadata.
package enum TokenizerLoader {
    /// Reads GGUF's `tokenizer.ggml.*`.
    package static func load(from file: WeightFile) throws -> any Tokenizer {
        let metadata = file.metadata
        func value<T>(_ name: String, _ require: (String) throws(WeightError) -> T) throws(WeightError) -> T? {
            try metadata.optional("tokenizer.ggml.\(name)", require)
        }
        return try Tokenizers.make(
            TokenizerDescription(
                source: file.name, model: metadata.requireString("tokenizer.ggml.model"),
                preTokenizer: value("pre", metadata.requireString),
                tokens: metadata.requireStrings("tokenizer.ggml.tokens"),
                tokenTypes: value("token_type", metadata.requireInts),
                scores: value("scores", metadata.requireDoubles)?.map { Float($0) },
                merges: value("merges", metadata.requireStrings) ?? [],
                bos: value("bos_token_id", metadata.requireInt), eos: value("eos_token_id", metadata.requireInt),
                unknown: value("unknown_token_id", metadata.requireInt),
                padding: value("padding_token_id", metadata.requireInt),
                endings: ["eot_token_id", "eom_token_id"].compactMap { try value($0, metadata.requireInt) },
                addsSpacePrefix: value("add_space_prefix", metadata.requireBool),
                addsBOS: value("add_bos_token", metadata.requireBool),
                addsEOS: value("add_eos_token", metadata.requireBool)))
    }
}
