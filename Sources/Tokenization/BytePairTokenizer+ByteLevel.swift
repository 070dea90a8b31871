extension BytePairTokenizer {
    /// Makes the tokenizer of bytes that a GGUF file's metadata describe.
    init(byteLevel description: TokenizerDescription) throws {
        let entry = try PreTokenizers.named(description.preTokenizer, source: description.source)
        try self.init(
            byteLevel: VocabularyParts(description, addsBOS: entry.addsBOS), merges: .spaced(description.merges),
            preTokenizer: entry.preTokenizer, takesWholeWords: entry.takesWholeWords)
    }

    /// Makes a tokenizer of bytes, whose normal tokens are written in the byte alphabet.
    ///
    /// - Parameter unknown: what stands for a byte without token; nil leaves such bytes out
    init(
        byteLevel vocabulary: VocabularyParts, merges: MergeList, preTokenizer: PreTokenizer, takesWholeWords: Bool,
        normalizer: TextNormalizer = TextNormalizer(), spacing: TextNormalizer = TextNormalizer(),
        unknown: Int32? = nil, matchedWhenNormalized: Set<Int32> = []
    ) throws {
        try vocabulary.checkCounts(merges: merges.count)
        let (tokens, kinds) = (vocabulary.tokens, vocabulary.kinds)
        func append(_ id: Int, _ bytes: inout [UInt8]) -> Bool {
            tokens[id].withUTF8Bytes { ByteAlphabet.append($0, to: &bytes) }
        }
        // Merges may lead to what a converter has marked as special; words reach those by merging only.
        let index = TokenIndex(tokens, kinds, of: [.normal, .userDefined, .control, .unused], bytes: append)
        var byteTokens = [Int32](repeating: unknown ?? -1, count: 256)
        for byte in 0...255 {
            let id = withUnsafePointer(to: UInt8(byte)) { index.id(of: UnsafeBufferPointer(start: $0, count: 1)) }
            if let id, kinds[Int(id)] == .normal { byteTokens[byte] = id }
        }
        self.init(
            Vocabulary(
                tokens: tokens, kinds: kinds, roles: vocabulary.roles, prefix: vocabulary.prefix,
                suffix: vocabulary.suffix, endings: vocabulary.endings
            ) { id, bytes in
                if kinds[id] == .normal, append(id, &bytes) { return }
                bytes.append(contentsOf: tokens[id].utf8)
            },
            Parts(
                normalizer: normalizer, spacing: spacing, preTokenizer: preTokenizer, alphabet: .bytes(byteTokens),
                merging: .ranked(
                    try merges.table(index, source: vocabulary.source) { ByteAlphabet.append($0, to: &$1) }),
                wholeWords: takesWholeWords ? TokenIndex(tokens, kinds, of: [.normal], bytes: append) : nil,
                matchedWhenNormalized: matchedWhenNormalized))
    }
}
