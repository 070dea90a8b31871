import Testing
import Tokenization

@Suite struct BytePairTokenizerTests {
    /// Lower-case letters, a space, a line feed, some merges, and markup.
    private static func description() -> TokenizerDescription {
        let letters = (UInt8(ascii: "a")...UInt8(ascii: "z")).map { String(UnicodeScalar($0)) }
        return TokenizerDescription(
            source: "tiny.gguf", model: "gpt2", preTokenizer: "gpt-2",
            tokens: letters + ["Ġ", "Ċ", "th", "the", "Ġthe", "he", "Ġt", "<|im_end|>", "<s>", "zz"],
            tokenTypes: [Int](repeating: 1, count: 33) + [3, 3, 4],
            merges: ["t h", "h e", "th e", "Ġ t", "Ġ the"], bos: 34, eos: 33, addsBOS: true, addsEOS: true)
    }

    private func failure(_ change: (inout TokenizerDescription) -> Void) -> TokenizationError? {
        var description = BytePairTokenizerTests.description()
        change(&description)
        return #expect(throws: TokenizationError.self) { try Tokenizers.make(description) }
    }

    @Test func mergesGoByRank() throws {
        let tokenizer = try Tokenizers.make(BytePairTokenizerTests.description())
        #expect(tokenizer.vocabularySize == 36)
        // "t h" comes before "h e", and "Ġ the" works only on what is merged already.
        #expect(tokenizer.encode("the", specialTokens: false) == [29])
        #expect(tokenizer.encode(" the", specialTokens: false) == [30])
        #expect(tokenizer.encode("he", specialTokens: false) == [31])
        #expect(tokenizer.encode("a the\nthe", specialTokens: false) == [0, 30, 27, 29])
        #expect(tokenizer.decode([0, 30, 27, 29], skipSpecial: false) == "a the\nthe")
        // Bytes without a token are left out.
        #expect(tokenizer.encode("a+é", specialTokens: false) == [0])
    }

    @Test func addedTokensAreFoundWhereTheyMay() throws {
        let tokenizer = try Tokenizers.make(BytePairTokenizerTests.description())
        #expect(tokenizer.encode("the<|im_end|>a", specialTokens: true) == [29, 33, 0])
        #expect(!tokenizer.encode("the<|im_end|>a", specialTokens: false).contains(33))
        // User-defined tokens are text, so they are found in text too.
        #expect(tokenizer.encode("azzz", specialTokens: false) == [0, 35, 25])
        #expect(tokenizer.encode([.text("az"), .text("z")]) == [0, 35])
        #expect(tokenizer.decode([0, 33, 35], skipSpecial: true) == "azz")
    }

    @Test func whatTheModelWantsAroundATextIsAddedOnRequest() throws {
        let tokenizer = try Tokenizers.make(BytePairTokenizerTests.description())
        #expect(tokenizer.addsBOS)
        #expect(tokenizer.encode("a", specialTokens: true, addSpecial: true) == [34, 0, 33])
        #expect(tokenizer.encode("a", specialTokens: true) == [0])
        #expect(tokenizer.endOfTurn == [33])
        #expect(tokenizer.unknown == nil)
    }

    @Test func markupThatAConverterMarkedAsTextIsMarkup() throws {
        var description = BytePairTokenizerTests.description()
        description.tokenTypes = [Int](repeating: 1, count: 33) + [4, 3, 4]
        let tokenizer = try Tokenizers.make(description)
        #expect(tokenizer.isSpecial(33))
        #expect(!tokenizer.encode("<|im_end|>", specialTokens: false).contains(33))
    }

    /// Merging one pair after the other as the definition says, looking at all pairs each time.
    private func slowly(_ word: String, _ merges: [(String, String)]) -> [String] {
        var parts = word.map { String($0) }
        while true {
            for (left, right) in merges {
                guard let place = parts.indices.dropLast().first(where: { parts[$0] == left && parts[$0 + 1] == right })
                else { continue }
                parts.replaceSubrange(place...place + 1, with: [left + right])
                break
            }
            let mergeable = parts.indices.dropLast().contains { place in
                merges.contains { $0 == parts[place] && $1 == parts[place + 1] }
            }
            if !mergeable { return parts }
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>) func mergingFollowsItsDefinition(seed: UInt64) throws {
        var random = Generator(state: seed)
        var tokens = ["a", "b", "c"]
        var merges: [(String, String)] = []
        for _ in 0..<40 {
            guard let left = tokens.randomElement(using: &random), let right = tokens.randomElement(using: &random),
                !tokens.contains(left + right)
            else { continue }
            tokens.append(left + right)
            merges.append((left, right))
        }
        let tokenizer = try Tokenizers.make(
            TokenizerDescription(
                source: "random", model: "gpt2", preTokenizer: "gpt-2", tokens: tokens,
                merges: merges.map { "\($0.0) \($0.1)" }))
        for length in [1, 2, 3, 5, 8, 13, 40, 90] {
            let word = String((0..<length).map { _ in "abc".randomElement(using: &random) ?? "a" })
            let expected = slowly(word, merges)
            let found = tokenizer.encode(word, specialTokens: false).compactMap { tokenizer.vocabulary.text(of: $0) }
            #expect(found == expected, "\(word)")
            // The second time, short words come from memory.
            #expect(tokenizer.encode(word + "\n" + word, specialTokens: false).count == 2 * expected.count)
        }
    }

    /// Short words are remembered; what they are taken for must not depend on their length or on what is around them.
    @Test func rememberedWordsAreTheirOwn() throws {
        let tokenizer = try Tokenizers.make(BytePairTokenizerTests.description())
        let words = (1...30).flatMap { length in
            ["a", "t", "th"].flatMap { start in
                let word = start + String(repeating: "he", count: length).prefix(length - 1)
                return [word, String(word.dropLast()) + "z"]
            }
        }
        let apart = words.map { tokenizer.encode($0, specialTokens: false) }
        for offset in [0, 1, 7, 100] {
            let order = words.indices.map { ($0 + offset) % words.count }
            let text = (order + order.reversed()).map { words[$0] }.joined(separator: "\n")
            let expected = (order + order.reversed()).map { apart[$0] }.joined(separator: [27])
            #expect(tokenizer.encode(text, specialTokens: false) == Array(expected))
        }
    }

    @Test func whatIsNotKnownIsNamed() {
        let preTokenizer = failure { $0.preTokenizer = "afmoe" }
        #expect(preTokenizer?.code == .unsupported)
        #expect(
            preTokenizer?.message.hasPrefix(
                "The tokenizer of tiny.gguf wants the pre-tokenizer \"afmoe\"; known ones: gpt-2, mpt, olmo,") == true)
        #expect(failure { $0.preTokenizer = nil }?.message.contains("a pre-tokenizer without name") == true)
        let message = failure { $0.model = "t5" }?.message
        #expect(message?.contains("kind \"t5\" (a unigram model); known kinds: gpt2, llama") == true)
    }

    /// What released files of every family say (ENGINE.md, section 1).
    @Test(arguments: [
        "gpt-2", "mpt", "olmo", "smollm", "starcoder", "refact", "llama-bpe", "llama3", "llama-v3", "falcon", "falcon3",
        "falcon-h1", "dbrx", "qwen2", "tekken", "pixtral", "lfm2", "default",
    ])
    func namesOfReleasedFilesAreKnown(name: String) throws {
        var description = BytePairTokenizerTests.description()
        description.preTokenizer = name
        description.addsBOS = nil
        let tokenizer = try Tokenizers.make(description)
        #expect(tokenizer.encode("the", specialTokens: false) == [29])
        let addsBOS = ["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "tekken", "pixtral", "lfm2"]
        #expect(tokenizer.addsBOS == addsBOS.contains(name))
    }

    @Test func furtherEndingsEndAnAnswer() throws {
        var description = BytePairTokenizerTests.description()
        description.endings = [34]
        #expect(try Tokenizers.make(description).endOfTurn == [33, 34])
        #expect(failure { $0.endings = [36] }?.message.contains("end-of-turn token of tiny.gguf is 36") == true)
    }

    @Test func canonicallyEqualTokensAreTwo() throws {
        // U+03A9 and U+2126 are the same to Swift's strings; so are their spellings in the byte alphabet's files.
        let text =
            "{\"model\": {\"type\": \"BPE\", \"byte_fallback\": true, \"vocab\": {\"\u{3a9}\": 0, \"\u{2126}\": 1},"
            + " \"merges\": []}, \"decoder\": {\"type\": \"Fuse\"}}"
        let tokenizer = try TokenizerJSON.read(Array(text.utf8), source: "t.json")
        #expect(tokenizer.vocabularySize == 2)
        #expect(tokenizer.encode("\u{2126}\u{3a9}", specialTokens: false) == [1, 0])
        #expect(sameBytes(tokenizer.decode([1, 0], skipSpecial: false), "\u{2126}\u{3a9}"))
    }

    @Test func damagedDescriptionsAreRefused() {
        #expect(failure { $0.tokenTypes = [1] }?.message.contains("36 tokens but types for 1") == true)
        #expect(failure { $0.tokenTypes?[3] = 9 }?.message.contains("Token 3 in tiny.gguf is of type 9") == true)
        #expect(failure { $0.bos = 36 }?.message.contains("beginning-of-text token of tiny.gguf is 36") == true)
        #expect(failure { $0.eos = -1 }?.message.contains("end-of-text token of tiny.gguf is -1") == true)
        #expect(failure { $0.unknown = Int.max }?.code == .damaged)
        #expect(failure { $0.merges[1] = "he" }?.message.contains("Merge 1 in tiny.gguf is \"he\"") == true)
        #expect(failure { $0.merges[1] = " he" }?.code == .damaged)
        #expect(failure { $0.merges[0] = "t ü" }?.message.contains("Merge 0 of tiny.gguf, \"t ü\"") == true)
        #expect(failure { $0.merges[0] = "x y" }?.message.contains("not in the vocabulary") == true)
        #expect(
            failure {
                $0.tokens = []
                $0.tokenTypes = nil
                $0.bos = nil
                $0.eos = nil
                $0.merges = []
            }?.message.contains("has 0 tokens") == true)
    }
}

/// A small random generator with a seed, so that a failure repeats.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
