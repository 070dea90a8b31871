import Launch
import Tokenization

/// The text that a model is measured on.
struct EvalText {
    /// The text's file; `-` is standard input.
    let file: String

    private var source: String { file == "-" ? "standard input" : "'\(file)'" }

    /// Reads the text, which has to be UTF-8.
    func read() throws -> String {
        try TextInput.text(TextInput.file(file), from: source)
    }

    /// The tokens of `text`: two at least, as every measure predicts one from another.
    func tokens(of text: String, _ tokenizer: any Tokenizer) throws -> [Int32] {
        let tokens = tokenizer.encode(text, specialTokens: true, addSpecial: true)
        guard tokens.count > 1 else {
            throw LaunchError(
                .input, "\(source) is too short",
                why: "its \(text.utf8.count) bytes are \(tokens.count) tokens; it takes 2")
        }
        return tokens
    }
}
