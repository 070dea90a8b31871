/// Byte-pair encoding: text is cut into words, and these are merged pair by pair.
///
/// Words start as bytes, or as characters with bytes for those that have no token; pairs are merged in the order of
/// their ranks, or of the scores of what they make. What has no token at all is left out, as the reference
/// implementation does (github.com/huggingface/tokenizers): SmolLM2 has none for a few control characters.
package struct BytePairTokenizer: Tokenizer {
    /// What words start as.
    enum Alphabet: Sendable {
        /// Bytes, by their tokens; -1 is none.
        case bytes([Int32])
        case characters(Characters)
    }

    /// Characters as the starts of words; one without a token becomes its bytes' tokens, or else the unknown token.
    struct Characters: Sendable {
        let index: TokenIndex
        /// The tokens of single bytes; -1 is none.
        let bytes: [Int32]
        let unknown: Int32?
        /// Whether unknown characters in a row are one token.
        let joinsUnknown: Bool
    }

    /// How pairs are merged.
    enum Merging: Sendable {
        case ranked(MergeTable)
        case scored(ScoredMerges)
    }

    /// Everything that a tokenizer is made of, beside its vocabulary.
    struct Parts: Sendable {
        /// What is done to the text between special tokens.
        var normalizer = TextNormalizer()
        /// What is done after that to the text between all added tokens.
        var spacing = TextNormalizer()
        var preTokenizer: PreTokenizer
        var alphabet: Alphabet
        var merging: Merging
        /// Whole words that are tokens, for vocabularies that take them without merging.
        var wholeWords: TokenIndex?
        /// Added tokens that are matched in the normalised text; the others are matched before.
        var matchedWhenNormalized: Set<Int32> = []
    }

    /// The tokens and their roles.
    package let vocabulary: Vocabulary
    /// The algorithm's name, by what words start as.
    package var kind: String {
        switch parts.alphabet {
        case .bytes: "byte-level BPE"
        case .characters: "SentencePiece BPE"
        }
    }
    private let parts: Parts
    private let addedTokens: AddedTokenScanner
    private let normalizedTokens: AddedTokenScanner

    /// Makes a tokenizer from its parts.
    init(_ vocabulary: Vocabulary, _ parts: Parts) {
        self.vocabulary = vocabulary
        self.parts = parts
        self.addedTokens = AddedTokenScanner(vocabulary) { id in
            parts.matchedWhenNormalized.contains(Int32(id)) ? nil : Array(vocabulary.tokens[id].utf8)
        }
        self.normalizedTokens = AddedTokenScanner(vocabulary) { id in
            guard parts.matchedWhenNormalized.contains(Int32(id)) else { return nil }
            return parts.normalizer.spelling(vocabulary.tokens[id])
        }
    }

    /// Returns the ids of the joined pieces.
    package func encode(_ pieces: [PromptPiece], isContinuation: Bool) -> [Int32] {
        var bytes: [UInt8] = []
        var markup: [Range<Int>] = []
        for piece in pieces {
            let start = bytes.count
            bytes.append(contentsOf: piece.content.utf8)
            guard case .markup = piece, start < bytes.count else { continue }
            if let last = markup.last, last.upperBound == start {
                markup[markup.count - 1] = last.lowerBound..<bytes.count
            } else {
                markup.append(start..<bytes.count)
            }
        }
        var encoder = WordEncoder(capacity: bytes.count / 3)
        bytes.withUnsafeBufferPointer { bytes in
            addedTokens.scan(bytes, in: 0..<bytes.count, markup: markup) { range in
                let start: TextNormalizer.Place = isContinuation ? .continuation : .start
                encode(bytes, range, at: range.lowerBound == 0 ? start : .afterToken, &encoder)
            } token: {
                encoder.ids.append($0)
            }
        }
        return encoder.ids
    }

    /// Encodes what lies between added tokens.
    private func encode(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, at place: TextNormalizer.Place,
        _ encoder: inout WordEncoder
    ) {
        let text = UnsafeBufferPointer(rebasing: bytes[range])
        guard let normalized = parts.normalizer.normalized(text, at: place) else {
            return encodeNormalized(text, at: place, &encoder)
        }
        normalized.withUnsafeBufferPointer { encodeNormalized($0, at: place, &encoder) }
    }

    private func encodeNormalized(
        _ text: UnsafeBufferPointer<UInt8>, at place: TextNormalizer.Place, _ encoder: inout WordEncoder
    ) {
        normalizedTokens.scan(text, in: 0..<text.count, markup: []) { range in
            let piece = UnsafeBufferPointer(rebasing: text[range])
            if let spaced = parts.spacing.normalized(piece, at: range.lowerBound == 0 ? place : .afterToken) {
                spaced.withUnsafeBufferPointer { encodeWords($0, &encoder) }
            } else {
                encodeWords(piece, &encoder)
            }
        } token: {
            encoder.ids.append($0)
        }
    }

    private func encodeWords(_ text: UnsafeBufferPointer<UInt8>, _ encoder: inout WordEncoder) {
        parts.preTokenizer.forEachWord(in: ScalarText(bytes: text), range: 0..<text.count) {
            encoder.encode($0, of: text, parts)
        }
    }
}
