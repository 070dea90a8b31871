/// Runs of characters of some classes are pieces of their own; what lies between is one piece.
struct CharacterRuns: Splitter {
    /// The classes that count.
    let classes: CharacterClasses
    /// ASCII symbols that count too.
    var ascii: [UInt8] = []
    /// How many characters go together at most.
    var longest = Int.max

    /// ASCII characters that Unicode calls symbols, but many vocabularies punctuation.
    static let asciiSymbols = Array("$+<=>^`|~".utf8)

    func pieceEnd(in text: ScalarText, from start: Int, to end: Int) -> Int {
        let first = text.character(at: start)
        let counts = self.counts(first.classes, text.bytes[start])
        var place = start + first.length
        var count = 1
        while place < end, !counts || count < longest {
            let next = text.character(at: place)
            if self.counts(next.classes, text.bytes[place]) != counts { break }
            place += next.length
            count += 1
        }
        return place
    }

    @inline(__always)
    private func counts(_ classes: CharacterClasses, _ byte: UInt8) -> Bool {
        // Only symbols are looked for by their bytes.
        !self.classes.isDisjoint(with: classes) || (classes == .symbol && ascii.contains(byte))
    }
}

/// Every three ASCII digits are a piece, counted from the left; what lies between is one piece.
///
/// Its regular expression is `[0-9][0-9][0-9]`.
struct DigitTriples: Splitter {
    func pieceEnd(in text: ScalarText, from start: Int, to end: Int) -> Int {
        var place = start
        var digits = 0
        while place < end {
            digits = (0x30...0x39).contains(text.bytes[place]) ? digits + 1 : 0
            place += 1
            if digits == 3 { return place - 3 > start ? place - 3 : place }
        }
        return end
    }
}

/// Runs of bytes are pieces whose characters in the byte alphabet are numbers: the ASCII digits, `²³¹¼½¾`.
///
/// So digits are cut where a pipeline looks for them after it has put text into the byte alphabet: within other
/// characters too.
struct ByteNumbers: Splitter {
    /// How many bytes go together at most.
    var longest = Int.max

    func pieceEnd(in text: ScalarText, from start: Int, to end: Int) -> Int {
        let counts = isNumber(text.bytes[start])
        let limit = counts && longest < end - start ? start + longest : end
        var place = start + 1
        while place < limit, isNumber(text.bytes[place]) == counts { place += 1 }
        return place
    }

    private func isNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0xb2, 0xb3, 0xb9, 0xbc...0xbe: true
        default: false
        }
    }
}

/// Cuts text at each place where some text stands.
struct LiteralSplitter: Splitter {
    /// Where the text goes that is found.
    enum Behavior: String, Sendable {
        case isolated = "Isolated"
        case mergedWithPrevious = "MergedWithPrevious"
        case mergedWithNext = "MergedWithNext"
    }

    /// What is looked for; not empty.
    let literal: [UInt8]
    let behavior: Behavior

    func pieceEnd(in text: ScalarText, from start: Int, to end: Int) -> Int {
        var place = start
        if matches(text, start, end) {
            place += literal.count
            if behavior != .mergedWithNext { return place }
        }
        while place < end {
            if matches(text, place, end) { return behavior == .mergedWithPrevious ? place + literal.count : place }
            place += 1
        }
        return end
    }

    private func matches(_ text: ScalarText, _ place: Int, _ end: Int) -> Bool {
        literal.count <= end - place && text.bytes[place...].starts(with: literal)
    }
}

/// Cuts text before every run of spaces: words with the spaces in front of them.
struct SpacedWords: Splitter {
    func pieceEnd(in text: ScalarText, from start: Int, to end: Int) -> Int {
        var place = start
        while place < end, text.bytes[place] == 0x20 { place += 1 }
        while place < end, text.bytes[place] != 0x20 { place += 1 }
        return place
    }
}
