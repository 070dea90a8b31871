/// A tokenizer as a GGUF file's metadata describe it, in plain values.
package struct TokenizerDescription: Sendable {
    /// Where it comes from, for messages.
    package var source: String
    /// `tokenizer.ggml.model`: the algorithm, such as `gpt2`.
    package var model: String
    /// `tokenizer.ggml.pre`: how text is split into words, such as `smollm`.
    package var preTokenizer: String?
    /// `tokenizer.ggml.tokens`, by id.
    package var tokens: [String]
    /// `tokenizer.ggml.token_type`, by id; where it is absent all tokens are normal ones.
    package var tokenTypes: [Int]?
    /// `tokenizer.ggml.scores`, by id: where the algorithm goes by them, the highest is merged first.
    package var scores: [Float]?
    /// `tokenizer.ggml.merges`, most important first: two tokens with a space between.
    package var merges: [String]
    /// `tokenizer.ggml.bos_token_id`.
    package var bos: Int?
    /// `tokenizer.ggml.eos_token_id`.
    package var eos: Int?
    /// `tokenizer.ggml.unknown_token_id`.
    package var unknown: Int?
    /// `tokenizer.ggml.padding_token_id`.
    package var padding: Int?
    /// `tokenizer.ggml.eot_token_id` and `eom_token_id`: what ends an answer beside `eos`.
    package var endings: [Int]
    /// `tokenizer.ggml.add_space_prefix`.
    package var addsSpacePrefix: Bool?
    /// `tokenizer.ggml.add_bos_token`.
    package var addsBOS: Bool?
    /// `tokenizer.ggml.add_eos_token`.
    package var addsEOS: Bool?

    /// Makes a description; what is not given is absent in the file.
    package init(
        source: String, model: String, preTokenizer: String?, tokens: [String], tokenTypes: [Int]? = nil,
        scores: [Float]? = nil, merges: [String] = [], bos: Int? = nil, eos: Int? = nil, unknown: Int? = nil,
        padding: Int? = nil,
        endings: [Int] = [], addsSpacePrefix: Bool? = nil, addsBOS: Bool? = nil, addsEOS: Bool? = nil
    ) {
        self.source = source
        self.model = model
        self.preTokenizer = preTokenizer
        self.tokens = tokens
        self.tokenTypes = tokenTypes
        self.scores = scores
        self.merges = merges
        self.bos = bos
        self.eos = eos
        self.unknown = unknown
        self.padding = padding
        self.endings = endings
        self.addsSpacePrefix = addsSpacePrefix
        self.addsBOS = addsBOS
        self.addsEOS = addsEOS
    }
}

/// The tokenizers that a description can ask for.
package enum Tokenizers {
    /// Every algorithm by its name in `tokenizer.ggml.model`.
    package static let all: [(name: String, make: @Sendable (TokenizerDescription) throws -> any Tokenizer)] = [
        ("gpt2", { try BytePairTokenizer(byteLevel: $0) }),
        ("llama", { try BytePairTokenizer(sentencePiece: $0) }),
    ]

    /// What the kinds are that no model we run has.
    private static let others = [
        "bert": "WordPiece", "t5": "a unigram model", "rwkv": "RWKV's", "plamo2": "PLaMo's", "no_vocab": "none at all",
    ]

    /// Makes the tokenizer that a description asks for; one that is not known is an error that lists those that are.
    package static func make(_ description: TokenizerDescription) throws -> any Tokenizer {
        guard let entry = all.first(where: { $0.name == description.model }) else {
            throw TokenizationError(
                .unsupported,
                "\(description.source) has a tokenizer of the kind \"\(description.model)\""
                    + (others[description.model].map { " (\($0))" } ?? "") + ";"
                    + " known kinds: \(all.map { $0.name }.joined(separator: ", ")). Use another model.")
        }
        return try entry.make(description)
    }
}
