import Testing
import Tokenization

/// Everything that the reference implementation computed, from `tokenizer.json`.
@Suite struct ReferenceTests {
    static let names = ["smollm2", "tiny-neox", "tiny-llama3", "tiny-qwen2", "tiny-llama2-spm", "tiny-spm-metaspace"]

    private func load(_ name: String) throws -> (TokenizerGolden, any Tokenizer) {
        let golden = try Goldens.tokenizer(name)
        if name == "smollm2" { return (golden, try Goldens.smolLM2.get()) }
        return (golden, try TokenizerJSON.read(try Goldens.bytes("\(name).tokenizer.json"), source: name))
    }

    @Test(arguments: names) func encodingAgreesWithTheReference(name: String) throws {
        let (golden, tokenizer) = try load(name)
        #expect(golden.cases.count >= 123)
        #expect(tokenizer.vocabularySize == golden.vocab_size)
        for example in golden.cases {
            let shown = example.text.debugDescription
            #expect(tokenizer.encode(example.text, specialTokens: true) == example.ids, "\(shown)")
            #expect(
                tokenizer.encode(example.text, specialTokens: true, addSpecial: true)
                    == example.ids_with_special ?? example.ids, "\(shown)")
            #expect(
                tokenizer.encode(example.text, specialTokens: false) == example.ids_special_as_text ?? example.ids,
                "\(shown)")
        }
    }

    @Test(arguments: names) func decodingAgreesWithTheReference(name: String) throws {
        let (golden, tokenizer) = try load(name)
        for example in golden.cases {
            #expect(sameBytes(tokenizer.decode(example.ids, skipSpecial: false), example.decoded))
            #expect(sameBytes(tokenizer.decode(example.ids, skipSpecial: true), example.decoded_skip_special))
        }
        #expect(golden.decode_cases.count == 60)
        for example in golden.decode_cases {
            #expect(sameBytes(tokenizer.decode(example.ids, skipSpecial: false), example.decoded), "\(example.ids)")
            let hex = example.ids.map { id in
                tokenizer.bytes(of: id).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            }
            #expect(hex == example.token_bytes)
        }
    }

    @Test(arguments: names) func streamingIsSplitInvariant(name: String) throws {
        let (golden, tokenizer) = try load(name)
        for example in golden.decode_cases {
            let bytes = example.ids.flatMap { tokenizer.bytes(of: $0) }
            let whole = String(decoding: bytes, as: UTF8.self)
            var perToken = StreamingDecoder()
            var text = ""
            for id in example.ids { text += perToken.append(tokenizer.bytes(of: id)) }
            #expect(sameBytes(text + perToken.finish(), whole))
            for cut in 0...bytes.count {
                var decoder = StreamingDecoder()
                let first = decoder.append(Array(bytes[..<cut]))
                var resumed = StreamingDecoder(pending: decoder.pending)
                let second = resumed.append(Array(bytes[cut...]))
                #expect(sameBytes(first + second + resumed.finish(), whole), "\(example.ids) cut at \(cut)")
            }
            // Vocabularies of characters mark what is no UTF-8 byte by byte, and drop the space they put in front.
            if !name.contains("spm") { #expect(sameBytes(whole, example.decoded)) }
        }
    }
}
