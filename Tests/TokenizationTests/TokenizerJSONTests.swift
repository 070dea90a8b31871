import Foundation
import Testing
import Tokenization

@Suite struct TokenizerJSONTests {
    private static func small() -> [String: Any] {
        [
            "model": [
                "type": "BPE", "vocab": ["a": 0, "b": 1, "ab": 2, "Ġ": 3, "1": 4], "merges": ["a b"],
            ] as [String: Any],
            "added_tokens": [
                ["id": 5, "content": "<s>", "special": true] as [String: Any],
                ["id": 7, "content": "  ", "special": false],
            ],
            "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false],
            "decoder": ["type": "ByteLevel"],
            "post_processor": [
                "type": "Sequence",
                "processors": [
                    ["type": "ByteLevel"],
                    [
                        "type": "TemplateProcessing",
                        "single": [
                            ["SpecialToken": ["id": "<s>"]], ["Sequence": ["id": "A"]],
                            ["SpecialToken": ["id": "<s>"]],
                        ],
                    ],
                ],
            ] as [String: Any],
        ]
    }

    private func read(_ root: [String: Any], roles: TokenizerJSON.RoleNames = .init()) throws -> any Tokenizer {
        let data = try JSONSerialization.data(withJSONObject: root)
        return try TokenizerJSON.read(Array(data), source: "t.json", roles: roles)
    }

    @Test func aSmallFileIsRead() throws {
        let tokenizer = try read(TokenizerJSONTests.small(), roles: .init(bos: "<s>"))
        #expect(tokenizer.vocabularySize == 8)
        #expect(tokenizer.encode("ab  b<s>", specialTokens: true) == [2, 7, 1, 5])
        #expect(tokenizer.encode("ab  b", specialTokens: false, addSpecial: true) == [5, 2, 7, 1, 5])
        #expect(tokenizer.addsBOS)
        #expect(tokenizer.decode([2, 7, 6, 1, 5], skipSpecial: true) == "ab  b")
    }

    @Test func wholeWordsCountWhereTheFileSaysSo() throws {
        var root = TokenizerJSONTests.small()
        root["model"] =
            ["vocab": ["a": 0, "b": 1, "ab": 2, "Ġ": 3, "1": 4, "aba": 6], "merges": [["a", "b"]]] as [String: Any]
        #expect(try read(root).encode("aba", specialTokens: false) == [2, 0])
        var model = try #require(root["model"] as? [String: Any])
        model["ignore_merges"] = true
        root["model"] = model
        #expect(try read(root).encode("aba", specialTokens: false) == [6])
    }

    @Test(arguments: [
        ("normalizer", "{\"type\": \"Lowercase\"}", "the normalizer Lowercase"),
        ("normalizer", "{\"type\": \"Prepend\", \"prepend\": \"_\"}", "the normalizer Prepend"),
        ("pre_tokenizer", "{\"type\": \"Metaspace\"}", "the pre-tokenizer Metaspace with another mark"),
        ("pre_tokenizer", "{\"type\": \"BertPreTokenizer\"}", "the pre-tokenizer BertPreTokenizer"),
        ("pre_tokenizer", "null", "no ByteLevel pre-tokenizer with a ByteLevel decoder"),
        ("pre_tokenizer", "{\"type\": \"Punctuation\", \"behavior\": \"Removed\"}", "Punctuation, Removed"),
        (
            "pre_tokenizer", "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"x+\"}, \"behavior\": \"Isolated\"}",
            "Split with the pattern x+"
        ),
        (
            "pre_tokenizer", "{\"type\": \"Split\", \"pattern\": {\"String\": \"x\"}, \"behavior\": \"Removed\"}",
            "the pre-tokenizer Split, Removed"
        ),
        ("decoder", "{\"type\": \"WordPiece\"}", "the decoder WordPiece"),
        ("decoder", "null", "no decoder"),
        ("decoder", "{\"type\": \"Fuse\"}", "a ByteLevel pre-tokenizer with no ByteLevel decoder"),
        ("post_processor", "{\"type\": \"BertProcessing\"}", "the post-processor BertProcessing"),
        ("model", "{\"type\": \"Unigram\"}", "the model Unigram"),
        ("model", "{\"type\": \"BPE\", \"byte_fallback\": true}", "byte fallback"),
        ("model", "{\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\"}", "end_of_word_suffix \"</w>\""),
        ("padding", "{}", "padding"),
        ("truncation", "{}", "truncation"),
        (
            "added_tokens", "[{\"id\": 5, \"content\": \"<s>\", \"rstrip\": true}]",
            "rstrip on the added token \"<s>\""
        ),
    ])
    func partsThatAreNotDoneAreNamed(part: String, value: String, words: String) throws {
        var root = TokenizerJSONTests.small()
        root[part] = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
        let error = #expect(throws: TokenizationError.self) { try read(root) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [
        "", "{", "[]", "{} x", "{\"model\": tru}", "{\"model\": \"\\ud800\"}", "{\"model\": 1e999}",
        "{\"model\": {\"vocab\": {\"a\": 0, \"b\": 90000}, \"merges\": []}, \"pre_tokenizer\":"
            + "{\"type\": \"ByteLevel\"}, \"decoder\": {\"type\": \"ByteLevel\"}}",
        String(repeating: "[", count: 100_000), "{\"model\": 3}", "nonsense",
        "{\"model\": {\"vocab\": [], \"merges\": []}, \"pre_tokenizer\": {\"type\": \"ByteLevel\"},"
            + "\"decoder\": {\"type\": \"ByteLevel\"}}",
        "{\"model\": {\"vocab\": {\"a\": 0}}, \"pre_tokenizer\": {\"type\": \"ByteLevel\"},"
            + "\"decoder\": {\"type\": \"ByteLevel\"}}",
        "{\"model\": {\"vocab\": {\"a\": -1}, \"merges\": []}, \"pre_tokenizer\": {\"type\": \"ByteLevel\"},"
            + "\"decoder\": {\"type\": \"ByteLevel\"}}",
        "{\"model\": {\"vocab\": {\"a\": 9000000000000}, \"merges\": []}, \"pre_tokenizer\": {\"type\": \"ByteLevel\"},"
            + "\"decoder\": {\"type\": \"ByteLevel\"}}",
        "{\"model\": {\"vocab\": {\"a\": 0, \"b\": 0}, \"merges\": []}, \"pre_tokenizer\": {\"type\": \"ByteLevel\"},"
            + "\"decoder\": {\"type\": \"ByteLevel\"}}",
        "{\"model\": {\"vocab\": {\"a\": 0}, \"merges\": [\"a\"]}, \"pre_tokenizer\": {\"type\": \"ByteLevel\"},"
            + "\"decoder\": {\"type\": \"ByteLevel\"}}",
        "{\"model\": {\"vocab\": {}, \"merges\": []}, \"pre_tokenizer\": {\"type\": \"ByteLevel\"},"
            + "\"decoder\": {\"type\": \"ByteLevel\"}}",
    ])
    func damagedFilesAreRefused(text: String) {
        let error = #expect(throws: TokenizationError.self) {
            try TokenizerJSON.read(Array(text.utf8), source: "t.json")
        }
        #expect(error?.code == .damaged)
        #expect(error?.description.contains("t.json") == true)
    }

    @Test func textInQuotesIsReadByteByByte() throws {
        let text =
            #"{"model": {"vocab": {"\u0041": 0, "\ud83d\ude00": 1, "\"\\\/\n": 2, "\u00e9": 3, "e\u0301": 4},"#
            + #" "merges": [], "byte_fallback": true}, "decoder": {"type": "Fuse"}}"#
        let tokenizer = try TokenizerJSON.read(Array(text.utf8), source: "t.json")
        let tokens = (0..<5).compactMap { tokenizer.vocabulary.text(of: $0) }.map { Array($0.utf8) }
        #expect(tokens == ["A", "😀", "\"\\/\n", "\u{e9}", "e\u{301}"].map { Array($0.utf8) })
        let broken = Array(text.utf8.prefix(40)) + [0xff] + Array(text.utf8.dropFirst(40))
        let error = #expect(throws: TokenizationError.self) { try TokenizerJSON.read(broken, source: "t.json") }
        #expect(error?.description.contains("at byte ") == true)
    }

    /// Cut off anywhere, and with single bits turned over, a file is refused or works.
    @Test(arguments: ["tiny-neox", "tiny-spm-metaspace"]) func damageIsNoticedOrHarmless(name: String) throws {
        let bytes = try Goldens.bytes("\(name).tokenizer.json")
        for length in stride(from: 0, to: bytes.count - 1, by: 211) {
            let error = #expect(throws: TokenizationError.self) {
                try TokenizerJSON.read(Array(bytes[..<length]), source: "t.json")
            }
            #expect(error?.code == .damaged)
        }
        var random = Generator(state: 7)
        for _ in 0..<150 {
            var changed = bytes
            changed[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            do throws(any Error) {
                let tokenizer = try TokenizerJSON.read(changed, source: "t.json")
                let ids = tokenizer.encode("The é 12  <s> 中\n", specialTokens: true, addSpecial: true)
                #expect(ids.allSatisfy { $0 >= 0 && $0 < tokenizer.vocabularySize })
                _ = tokenizer.decode(ids, skipSpecial: true)
            } catch {
                #expect((error as? TokenizationError)?.message.isEmpty == false)
            }
        }
    }

    @Test func aRoleHasToBeAToken() {
        let error = #expect(throws: TokenizationError.self) {
            try read(TokenizerJSONTests.small(), roles: .init(eos: "</s>"))
        }
        #expect(error?.message.contains("the token \"</s>\", which is not in its vocabulary") == true)
    }
}
