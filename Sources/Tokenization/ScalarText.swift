/// Sets of the classes of characters that words are cut by; every character is in exactly one class.
package struct CharacterClasses: OptionSet, Sendable {
    package let rawValue: UInt16

    /// Makes a set of the classes whose bits are set.
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// General categories Lu and Lt.
    package static let upper = CharacterClasses(rawValue: 1)
    /// General category Ll.
    package static let lower = CharacterClasses(rawValue: 1 << 1)
    /// General categories Lm and Lo.
    package static let caseless = CharacterClasses(rawValue: 1 << 2)
    /// General category M.
    package static let mark = CharacterClasses(rawValue: 1 << 3)
    /// General category N.
    package static let number = CharacterClasses(rawValue: 1 << 4)
    /// The property White_Space.
    package static let space = CharacterClasses(rawValue: 1 << 5)
    /// General category P.
    package static let punctuation = CharacterClasses(rawValue: 1 << 6)
    /// General category S.
    package static let symbol = CharacterClasses(rawValue: 1 << 7)
    /// All others, the characters that Unicode has not assigned among them.
    package static let other = CharacterClasses(rawValue: 1 << 8)

    /// General category L.
    package static let letter: CharacterClasses = [.upper, .lower, .caseless]
    /// What is neither letter nor number nor space.
    package static let sign: CharacterClasses = [.mark, .punctuation, .symbol, .other]

    /// Returns the class of a code point.
    @inline(__always)
    package static func of(_ codePoint: UInt32) -> CharacterClasses {
        let table = CharacterClassTable.self
        guard codePoint < table.limit else { return table.laterMarks.contains(codePoint) ? .mark : .other }
        let block = Int(codePoint >> table.blockBits) * 2
        let first = Int(table.blockNumbers.utf8Start[block] - UInt8(ascii: "A"))
        let second = Int(table.blockNumbers.utf8Start[block + 1] - UInt8(ascii: "a"))
        let place = (first << 4 | second) << table.blockBits | Int(codePoint) & (1 << table.blockBits - 1)
        return CharacterClasses(rawValue: 1 &<< UInt16(table.blocks.utf8Start[place] &- UInt8(ascii: "0")))
    }
}

/// Text as UTF-8 bytes, read character by character at byte offsets.
///
/// It borrows its bytes: it is made within `withUnsafeBufferPointer` and lives no longer.
struct ScalarText {
    /// Valid UTF-8.
    let bytes: UnsafeBufferPointer<UInt8>

    /// Returns the class and the length in bytes of the character that starts at `place`.
    @inline(__always)
    func character(at place: Int) -> (classes: CharacterClasses, length: Int) {
        let first = bytes[place]
        if first < 0x80 {
            // The first block is that of ASCII.
            let digit = CharacterClassTable.blocks.utf8Start[Int(first)] &- UInt8(ascii: "0")
            return (CharacterClasses(rawValue: 1 &<< UInt16(digit)), 1)
        }
        return multibyte(at: place, first)
    }

    private func multibyte(at place: Int, _ first: UInt8) -> (classes: CharacterClasses, length: Int) {
        let length = min(ScalarText.length(first), bytes.count - place)
        var value = UInt32(first) & (0x7f >> UInt32(length))
        for offset in 1..<max(length, 1) { value = value << 6 | UInt32(bytes[place + offset] & 0x3f) }
        return (CharacterClasses.of(value), length)
    }

    /// Returns the length in bytes of the character that starts with a byte.
    @inline(__always)
    static func length(_ first: UInt8) -> Int { first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4 }

    /// Returns where the run of characters of some classes ends that starts at `start`.
    @inline(__always)
    func runEnd(of classes: CharacterClasses, from start: Int, to end: Int) -> Int {
        var place = start
        while place < end {
            let next = character(at: place)
            if classes.isDisjoint(with: next.classes) { break }
            place += next.length
        }
        return place
    }

    /// Returns where a run of whitespace ends as a word of its own.
    ///
    /// As in `\s+(?!\S)|\s+`: the last space of a run belongs to what comes after it, if anything does, unless that is
    /// of the classes `apart`, which stand alone.
    func spaceEnd(from start: Int, to end: Int, apart: CharacterClasses = []) -> Int {
        var place = start
        var last = start
        while place < end {
            let next = character(at: place)
            guard next.classes == .space else {
                return last > start && apart.isDisjoint(with: next.classes) ? last : place
            }
            last = place
            place += next.length
        }
        return place
    }

    /// Returns the length of an English contraction (`'s 't 're 've 'm 'll 'd`) at a place, or 0.
    ///
    /// Where case does not matter, `ſ` counts as an s, as Unicode's case folding has it.
    @inline(__always)
    func contraction(at place: Int, to end: Int, ignoringCase: Bool) -> Int {
        bytes[place] == UInt8(ascii: "'") ? contraction(after: place, to: end, ignoringCase) : 0
    }

    private func contraction(after place: Int, to end: Int, _ ignoringCase: Bool) -> Int {
        guard place + 1 < end else { return 0 }
        let mask: UInt8 = ignoringCase ? 0xdf : 0xff
        func isLetter(_ byte: UInt8, _ letter: Unicode.Scalar) -> Bool {
            byte == UInt8(ascii: letter) || (ignoringCase && byte & mask == UInt8(ascii: letter) & mask)
        }
        let first = bytes[place + 1]
        for letter in ["s", "t", "m", "d"] as [Unicode.Scalar] where isLetter(first, letter) { return 2 }
        guard place + 2 < end else { return 0 }
        let second = bytes[place + 2]
        if (isLetter(first, "r") || isLetter(first, "v")) && isLetter(second, "e") { return 3 }
        if isLetter(first, "l") && isLetter(second, "l") { return 3 }
        return ignoringCase && first == 0xc5 && second == 0xbf ? 3 : 0
    }
}
