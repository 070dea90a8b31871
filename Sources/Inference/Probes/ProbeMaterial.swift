import Engine
package import Tokenization

/// What probes are made of, in one tokenizer's tokens.
package struct ProbeMaterial: Sendable {
    /// What the model wants in front of a text.
    let prefix: [Int32]
    /// Tokens that are a space and three or more small letters; all that are no markup where there are few such.
    let words: [Int32]
    /// Answers of a needle: nouns that are one token; where there are few such, `words`.
    let nouns: [Int32]
    /// The text that fills distances.
    package let text: [Int32]
    private let tokenizer: any Tokenizer

    /// - Parameter text: what fills distances; nil is the text that comes with the program
    package init(_ tokenizer: any Tokenizer, text: String? = nil) {
        self.tokenizer = tokenizer
        prefix = tokenizer.vocabulary.prefix
        self.text = tokenizer.encode([.text(text ?? ProbeText.all)])
        let ordinary = (0..<Int32(tokenizer.vocabularySize)).filter {
            !tokenizer.isSpecial($0) && !tokenizer.bytes(of: $0).isEmpty
        }
        let words = ordinary.filter { id in
            let bytes = tokenizer.bytes(of: id)
            return bytes.count > 3 && bytes[0] == 0x20 && bytes.dropFirst().allSatisfy { (0x61...0x7a).contains($0) }
        }
        self.words = words.count < Self.least ? ordinary : words
        let nouns = Self.nouns.compactMap { noun -> Int32? in
            let ids = tokenizer.encode([.text(" " + noun)], isContinuation: true)
            return ids.count == 1 ? ids[0] : nil
        }
        self.nouns = nouns.count < Self.least ? self.words : nouns
    }

    /// How many tokens there have to be of a kind.
    private static let least = 32

    /// The tokens of a text that goes on with another one.
    func encode(_ text: String) -> [Int32] { tokenizer.encode([.text(text)], isContinuation: true) }

    /// `count` tokens of the text from a random place on; what follows its end is its beginning.
    func passage(_ count: Int, _ random: inout SplitMix64) -> [Int32] {
        guard !text.isEmpty else { return [] }
        let start = Int.random(in: text.indices, using: &random)
        return (0..<count).map { text[(start + $0) % text.count] }
    }

    /// Nouns that most vocabularies have as one token.
    private static let nouns = """
        apple arm army bag ball bank bar basket beach bear bed bell bird blood boat body bone book bottle box brain bread \
        bridge brother bus cake camera camp car card castle cat chair church circle city clock cloud coat coffee corn \
        cotton cow crown cup dance desert desk diamond dinner doctor dog dream dress drum ear earth egg engine eye face \
        family farm father field finger fire fish flag floor flower food foot forest fruit garden gate girl glass gold \
        grass guitar hair hammer hand hat heart hill horse hospital hotel house ice iron island jacket judge key king \
        kitchen knife lady lake lamp leaf leg letter library lion machine map market meat milk mirror money moon mother \
        mountain mouse mouth music nail needle net nose ocean office oil orange paint paper park pen piano picture pipe \
        plane plate pocket poet prince queen rain ring river road rock roof room root rope rose salt sand school sea seed \
        shadow sheep ship shirt shoe silver sister skin sky sleep smoke snake snow soldier song spring star station steel \
        stone storm street sugar sun table tail teacher temple tiger tool tower town train tree truck valley village wall \
        watch water wheel whale wind window wine wing winter wolf wood wool
        """.split(separator: " ").map(String.init)
}
