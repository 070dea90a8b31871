package import Tokenization
package import Weights

/// Finds the tokenizer of a model, and builds it.
package enum TokenizerLoader {
    /// Returns the tokenizer at `chosen`, or the one that the model's file or directory brings along.
    package static func load(from file: WeightFile, chosen: String? = nil) throws -> any Tokenizer {
        if let chosen { return try load(at: chosen) }
        guard let checkpoint = file.checkpoint else { return try load(metadataOf: file) }
        return try CheckpointText(directory: checkpoint.directory).tokenizer()
    }

    /// Returns the tokenizer of a `tokenizer.json`, of a directory that has one, or of a GGUF file.
    package static func load(at path: String) throws -> any Tokenizer {
        if let text = CheckpointText(path: path) { return try text.tokenizer() }
        return try load(from: WeightFile.open(path))
    }

    /// Reads GGUF's `tokenizer.ggml.*`.
    private static func load(metadataOf file: WeightFile) throws -> any Tokenizer {
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
