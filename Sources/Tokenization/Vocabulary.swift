/// The tokens of a model: what each stands for, and which have a role.
package struct Vocabulary: Sendable {
    /// What a token is for; the raw values are GGUF's.
    package enum Kind: Int, Sendable {
        case normal = 1
        case unknown = 2
        /// Markup: recognised in templates, never in a person's text.
        case control = 3
        /// A token that is matched before the text is split, wherever it stands.
        case userDefined = 4
        case unused = 5
        /// One byte, in vocabularies that are not byte-level.
        case byte = 6
    }

    /// Tokens with a role, where the model has them.
    package struct Roles: Sendable, Equatable {
        package var bos: Int32?
        package var eos: Int32?
        package var unknown: Int32?
        package var padding: Int32?

        /// Makes roles; what is not given is absent.
        package init(bos: Int32? = nil, eos: Int32? = nil, unknown: Int32? = nil, padding: Int32? = nil) {
            self.bos = bos
            self.eos = eos
            self.unknown = unknown
            self.padding = padding
        }
    }

    /// What decoding does beside joining the tokens' bytes.
    struct Decoding: Sendable, Equatable {
        /// Whether a space at the start of a text is left out, since encoding puts one there.
        var dropsFirstSpace = false
        /// Whether byte tokens in a row that make no UTF-8 become U+FFFD, one for each.
        var checksByteTokens = false
    }

    /// The tokens as the model's file spells them, by id.
    package let tokens: [String]
    /// What each token is for, by id.
    package let kinds: [Kind]
    /// The tokens with a role.
    package let roles: Roles
    /// What the model wants in front of a text.
    package let prefix: [Int32]
    /// What the model wants at the end of a text.
    package let suffix: [Int32]
    /// The tokens that end an answer.
    package let endOfTurn: Set<Int32>
    /// How tokens become text where that is more than joining their bytes.
    let decoding: Decoding
    private let storage: [UInt8]
    private let ends: [Int]

    /// How many tokens there are.
    package var count: Int { tokens.count }

    /// Makes a vocabulary.
    ///
    /// - Parameters:
    ///   - endings: further tokens that end an answer
    ///   - bytes: appends what the token of an id stands for
    init(
        tokens: [String], kinds: [Kind], roles: Roles, prefix: [Int32], suffix: [Int32], endings: [Int32] = [],
        decoding: Decoding = Decoding(), bytes: (Int, inout [UInt8]) -> Void
    ) {
        var kinds = kinds
        for id in kinds.indices where kinds[id] == .userDefined && Vocabulary.looksLikeMarkup(tokens[id]) {
            kinds[id] = .control
        }
        self.tokens = tokens
        self.kinds = kinds
        self.roles = roles
        self.prefix = prefix
        self.suffix = suffix
        self.decoding = decoding
        var storage: [UInt8] = []
        storage.reserveCapacity(tokens.count * 6)
        var ends: [Int] = []
        ends.reserveCapacity(tokens.count)
        var endOfTurn = Set(endings + [roles.eos].compactMap { $0 })
        for id in tokens.indices {
            bytes(id, &storage)
            ends.append(storage.count)
            if kinds[id] == .control, Vocabulary.endsTurn(tokens[id]) { endOfTurn.insert(Int32(id)) }
        }
        self.storage = storage
        self.ends = ends
        self.endOfTurn = endOfTurn
    }

    /// Returns the bytes that a token stands for; an unknown id has none.
    package func bytes(of id: Int32) -> [UInt8] {
        guard id >= 0, Int(id) < ends.count else { return [] }
        let end = ends[Int(id)]
        return Array(storage[(id > 0 ? ends[Int(id) - 1] : 0)..<end])
    }

    /// Returns whether a token stands for one byte, in a vocabulary whose other tokens are whole characters.
    func isByte(_ id: Int32) -> Bool { id >= 0 && Int(id) < kinds.count && kinds[Int(id)] == .byte }

    /// Returns whether a token is markup and no text.
    package func isSpecial(_ id: Int32) -> Bool {
        guard id >= 0, Int(id) < kinds.count else { return false }
        return kinds[Int(id)] == .control || kinds[Int(id)] == .unknown
    }

    /// Returns a token as the model's file spells it.
    package func text(of id: Int32) -> String? {
        id >= 0 && Int(id) < tokens.count ? tokens[Int(id)] : nil
    }

    /// Converters do not always mark `<|im_end|>` and its like as control tokens.
    private static func looksLikeMarkup(_ token: String) -> Bool {
        (token.hasPrefix("<|") && token.hasSuffix("|>")) || (token.hasPrefix("<｜") && token.hasSuffix("｜>"))
    }

    private static func endsTurn(_ token: String) -> Bool {
        switch token {
        case "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|endoftext|>", "<|end|>", "<|eot|>",
            "<end_of_turn>", "<|end_of_turn|>", "</s>", "<EOT>", "<|return|>", "<end_of_utterance>":
            true
        default: false
        }
    }
}
