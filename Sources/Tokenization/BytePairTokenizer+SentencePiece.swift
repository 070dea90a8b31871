/// Tokenizers of characters with bytes for those that have no token, as SentencePiece makes them.
///
/// Spaces are written `▁` in their vocabularies. Here tokens and text are spelled with plain spaces instead, which comes
/// to the same. Format: github.com/google/sentencepiece.
extension BytePairTokenizer {
    /// How merges are told.
    enum MergeSource {
        case list(MergeList)
        /// By id.
        case scores([Float])
    }

    /// Makes the tokenizer of characters that a GGUF file's metadata describe.
    init(sentencePiece description: TokenizerDescription) throws {
        guard let scores = description.scores, scores.count == description.tokens.count,
            !scores.contains(where: { $0.isNaN })
        else {
            throw TokenizationError(
                .damaged,
                "\(description.source) has \(description.tokens.count) tokens but \(description.scores?.count ?? 0) scores,"
                    + " or one that is no number; each token needs one. The file is damaged.")
        }
        try self.init(
            sentencePiece: VocabularyParts(description, addsBOS: true), merges: .scores(scores),
            normalizer: TextNormalizer(
                marksSpaces: true, prefix: description.addsSpacePrefix == false ? .never : .always),
            unknown: description.unknown.flatMap { Int32(exactly: $0) }, joinsUnknown: true,
            decoding: Vocabulary.Decoding(
                dropsFirstSpace: description.addsSpacePrefix != false, checksByteTokens: true))
    }

    /// Makes a tokenizer of characters; tokens of the kind `byte` are spelled `<0x00>` to `<0xFF>`.
    ///
    /// - Parameters:
    ///   - rules: how text is cut into words before merging
    ///   - unknown: what stands for a character without token and without tokens of its bytes
    ///   - joinsUnknown: whether such characters in a row are one token
    init(
        sentencePiece vocabulary: VocabularyParts, merges: MergeSource, normalizer: TextNormalizer,
        spacing: TextNormalizer = TextNormalizer(), rules: [any Splitter] = [], takesWholeWords: Bool = false,
        unknown: Int32?, joinsUnknown: Bool,
        matchedWhenNormalized: Set<Int32> = [], decoding: Vocabulary.Decoding
    ) throws {
        var mergeCount = 0
        if case .list(let list) = merges { mergeCount = list.count }
        try vocabulary.checkCounts(merges: mergeCount)
        let (tokens, kinds) = (vocabulary.tokens, vocabulary.kinds)
        let marksSpaces = normalizer.marksSpaces || spacing.marksSpaces
        func append(_ text: UnsafeBufferPointer<UInt8>, _ bytes: inout [UInt8]) {
            if marksSpaces, let unmarked = TextNormalizer.unmarked(text) {
                bytes += unmarked
            } else {
                bytes.append(contentsOf: text)
            }
        }
        let index = TokenIndex(tokens, kinds, of: [.normal, .userDefined]) { id, bytes in
            tokens[id].withUTF8Bytes { append($0, &bytes) }
            return true
        }
        var byteTokens = [Int32](repeating: -1, count: 256)
        var byteOfToken: [Int: UInt8] = [:]
        for id in tokens.indices where kinds[id] == .byte {
            guard let byte = BytePairTokenizer.byte(named: tokens[id]) else {
                throw TokenizationError(
                    .damaged,
                    "Token \(id) of \(vocabulary.source) should stand for a byte, but is \"\(tokens[id])\" and not"
                        + " \"<0x00>\" to \"<0xFF>\". The file is damaged.")
            }
            byteTokens[Int(byte)] = Int32(id)
            byteOfToken[id] = byte
        }
        let merging: Merging =
            switch merges {
            case .scores(let scores): .scored(ScoredMerges(index: index, scores: scores))
            case .list(let list):
                .ranked(
                    try list.table(index, source: vocabulary.source) { text, bytes in
                        append(text, &bytes)
                        return true
                    })
            }
        let rules = rules.isEmpty && BytePairTokenizer.endsAtSpaces(tokens, kinds, append) ? [SpacedWords()] : rules
        self.init(
            Vocabulary(
                tokens: tokens, kinds: kinds, roles: vocabulary.roles, prefix: vocabulary.prefix,
                suffix: vocabulary.suffix, endings: vocabulary.endings, decoding: decoding
            ) { id, bytes in
                if let byte = byteOfToken[id] {
                    bytes.append(byte)
                } else {
                    tokens[id].withUTF8Bytes { append($0, &bytes) }
                }
            },
            Parts(
                normalizer: normalizer, spacing: spacing, preTokenizer: PreTokenizer(rules: rules),
                alphabet: .characters(
                    Characters(index: index, bytes: byteTokens, unknown: unknown, joinsUnknown: joinsUnknown)),
                merging: merging, wholeWords: takesWholeWords ? index : nil,
                matchedWhenNormalized: matchedWhenNormalized))
    }

    /// Returns the byte that a name such as `<0x0A>` stands for, or nil for any other name.
    static func byte(named name: String) -> UInt8? {
        let utf8 = Array(name.utf8)
        guard utf8.count == 6, utf8.starts(with: Array("<0x".utf8)), utf8[5] == UInt8(ascii: ">") else { return nil }
        return UInt8(String(decoding: utf8[3..<5], as: UTF8.self), radix: 16)
    }

    /// Returns whether no token goes on with a space after something else.
    ///
    /// Then no merge reaches over the start of a run of spaces, and text can be merged word by word.
    private static func endsAtSpaces(
        _ tokens: [String], _ kinds: [Vocabulary.Kind], _ append: (UnsafeBufferPointer<UInt8>, inout [UInt8]) -> Void
    ) -> Bool {
        var bytes: [UInt8] = []
        for id in tokens.indices where kinds[id] == .normal || kinds[id] == .userDefined {
            bytes.removeAll(keepingCapacity: true)
            tokens[id].withUTF8Bytes { append($0, &bytes) }
            if bytes.drop(while: { $0 == 0x20 }).contains(0x20) { return false }
        }
        return true
    }
}
