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
