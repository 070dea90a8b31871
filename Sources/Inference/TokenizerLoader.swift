package import Tokenization
package import Weights

/// Builds the tokenizer that a weight file describes in its metadata.
package enum TokenizerLoader {
    /// Reads GGUF's `tokenizer.ggml.*`.
    package static func load(from file: WeightFile) throws -> any Tokenizer {
        let metadata = file.metadata
        func key(_ name: String) -> String { "tokenizer.ggml.\(name)" }
        return try Tokenizers.make(
            TokenizerDescription(
                source: file.name, model: metadata.requireString(key("model")),
                preTokenizer: metadata.string(key("pre")), tokens: metadata.requireStrings(key("tokens")),
                tokenTypes: metadata.ints(key("token_type")),
                scores: metadata.doubles(key("scores"))?.map { Float($0) },
                merges: metadata.strings(key("merges")) ?? [], bos: metadata.int(key("bos_token_id")),
                eos: metadata.int(key("eos_token_id")), unknown: metadata.int(key("unknown_token_id")),
                padding: metadata.int(key("padding_token_id")),
                endings: ["eot_token_id", "eom_token_id"].compactMap { metadata.int(key($0)) },
                addsSpacePrefix: metadata.bool(key("add_space_prefix")), addsBOS: metadata.bool(key("add_bos_token")),
                addsEOS: metadata.bool(key("add_eos_token"))))
    }
}
