import Screen
import Terminal
import Testing

@Suite struct KeyAssemblerTests {
    private func keys(_ bursts: [UInt8]...) -> [Key] {
        var assembler = KeyAssembler()
        return bursts.flatMap { burst in
            for byte in burst { assembler.feed(byte) }
            return assembler.flush()
        }
    }

    private func typed(_ characters: Character...) -> [Key] {
        characters.map { Key(.character($0)) }
    }

    @Test(
        arguments: [
            (0x0D, Key(.enter)), (0x09, Key(.tab)), (0x08, Key(.backspace)), (0x7F, Key(.backspace)),
            (0x1B, Key(.escape)),
            (0x0A, Key(.character("j"), .control)), (0x01, Key(.character("a"), .control)),
            (0x1A, Key(.character("z"), .control)), (0x1F, Key(.character("_"), .control)),
            (0x00, Key(.character(" "), .control)), (0x20, Key(.character(" "))), (0x41, Key(.character("A"))),
        ] as [(UInt8, Key)])
    func eachByteIsItsKey(byte: UInt8, key: Key) {
        #expect(keys([byte]) == [key])
    }

    @Test func escapeWithALetterIsAlt() {
        #expect(keys([0x1B, 0x62]) == [Key(.character("b"), .alt)])
        #expect(keys([0x1B] + "é".utf8) == [Key(.character("é"), .alt)])
        #expect(keys([0x1B, 0x0A]) == [Key(.character("j"), [.alt, .control])])
    }

    @Test func escapeAloneIsEscape() {
        #expect(keys([0x1B], [0x62]) == [Key(.escape), Key(.character("b"))])
        #expect(keys([0x1B, 0x1B]) == [Key(.escape), Key(.escape)])
    }

    @Test func escapeWithAKeyIsAlt() {
        var assembler = KeyAssembler()
        assembler.feed(0x1B)
        assembler.feed(Key(.up))
        #expect(assembler.flush() == [Key(.up, .alt)])
    }

    @Test func bracketAndLetterOWithAltAreKeys() {
        #expect(keys([0x1B, 0x5B]) == [Key(.character("["), .alt)])
        #expect(keys([0x1B, 0x4F]) == [Key(.character("O"), .alt)])
    }

    @Test(arguments: ["\u{1B}[1;7y", "\u{1B}[?62;4c", "\u{1B}[97;5u", "\u{1B}Oy", "\u{1B}[<0;3;4M"])
    func unknownSequencesTypeNothing(sequence: String) {
        #expect(keys(Array((sequence + "a").utf8)) == typed("a"))
    }

    @Test func sequenceBrokenByEscapeTypesNothing() {
        #expect(keys(Array("\u{1B}[1;\u{1B}b".utf8)) == [Key(.character("b"), .alt)])
    }

    @Test func charactersMayComeByteByByte() {
        #expect(keys([0xE6], [0x97], [0xA5]) == typed("日"))
        #expect(keys(Array("日本é".utf8)) == typed("日", "本", "é"))
    }

    @Test func scalarsThatJoinAreOneCharacter() {
        #expect(keys(Array("e\u{301}x".utf8)) == typed("e\u{301}", "x"))
        #expect(keys(Array("👩‍👩‍👧🇫🇷".utf8)) == typed("👩‍👩‍👧", "🇫🇷"))
    }

    @Test(
        arguments: [
            ([0xFF], 1), ([0xC3], 0), ([0xC3, 0x41], 2), ([0xE9, 0x20], 2), ([0xC0, 0xAF], 2), ([0xED, 0xA0, 0x80], 1),
            ([0xF4, 0x90, 0x80, 0x80], 1), ([0x80, 0x80], 2),
        ] as [([UInt8], Int)])
    func malformedBytesAreReplacedAndNothingElse(bytes: [UInt8], count: Int) {
        let found = keys(bytes)
        #expect(found.count == count)
        #expect(
            found.allSatisfy {
                $0.code == .character("\u{FFFD}") || $0 == Key(.character("A")) || $0 == Key(.character(" "))
            })
    }

    @Test func c1ControlsTypeNothing() {
        #expect(keys([0xC2, 0x9B, 0x41]) == typed("A"))
    }

    @Test func anyBytesAreTaken() {
        var generator = Repeatable(state: 42)
        for _ in 0..<2000 {
            var assembler = KeyAssembler()
            for _ in 0..<Int.random(in: 0..<40, using: &generator) {
                assembler.feed(UInt8.random(in: 0...255, using: &generator))
            }
            _ = assembler.flush()
            _ = assembler.flush()
            // Whatever came before, a whole character is typed afterwards.
            for byte in "日".utf8 { assembler.feed(byte) }
            #expect(assembler.flush().last == Key(.character("日")))
        }
    }
}

/// The same numbers in each run.
private struct Repeatable: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
