import Tokenization

/// `tokenizer.json`, and what the tokenizer does with text.
struct TokenizerJSONTarget: FuzzTarget {
    static let name = "tokenizer"

    static func seeds() throws -> [(name: String, bytes: [UInt8])] {
        try TestFiles.read("TokenizationTests/Golden", ending: ".tokenizer.json")
    }

    private let texts = ["", "Hello, world! 123 \n\t  x", "ab<s>é\u{301}🙂\u{0}▁", "<|im_end|> </s>   don't"]

    func run(_ bytes: [UInt8]) {
        guard let tokenizer = try? TokenizerJSON.read(bytes, source: "tokenizer.json") else { return }
        for text in texts {
            for special in [false, true] {
                let ids = tokenizer.encode(text, specialTokens: special, addSpecial: special)
                precondition(ids.allSatisfy { $0 >= 0 && Int($0) < tokenizer.vocabularySize }, "an id without token")
                _ = tokenizer.decode(ids, skipSpecial: special)
            }
        }
    }
}
