/// A stretch of a prompt, and whether it may hold markup.
package enum PromptPiece: Sendable, Equatable {
    /// Text of the template: special tokens in it are recognised.
    case markup(String)
    /// Text of a person or model: what looks like a special token is plain text, so nobody can end a turn by typing.
    case text(String)

    /// The piece's text, of either kind.
    package var content: String {
        switch self {
        case .markup(let content), .text(let content): content
        }
    }
}

/// Turns text into token ids and back.
package protocol Tokenizer: Sendable {
    /// The tokens and their roles.
    var vocabulary: Vocabulary { get }

    /// The algorithm's name, for people.
    var kind: String { get }

    /// Returns the ids of the joined pieces.
    ///
    /// The pieces are joined first, so a word across a boundary is one word; only special tokens, which have to lie
    /// wholly within markup, depend on the boundaries. Nothing is added in front or at the end.
    ///
    /// - Parameter isContinuation: whether other tokens come before, so that this is not the start of a text; it
    ///   matters to vocabularies that put a space there
    func encode(_ pieces: [PromptPiece], isContinuation: Bool) -> [Int32]
}

extension Tokenizer {
    /// How many ids there are: every id is below this.
    package var vocabularySize: Int { vocabulary.count }

    /// Returns the ids of the joined pieces as the start of a text.
    package func encode(_ pieces: [PromptPiece]) -> [Int32] { encode(pieces, isContinuation: false) }

    /// Returns the ids of one text.
    ///
    /// - Parameters:
    ///   - specialTokens: whether special tokens in the text are recognised
    ///   - addSpecial: whether to add what the model wants around a text, such as a token for its beginning
    package func encode(_ text: String, specialTokens: Bool, addSpecial: Bool = false) -> [Int32] {
        let ids = encode([specialTokens ? .markup(text) : .text(text)])
        return addSpecial ? vocabulary.prefix + ids + vocabulary.suffix : ids
    }

    /// Returns the bytes that a token stands for; they may be a part of a character.
    ///
    /// An unknown id has none.
    package func bytes(of id: Int32) -> [UInt8] { vocabulary.bytes(of: id) }

    /// Returns whether a token is markup and no text: a control token, or the one for unknown text.
    package func isSpecial(_ id: Int32) -> Bool { vocabulary.isSpecial(id) }

    /// Returns the text of ids; bytes that are not UTF-8 become U+FFFD.
    ///
    /// It does what the vocabulary's own decoder does with a whole text: a space that encoding puts in front is left out.
    package func decode(_ ids: [Int32], skipSpecial: Bool) -> String {
        var bytes: [UInt8] = []
        var run: [UInt8] = []
        func endRun() {
            if String(validating: run, as: UTF8.self) != nil {
                bytes += run
            } else {
                for _ in run { bytes += [0xef, 0xbf, 0xbd] }
            }
            run = []
        }
        for id in ids where !(skipSpecial && vocabulary.isSpecial(id)) {
            if vocabulary.decoding.checksByteTokens, vocabulary.isByte(id) {
                run += vocabulary.bytes(of: id)
            } else {
                if !run.isEmpty { endRun() }
                bytes += vocabulary.bytes(of: id)
            }
        }
        if !run.isEmpty { endRun() }
        if vocabulary.decoding.dropsFirstSpace, bytes.first == 0x20 { bytes.removeFirst() }
        var decoder = StreamingDecoder()
        return decoder.append(bytes) + decoder.finish()
    }

    /// The token that begins a text, if the model has one.
    package var bos: Int32? { vocabulary.roles.bos }
    /// The token that ends a text, if the model has one.
    package var eos: Int32? { vocabulary.roles.eos }
    /// The token for unknown text, if the model has one.
    package var unknown: Int32? { vocabulary.roles.unknown }
    /// The token that fills up, if the model has one.
    package var padding: Int32? { vocabulary.roles.padding }
    /// The tokens that end an answer.
    package var endOfTurn: Set<Int32> { vocabulary.endOfTurn }
    /// Whether the model wants ``bos`` in front of a text.
    package var addsBOS: Bool { bos.map { vocabulary.prefix.contains($0) } ?? false }
}
