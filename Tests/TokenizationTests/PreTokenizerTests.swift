import Foundation
import Testing
import Tokenization

/// What `make_references.py` computed with the reference implementation.
@Suite struct PreTokenizerTests {
    struct Splits: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let patterns: [String]
        let cases: [[String]]
        var testDescription: String { name }
    }

    struct Pipeline: Decodable, Sendable, CustomTestStringConvertible {
        struct Case: Decodable, Sendable {
            let text: String
            let ids: [Int32]
            let decoded: String
            let decoded_skip_special: String
        }
        let name: String
        let tokenizer: String
        let cases: [Case]
        var testDescription: String { name }
    }

    private static func read<T: Decodable>(_ name: String) -> Result<[T], any Error> {
        Result { try JSONDecoder().decode([T].self, from: Data(try Goldens.bytes(name))) }
    }

    private static let splits: Result<[Splits], any Error> = read("splits.json")
    private static let pipelines: Result<[Pipeline], any Error> = read("pipelines.json")

    @Test(arguments: try splits.get()) func wordsAreThoseOfTheRegularExpressions(splits: Splits) throws {
        #expect(splits.cases.count >= 24)
        for words in splits.cases {
            let found = try PreTokenizers.words(of: words.joined(), cutAs: splits.name)
            #expect(found.map { Array($0.utf8) } == words.map { Array($0.utf8) }, "\(words) \(found)")
        }
    }

    /// What `tokenizer.ggml.pre` is in released files of the families that can be run.
    @Test(arguments: [
        ("Mamba, Mamba-2, Pythia", ["mpt", "olmo", "gpt-2"]), ("Falcon-Mamba", ["falcon"]),
        ("Granite 4, Granite 3", ["dbrx", "refact"]), ("Bamba, Llama 3", ["llama-bpe"]),
        ("Falcon-H1, Falcon 3", ["falcon-h1", "falcon3"]), ("Nemotron-H, Nemotron Nano", ["pixtral", "tekken"]),
        ("LFM2", ["lfm2"]), ("SmolLM, SmolLM2", ["smollm"]), ("Mistral Nemo", ["tekken"]),
        ("Qwen 2 and 3", ["qwen2", "deepseek-r1-qwen"]), ("GPT-4o's vocabulary", ["gpt-4o"]),
        ("files of older converters", ["default"]),
    ])
    func everyFamilysNameIsKnown(_ family: String, _ names: [String]) throws {
        for name in names {
            let text = "I've 12345 Words, andMore: 日本 e\u{301}\n\n  x\r\n"
            #expect(try PreTokenizers.words(of: text, cutAs: name).joined() == text, "\(family)")
        }
    }

    @Test(arguments: ["gpt-5", "", "LLAMA-BPE"]) func anUnknownNameIsAnErrorThatNamesIt(name: String) {
        #expect {
            try PreTokenizers.words(of: "x", cutAs: name)
        } throws: { error in
            let error = error as? TokenizationError
            return error?.code == .unsupported && error?.message.contains("\"\(name)\"") == true
        }
    }

    @Test(arguments: [
        ("t5", "unigram"), ("bert", "WordPiece"), ("rwkv", "RWKV"), ("gemma4", "known kinds: gpt2, llama"),
    ])
    func otherKindsOfTokenizersAreErrorsThatNameThem(_ kind: String, _ word: String) {
        let description = TokenizerDescription(source: "m.gguf", model: kind, preTokenizer: nil, tokens: ["a"])
        #expect {
            try Tokenizers.make(description)
        } throws: { error in
            let error = error as? TokenizationError
            return error?.code == .unsupported && error?.message.contains("\"\(kind)\"") == true
                && error?.message.contains(word) == true
        }
    }

    @Test(arguments: try pipelines.get()) func partsOfPipelinesDoWhatTheReferenceDoes(pipeline: Pipeline) throws {
        let tokenizer = try TokenizerJSON.read(Array(pipeline.tokenizer.utf8), source: pipeline.name)
        #expect(pipeline.cases.count >= 12)
        for example in pipeline.cases {
            let shown = example.text.debugDescription
            #expect(tokenizer.encode(example.text, specialTokens: true) == example.ids, "\(shown)")
            #expect(sameBytes(tokenizer.decode(example.ids, skipSpecial: false), example.decoded), "\(shown)")
            #expect(
                sameBytes(tokenizer.decode(example.ids, skipSpecial: true), example.decoded_skip_special), "\(shown)")
        }
    }
}
