import Chat
import Engine
import Foundation
import Inference
import TestSupport
import Testing
import Tokenization
import Weights

/// What the files beside a checkpoint's weights say about text.
@Suite struct CheckpointTextTests {
    let directory: TemporaryDirectory

    private static let tokenizer = #"""
        {"added_tokens": [{"id": 4, "content": "<|end|>", "special": true}, {"id": 5, "content": "<bos>", "special": true}],
         "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "Ġ": 3}, "merges": ["a b"]},
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false}, "decoder": {"type": "ByteLevel"}}
        """#

    init() throws {
        directory = try TemporaryDirectory()
        try write("config.json", String(decoding: TinyCheckpoint.config(), as: UTF8.self))
        _ = try directory.write(TinyCheckpoint.shards()[0].build(), "model.safetensors")
        try write("tokenizer.json", Self.tokenizer)
    }

    private func write(_ name: String, _ text: String) throws { _ = try directory.write(Array(text.utf8), name) }

    private func load(tokenizer: String? = nil) throws -> LoadedModel {
        try LoadedModel(
            path: directory.url.path, options: LoadOptions(precision: .exact, threads: 1, tokenizer: tokenizer))
    }

    private func failure(tokenizer: String? = nil) -> String {
        do {
            _ = try load(tokenizer: tokenizer)
            return "it loaded"
        } catch { return String(describing: error) }
    }

    private func text(_ loaded: LoadedModel, _ id: Int32?) -> String? {
        id.flatMap { loaded.tokenizer.vocabulary.text(of: $0) }
    }

    @Test func rolesComeFromTheTokenizersSettings() throws {
        try write(
            "tokenizer_config.json", #"{"bos_token": {"content": "<bos>", "lstrip": false}, "eos_token": "<|end|>"}"#)
        let loaded = try load()
        #expect(text(loaded, loaded.tokenizer.bos) == "<bos>" && text(loaded, loaded.tokenizer.eos) == "<|end|>")
        #expect(loaded.tokenizer.encode("ab a", specialTokens: true) == [2, 3, 0])
        #expect(loaded.summary.title == directory.url.lastPathComponent && loaded.summary.family == "mamba")
        try directory.remove("tokenizer_config.json")
        try write("special_tokens_map.json", #"{"bos_token": "<bos>"}"#)
        #expect(text(try load(), try load().tokenizer.bos) == "<bos>")
        try write("tokenizer_config.json", #"{"bos_token": "<nobody>"}"#)
        #expect(failure().contains("<nobody>"))
    }

    @Test func whatEndsAnAnswerComesFromTheGenerationsSettings() throws {
        // config.json says 1.
        #expect(try load().tokenizer.endOfTurn.isSuperset(of: [1]))
        #expect(try load().tokenizer.eos == 1)
        try write("generation_config.json", #"{"eos_token_id": [4, 2]}"#)
        #expect(try load().tokenizer.endOfTurn == [2, 4])
        try write("generation_config.json", #"{"eos_token_id": 3, "max_length": 100000000000000000000000}"#)
        #expect(try load().tokenizer.endOfTurn.contains(3))
        try write("generation_config.json", #"{"eos_token_id": null}"#)
        #expect(try load().tokenizer.endOfTurn.contains(1))
        try write("generation_config.json", #"{"eos_token_id": [99]}"#)
        #expect(try load().tokenizer.endOfTurn.isDisjoint(with: [1, 99]))
    }

    @Test func theTemplateIsTheDirectorysOwn() throws {
        func prompt(_ loaded: LoadedModel) throws -> String {
            try loaded.form.get().template.render(
                [TemplateMessage(role: "user", content: "a")], addGenerationPrompt: false)
        }
        #expect(try load().form.get().origin == .plain)
        let message = "{{ messages[0].content }}"
        try write("tokenizer_config.json", #"{"bos_token": "<bos>", "chat_template": "1{{ bos_token }}\#(message)"}"#)
        #expect(try load().form.get().origin == .model)
        #expect(try prompt(load()) == "1<bos>a")
        try write(
            "tokenizer_config.json",
            #"{"chat_template": [{"name": "tools", "template": "2"}, {"name": "default", "template": "3\#(message)"}]}"#
        )
        #expect(try prompt(load()) == "3a")
        try write("chat_template.json", #"{"chat_template": "4\#(message)"}"#)
        #expect(try prompt(load()) == "4a")
        try write("chat_template.jinja", "5\(message)")
        #expect(try prompt(load()) == "5a")
        try directory.remove("chat_template.jinja")
        try write("chat_template.json", #"{"chat_template": 7}"#)
        let error = #expect(throws: TokenizationError.self) { try load().form.get() }
        #expect(error?.message.contains("chat_template.json") == true)
    }

    @Test func aMissingTokenizerIsNamedAndCanBeBroughtAlong() throws {
        let other = try TemporaryDirectory()
        try directory.remove("tokenizer.json")
        #expect(failure().contains("has no tokenizer.json") && failure().contains("--tokenizer"))
        try write("tokenizer.model", "pieces")
        #expect(failure().contains("tokenizer.model (SentencePiece)"))

        let file = try other.write(Array(Self.tokenizer.utf8), "tokenizer.json")
        let renamed = try other.write(Array(Self.tokenizer.utf8), "tiny.json")
        for path in [other.url.path, other.url.path + "/", file, renamed] {
            #expect(try load(tokenizer: path).tokenizer.encode("ab", specialTokens: true) == [2])
        }
        _ = try other.write(Array(#"{"chat_template": "there"}"#.utf8), "tokenizer_config.json")
        #expect(try load(tokenizer: file).form.get().origin == .model)
        #expect(failure(tokenizer: other.path("none.json")).contains("none.json"))
        #expect(failure(tokenizer: other.path("none")).contains("none"))
    }

    @Test func aTokenizerOfAnotherModelIsRefused() throws {
        let words = (0..<30).map { #""w\#($0)": \#($0)"# }.joined(separator: ", ")
        try write(
            "tokenizer.json",
            Self.tokenizer.replacing(#""a": 0, "b": 1, "ab": 2, "Ġ": 3"#, with: words)
                .replacing(#"["a b"]"#, with: "[]").replacing(#""id": 4"#, with: #""id": 30"#)
                .replacing(#""id": 5"#, with: #""id": 31"#))
        #expect(failure().contains("a tokenizer of 32 tokens and a model of 24"))
    }

    @Test func aGGUFFilesTokenizerServesACheckpoint() throws {
        let path = try directory.write(TinyGGUF.model(.mamba).build(), "other.gguf")
        try directory.remove("tokenizer.json")
        let file = try WeightFile.open(path)
        let expected = try TokenizerLoader.load(from: file)
        let found = try TokenizerLoader.load(from: WeightFile.open(directory.url.path), chosen: path)
        #expect(found.vocabulary.tokens == expected.vocabulary.tokens)
    }
}
