/// What every file says of a vocabulary, whatever its algorithm.
struct VocabularyParts: Sendable {
    /// Where it comes from, for messages.
    var source: String
    /// By id, as the file spells them.
    var tokens: [String]
    /// By id.
    var kinds: [Vocabulary.Kind]
    var roles = Vocabulary.Roles()
    var prefix: [Int32] = []
    var suffix: [Int32] = []
    /// What ends an answer beside the token with the role.
    var endings: [Int32] = []

    /// Throws where there are no tokens, or more than are read.
    func checkCounts(merges: Int) throws {
        guard !tokens.isEmpty, tokens.count <= 1 << 24, merges <= 1 << 24 else {
            throw TokenizationError(
                .damaged,
                "The vocabulary of \(source) has \(tokens.count) tokens and \(merges) merges; from 1 to 16777216"
                    + " are read. The file is damaged.")
        }
    }
}

extension VocabularyParts {
    /// What a GGUF file's metadata say.
    init(_ description: TokenizerDescription, addsBOS: Bool) throws {
        let roles = try description.roles()
        self.init(
            source: description.source, tokens: description.tokens, kinds: try description.kinds(), roles: roles,
            prefix: description.addsBOS ?? addsBOS ? [roles.bos].compactMap { $0 } : [],
            suffix: description.addsEOS == true ? [roles.eos].compactMap { $0 } : [],
            endings: try description.answerEndings())
    }
}
