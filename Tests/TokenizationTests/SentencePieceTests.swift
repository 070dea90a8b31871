import Testing
import Tokenization

@Suite struct SentencePieceTests {
    /// Bytes, two letters and what they make, as a GGUF file's metadata would have them.
    private static func description() -> TokenizerDescription {
        let bytes = (0...255).map { (byte: Int) in
            "<0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))>"
        }
        let pieces: [(String, Float)] = [
            ("▁", -9), ("a", -8), ("b", -7), ("ab", -2), ("▁a", -3), ("▁▁", -4), ("ba", -2),
        ]
        return TokenizerDescription(
            source: "tiny.gguf", model: "llama", preTokenizer: nil,
            tokens: ["<unk>", "<s>", "</s>"] + bytes + pieces.map { $0.0 } + ["<tool>"],
            tokenTypes: [2, 3, 3] + [Int](repeating: 6, count: 256) + [Int](repeating: 1, count: 7) + [4],
            scores: [Float](repeating: 0, count: 259) + pieces.map { $0.1 } + [0],
            bos: 1, eos: 2, unknown: 0)
    }

    private func make(_ change: (inout TokenizerDescription) -> Void = { _ in }) throws -> any Tokenizer {
        var description = SentencePieceTests.description()
        change(&description)
        return try Tokenizers.make(description)
    }

    private func texts(_ tokenizer: any Tokenizer, _ ids: [Int32]) -> [String] {
        ids.compactMap { tokenizer.vocabulary.text(of: $0) }
    }

    @Test func mergesGoByScore() throws {
        let tokenizer = try make()
        // "ab" scores more than "▁a"; among equals the leftmost is first.
        #expect(texts(tokenizer, tokenizer.encode("ab", specialTokens: false)) == ["▁", "ab"])
        #expect(texts(tokenizer, tokenizer.encode("a", specialTokens: false)) == ["▁a"])
        #expect(texts(tokenizer, tokenizer.encode("aba", specialTokens: false)) == ["▁", "ab", "a"])
        #expect(texts(tokenizer, tokenizer.encode("  a", specialTokens: false)) == ["▁▁", "▁a"])
        let other = try make { $0.scores?[263] = -1 }
        #expect(texts(other, other.encode("ab", specialTokens: false)) == ["▁a", "b"])
    }

    @Test func charactersWithoutTokenAreBytes() throws {
        let tokenizer = try make()
        let ids = tokenizer.encode("é\n", specialTokens: false)
        #expect(texts(tokenizer, ids) == ["▁", "<0xC3>", "<0xA9>", "<0x0A>"])
        #expect(ids.map { tokenizer.bytes(of: $0) } == [[0x20], [0xc3], [0xa9], [0x0a]])
        #expect(tokenizer.decode(ids, skipSpecial: false) == "é\n")
        // What is spelled like a byte or like markup is text.
        #expect(!tokenizer.encode("<0x0A><s><unk>", specialTokens: false).contains { [0, 1, 13].contains($0) })
        #expect(tokenizer.decode([13 + 3, 200], skipSpecial: false) == "\u{fffd}\u{fffd}")
    }

    @Test func aSpaceIsPutInFrontOfATextOnly() throws {
        let tokenizer = try make()
        #expect(texts(tokenizer, tokenizer.encode("a<s>a", specialTokens: true)) == ["▁a", "<s>", "▁a"])
        #expect(texts(tokenizer, tokenizer.encode([.markup("a<s>a")], isContinuation: true)) == ["a", "<s>", "▁a"])
        #expect(texts(tokenizer, tokenizer.encode("a<tool>a", specialTokens: false)) == ["▁a", "<tool>", "▁a"])
        #expect(tokenizer.encode("", specialTokens: true).isEmpty)
        #expect(tokenizer.decode([263, 263], skipSpecial: false) == "a a")
        let plain = try make { $0.addsSpacePrefix = false }
        #expect(texts(plain, plain.encode("a a", specialTokens: true)) == ["a", "▁a"])
        #expect(plain.decode([263], skipSpecial: false) == " a")
    }

    @Test func textsBeginWithTheTokenForItUnlessTheFileSaysNo() throws {
        #expect(try make().encode("a", specialTokens: true, addSpecial: true) == [1, 263])
        #expect(try make { $0.addsBOS = false }.encode("a", specialTokens: true, addSpecial: true) == [263])
    }

    /// Words are merged apart only where no token reaches over a space.
    @Test func tokensMayReachOverSpaces() throws {
        let tokenizer = try make {
            $0.tokens[265] = "a▁a"
            $0.scores?[265] = -1
            $0.tokens[264] = "a▁"
            $0.scores?[264] = -2
        }
        #expect(texts(tokenizer, tokenizer.encode("a a", specialTokens: false)) == ["▁", "a▁a"])
    }

    @Test func longTextsAreMergedLikeShortOnes() throws {
        let tokenizer = try make()
        let ids = tokenizer.encode(String(repeating: "ab", count: 20_000), specialTokens: false)
        #expect(ids == [259] + [Int32](repeating: 262, count: 20_000))
    }

    @Test func damagedDescriptionsAreRefused() {
        func message(_ change: (inout TokenizerDescription) -> Void) -> String? {
            let error = #expect(throws: TokenizationError.self) { try make(change) }
            #expect(error?.code == .damaged)
            return error?.message
        }
        #expect(message { $0.scores = nil }?.contains("267 tokens but 0 scores") == true)
        #expect(message { $0.scores = [1] }?.contains("267 tokens but 1 scores") == true)
        #expect(message { $0.scores?[7] = .nan }?.contains("no number") == true)
        #expect(message { $0.tokens[5] = "<0xXY>" }?.contains("Token 5 of tiny.gguf") == true)
    }
}
