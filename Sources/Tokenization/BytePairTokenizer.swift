/// Byte-level byte-pair encoding: words of bytes, merged pair by pair in the order of their ranks.
///
/// Bytes for which the vocabulary has no token are left out, as the reference implementation does
/// (github.com/huggingface/tokenizers): SmolLM2 has none for a few control characters.
package struct BytePairTokenizer: Tokenizer {
    /// The tokens and their roles.
    package let vocabulary: Vocabulary
    private let preTokenizer: PreTokenizer
    private let merges: MergeTable
    /// The token of each single byte, where there is one.
    private let byteTokens: [Int32?]
    /// Whole words that are tokens, for vocabularies that take them without merging.
    private let wholeWords: [[UInt8]: Int32]
    private let addedTokens: AddedTokenScanner

    /// Words longer than this are not remembered within a call, since they seldom come twice.
    private static let longestRemembered = 32
    private static let mostRemembered = 1 << 16

    /// Makes the tokenizer that a GGUF file's metadata describe.
    package init(_ description: TokenizerDescription) throws {
        let known = PreTokenizer.all
        guard let entry = known.first(where: { $0.name == description.preTokenizer }) else {
            let named = description.preTokenizer.map { "the pre-tokenizer \"\($0)\"" } ?? "a pre-tokenizer without name"
            throw TokenizationError(
                .unsupported,
                "The tokenizer of \(description.source) wants \(named); known ones:"
                    + " \(known.map { $0.name }.joined(separator: ", ")). Guessing would give wrong tokens."
                    + " Use another model, or one converted by a newer tool.")
        }
        let roles = try description.roles()
        try self.init(
            source: description.source, tokens: description.tokens, kinds: try description.kinds(), roles: roles,
            prefix: description.addsBOS == true ? [roles.bos].compactMap { $0 } : [],
            suffix: description.addsEOS == true ? [roles.eos].compactMap { $0 } : [],
            merges: try description.merges.enumerated().map { rank, merge in
                guard let space = merge.utf8.firstIndex(of: 0x20), space > merge.startIndex else {
                    throw TokenizationError(
                        .damaged,
                        "Merge \(rank) in \(description.source) is \"\(merge)\"; it should be two tokens with a space"
                            + " between. The file is damaged.")
                }
                return (String(merge[..<space]), String(merge[merge.utf8.index(after: space)...]))
            },
            preTokenizer: entry.preTokenizer, takesWholeWords: false)
    }

    /// Makes a tokenizer from its parts; `merges` come most important first.
    init(
        source: String, tokens: [String], kinds: [Vocabulary.Kind], roles: Vocabulary.Roles, prefix: [Int32],
        suffix: [Int32], merges: [(left: String, right: String)], preTokenizer: PreTokenizer, takesWholeWords: Bool
    ) throws {
        guard !tokens.isEmpty, tokens.count <= 1 << 24, merges.count <= 1 << 24 else {
            throw TokenizationError(
                .damaged,
                "The vocabulary of \(source) has \(tokens.count) tokens and \(merges.count) merges; from 1 to 16777216"
                    + " are read. The file is damaged.")
        }
        self.vocabulary = Vocabulary(tokens: tokens, kinds: kinds, roles: roles, prefix: prefix, suffix: suffix) {
            token, kind, bytes in
            bytes += (kind == .normal ? ByteAlphabet.bytes(of: token) : nil) ?? Array(token.utf8)
        }
        self.preTokenizer = preTokenizer
        self.addedTokens = AddedTokenScanner(vocabulary)

        var ids: [[UInt8]: Int32] = [:]
        ids.reserveCapacity(tokens.count)
        var byteTokens = [Int32?](repeating: nil, count: 256)
        for (id, token) in tokens.enumerated() where vocabulary.kinds[id] == .normal {
            guard let bytes = ByteAlphabet.bytes(of: token), !bytes.isEmpty, ids[bytes] == nil else { continue }
            ids[bytes] = Int32(id)
            if bytes.count == 1 { byteTokens[Int(bytes[0])] = Int32(id) }
        }
        self.byteTokens = byteTokens
        var table = MergeTable(capacity: merges.count)
        for (rank, merge) in merges.enumerated() {
            guard let left = ByteAlphabet.bytes(of: merge.left), let right = ByteAlphabet.bytes(of: merge.right),
                let leftID = ids[left], let rightID = ids[right], let merged = ids[left + right]
            else {
                throw TokenizationError(
                    .damaged,
                    "Merge \(rank) of \(source), \"\(merge.left) \(merge.right)\", joins or makes a token that is not"
                        + " in the vocabulary. The file is damaged.")
            }
            table.add(left: leftID, right: rightID, rank: rank, merged: merged)
        }
        self.merges = table
        self.wholeWords = takesWholeWords ? ids : [:]
    }

    /// Returns the ids of the joined pieces.
    package func encode(_ pieces: [PromptPiece]) -> [Int32] {
        var bytes: [UInt8] = []
        var markup: [Range<Int>] = []
        for piece in pieces {
            let start = bytes.count
            bytes += Array(piece.content.utf8)
            guard case .markup = piece, start < bytes.count else { continue }
            if let last = markup.last, last.upperBound == start {
                markup[markup.count - 1] = last.lowerBound..<bytes.count
            } else {
                markup.append(start..<bytes.count)
            }
        }
        let text = ScalarText(bytes)
        var encoder = WordEncoder()
        addedTokens.scan(bytes, markup: markup) { range in
            preTokenizer.forEachWord(in: text, range: range) { encode(bytes[$0], &encoder) }
        } token: {
            encoder.ids.append($0)
        }
        return encoder.ids
    }

    /// What one call of `encode` works with.
    private struct WordEncoder {
        var ids: [Int32] = []
        var space = MergeTable.Workspace()
        /// Where the tokens of a word seen before lie in `ids`.
        var seen: [ArraySlice<UInt8>: Range<Int>] = [:]
    }

    private func encode(_ word: ArraySlice<UInt8>, _ encoder: inout WordEncoder) {
        if word.count == 1, let byte = word.first {
            if let id = byteTokens[Int(byte)] { encoder.ids.append(id) }
            return
        }
        let isShort = word.count <= BytePairTokenizer.longestRemembered
        if isShort, let range = encoder.seen[word] {
            encoder.ids += Array(encoder.ids[range])
            return
        }
        let start = encoder.ids.count
        if !wholeWords.isEmpty, let whole = wholeWords[Array(word)] {
            encoder.ids.append(whole)
        } else {
            encoder.space.symbols.removeAll(keepingCapacity: true)
            for byte in word { if let id = byteTokens[Int(byte)] { encoder.space.symbols.append(id) } }
            merges.merge(&encoder.space, into: &encoder.ids)
        }
        if isShort, encoder.seen.count < BytePairTokenizer.mostRemembered {
            encoder.seen[word] = start..<encoder.ids.count
        }
    }
}
