import Foundation
import Inference
import Testing
import Tokenization
import Weights

/// Everything that the reference implementation computed, from GGUF metadata.
@Suite struct TokenizerFileTests {
    struct Golden: Decodable {
        struct Case: Decodable {
            let text: String
            let ids: [Int32]
            let ids_with_special: [Int32]?
            let ids_special_as_text: [Int32]?
            let decoded: String
            let decoded_skip_special: String
        }
        struct DecodeCase: Decodable {
            let ids: [Int32]
            let decoded: String
            let token_bytes: [String]
        }
        let vocab_size: Int
        let normalizer: String?
        let cases: [Case]
        let decode_cases: [DecodeCase]
    }

    private static let here = URL(filePath: #filePath).deletingLastPathComponent()

    private func load(_ name: String) throws -> (Golden, any Tokenizer) {
        let goldens = TokenizerFileTests.here.deletingLastPathComponent().appending(path: "TokenizationTests/Golden")
        let golden = try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: goldens.appending(path: "\(name).fixtures.json")))
        let path =
            name == "smollm2"
            ? RealModel.defaultPath : TokenizerFileTests.here.appending(path: "Golden/tokenizers/\(name).gguf").path
        return (golden, try TokenizerLoader.load(from: WeightFile.open(path)))
    }

    private func isSame(_ first: String, _ second: String) -> Bool { first.utf8.elementsEqual(second.utf8) }

    /// `smollm2` is the vocabulary of the model that ships with the program.
    @Test(arguments: ["smollm2", "tiny-llama3", "tiny-qwen2", "tiny-llama2-spm"])
    func metadataGiveTheReferencesTokens(name: String) throws {
        let (golden, tokenizer) = try load(name)
        #expect(tokenizer.vocabularySize == golden.vocab_size)
        var compared = 0
        for example in golden.cases {
            // The format can't say that text is normalised first.
            if golden.normalizer == "NFC", !isSame(example.text, example.text.precomposedStringWithCanonicalMapping) {
                continue
            }
            compared += 1
            let shown = example.text.debugDescription
            #expect(tokenizer.encode(example.text, specialTokens: true) == example.ids, "\(shown)")
            #expect(
                tokenizer.encode(example.text, specialTokens: true, addSpecial: true)
                    == example.ids_with_special ?? example.ids, "\(shown)")
            #expect(
                tokenizer.encode(example.text, specialTokens: false) == example.ids_special_as_text ?? example.ids,
                "\(shown)")
            #expect(isSame(tokenizer.decode(example.ids, skipSpecial: false), example.decoded), "\(shown)")
            #expect(isSame(tokenizer.decode(example.ids, skipSpecial: true), example.decoded_skip_special), "\(shown)")
        }
        #expect(compared >= 110)
        for example in golden.decode_cases {
            #expect(isSame(tokenizer.decode(example.ids, skipSpecial: false), example.decoded), "\(example.ids)")
            let hex = example.ids.map { id in
                tokenizer.bytes(of: id).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            }
            #expect(hex == example.token_bytes)
        }
    }
}
