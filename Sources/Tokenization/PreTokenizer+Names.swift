/// What a name in `tokenizer.ggml.pre` stands for.
struct PreTokenizerName: Sendable {
    /// The names that mean the same, the most usual first.
    let names: [String]
    let preTokenizer: PreTokenizer
    /// Whether a whole word that is a token is taken without merging.
    var takesWholeWords = false
    /// Whether a text begins with a token for its beginning where the file does not say.
    var addsBOS = false
}

/// The regular expressions that cut words, each under its names in GGUF files and as `tokenizer.json` spells it.
///
/// Where the two differ for a model, `tokenizer.json` is the one that the model was trained with.
/// Names: github.com/ggml-org/llama.cpp (`src/llama-vocab.cpp`).
package enum PreTokenizers {
    private static let llama3 = PreTokenizer(rules: [Cl100kWords()])
    private static let punctuation = Array("$+<=>^~|".utf8)

    /// Every known name in `tokenizer.ggml.pre`.
    static let all: [PreTokenizerName] = [
        PreTokenizerName(
            names: [
                "gpt-2", "mpt", "olmo", "phi-2", "jais", "trillion", "granite-docling", "gigachat", "a.x-4.0", "mellum",
                "exaone4",
            ],
            preTokenizer: PreTokenizer(rules: [GPT2Words()])),
        PreTokenizerName(
            names: ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2"],
            preTokenizer: PreTokenizer(rules: [GPT2Words(singleNumbers: true)])),
        PreTokenizerName(
            names: ["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "lfm2", "midm-2.0"],
            preTokenizer: llama3, takesWholeWords: true, addsBOS: true),
        PreTokenizerName(names: ["dbrx", "smaug-bpe", "glm4", "chatglm-bpe"], preTokenizer: llama3),
        PreTokenizerName(
            names: [
                "qwen2", "deepseek-r1-qwen", "stablelm2", "megrez", "kormo", "f2llmv2", "hunyuan", "solar-open",
                "grok-2",
            ],
            preTokenizer: PreTokenizer(rules: [Cl100kWords(longestNumber: 1)])),
        PreTokenizerName(
            names: ["qwen35"],
            preTokenizer: PreTokenizer(rules: [Cl100kWords(word: .lettersAndMarks, longestNumber: 1)])),
        PreTokenizerName(
            names: ["tekken"],
            preTokenizer: PreTokenizer(rules: [
                Cl100kWords(contractions: .none, word: .capitalized, longestNumber: 1, signsTakeSlashes: true)
            ]),
            takesWholeWords: true, addsBOS: true),
        PreTokenizerName(
            names: ["gpt-4o", "llama4", "kanana2", "minimax-m2", "talkie"],
            preTokenizer: PreTokenizer(rules: [
                Cl100kWords(contractions: .endings, word: .capitalized, signsTakeSlashes: true)
            ])),
        PreTokenizerName(
            names: ["falcon"],
            preTokenizer: PreTokenizer(rules: [
                CharacterRuns(classes: .punctuation, ascii: CharacterRuns.asciiSymbols), GPT2Words(), DigitTriples(),
            ])),
        PreTokenizerName(
            names: ["default"],
            preTokenizer: PreTokenizer(rules: [
                CharacterRuns(classes: .punctuation, ascii: punctuation), GPT2Words(), CharacterRuns(classes: .number),
                DigitTriples(),
            ])),
    ]

    /// Returns what a name stands for; one that is not known is an error that lists those that are.
    static func named(_ name: String?, source: String) throws -> PreTokenizerName {
        if let name, let found = all.first(where: { $0.names.contains(name) }) { return found }
        let named = name.map { "the pre-tokenizer \"\($0)\"" } ?? "a pre-tokenizer without name"
        throw TokenizationError(
            .unsupported,
            "The tokenizer of \(source) wants \(named); known ones: \(all.flatMap { $0.names }.joined(separator: ", "))."
                + " Guessing would give wrong tokens. Use another model, or one converted by a newer tool.")
    }

    /// Returns the words that a text is cut into as a name in `tokenizer.ggml.pre` says.
    package static func words(of text: String, cutAs name: String) throws -> [String] {
        let preTokenizer = try named(name, source: "a text").preTokenizer
        var words: [String] = []
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            preTokenizer.forEachWord(in: ScalarText(bytes: bytes), range: 0..<bytes.count) {
                words.append(String(decoding: bytes[$0], as: UTF8.self))
            }
        }
        return words
    }

    /// Returns what a regular expression stands for, as `tokenizer.json` spells it, or nil where it is not known.
    static func splitter(for pattern: String) -> (any Splitter)? {
        patterns.first { Array($0.pattern.utf8) == Array(pattern.utf8) }?.splitter
    }

    private static let contractions = #"(?i:'s|'t|'re|'ve|'m|'ll|'d)"#
    private static let letters = #"[^\r\n\p{L}\p{N}]?\p{L}+"#
    private static let signs = #" ?[^\s\p{L}\p{N}]+[\r\n]*"#
    private static let signsAndSlashes = #" ?[^\s\p{L}\p{N}]+[\r\n/]*"#
    private static let spaces = #"\s*[\r\n]+|\s+(?!\S)|\s+"#
    private static let smallWord = #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"#
    private static let capitalWord = #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"#
    private static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"#
    /// As `(?i:…)` is spelled where an expression library lacks it.
    private static let spelledContractions = #"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"#

    private static let patterns: [(pattern: String, splitter: any Splitter)] =
        [contractions, spelledContractions].flatMap { contractions in
            [
                ("\(contractions)|\(letters)|\\p{N}{1,3}|\(signs)|\(spaces)", Cl100kWords()),
                ("\(contractions)|\(letters)|\\p{N}|\(signs)|\(spaces)", Cl100kWords(longestNumber: 1)),
                ("\(contractions)|\(letters)|\\p{N}+|\(signs)|\(spaces)", Cl100kWords(longestNumber: .max)),
                (
                    #"\#(contractions)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\#(spaces)"#,
                    Cl100kWords(word: .lettersAndMarks, longestNumber: 1)
                ),
                (
                    "\(smallWord)\(contractions)?|\(capitalWord)\(contractions)?|\\p{N}{1,3}|\(signsAndSlashes)|\(spaces)",
                    Cl100kWords(contractions: .endings, word: .capitalized, signsTakeSlashes: true)
                ),
            ] as [(String, any Splitter)]
        } + [
            (
                "\(smallWord)|\(capitalWord)|\\p{N}|\(signsAndSlashes)|\(spaces)",
                Cl100kWords(contractions: .none, word: .capitalized, longestNumber: 1, signsTakeSlashes: true)
            ),
            (
                "\(smallWord)|\(capitalWord)|\\p{N}{1,3}|\(signsAndSlashes)|\(spaces)",
                Cl100kWords(contractions: .none, word: .capitalized, signsTakeSlashes: true)
            ),
            (gpt2, GPT2Words()), (gpt2 + #"|\s+"#, GPT2Words()),
            (#"\p{N}"#, CharacterRuns(classes: .number, longest: 1)),
            (#"\p{N}{1,3}"#, CharacterRuns(classes: .number, longest: 3)),
            (#"\p{N}+"#, CharacterRuns(classes: .number)),
            ("[0-9][0-9][0-9]", DigitTriples()),
        ]
}
