/// Looks for a word in texts, thousands of them for one key.
struct WordSearcher: Sendable, Equatable {
    /// In lower case.
    private let word: String
    /// The same as ASCII; nil where it has other letters, which can be written in more than one way.
    private let ascii: [UInt8]?
    /// Characters that count as ones of the word and aren't ASCII, such as the sign for Kelvin.
    private let twins: [[UInt8]]

    /// Characters whose lower case, or canonical equivalent, is ASCII.
    private static let asciiTwins: [(ascii: UInt8, twin: String)] = [
        (UInt8(ascii: "k"), "\u{212A}"), (UInt8(ascii: ";"), "\u{37E}"), (UInt8(ascii: "`"), "\u{1FEF}"),
    ]

    /// - Parameter word: in lower case
    init(_ word: String) {
        self.word = word
        let bytes = Array(word.utf8)
        let ascii = bytes.allSatisfy { $0 < 0x80 } ? bytes : nil
        self.ascii = ascii
        twins = Self.asciiTwins.filter { ascii?.contains($0.ascii) == true }.map { Array($0.twin.utf8) }
    }

    /// Whether the word is in a text in any case; where it may be, a closer look decides.
    func mayBe(in text: String) -> Bool {
        guard !word.isEmpty else { return true }
        var text = text
        return text.withUTF8 { bytes in
            guard let ascii else {
                // What is written with ASCII alone has no other letters.
                return !bytes.allSatisfy { $0 < 0x80 }
                    && String(decoding: bytes, as: UTF8.self).lowercased().contains(word)
            }
            return Self.contains(ascii, in: bytes, inAnyCase: true)
                || twins.contains { Self.contains($0, in: bytes, inAnyCase: false) }
        }
    }

    private static func contains(_ word: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, inAnyCase: Bool) -> Bool {
        guard bytes.count >= word.count else { return false }
        let first = word[0]
        let capital = inAnyCase && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) ? first & ~0x20 : first
        return (0...bytes.count - word.count).contains { start in
            guard bytes[start] == first || bytes[start] == capital else { return false }
            return word.indices.allSatisfy { index in
                let byte = bytes[start + index]
                guard inAnyCase, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) else {
                    return byte == word[index]
                }
                return byte | 0x20 == word[index]
            }
        }
    }
}

/// The texts that don't have some words, so that none of them is looked through again when more is typed.
struct SearchedTexts: Sendable {
    /// In lower case.
    private var words = ""
    /// How many were looked through so far.
    var count = 0
    /// For each entry how long its text was when they weren't in it, in bytes; -1 where that isn't known.
    private var lengths: [Int] = []

    /// Goes on to other words; what is known of a beginning of them still holds.
    mutating func look(for words: String) {
        guard words != self.words else { return }
        if self.words.isEmpty || !words.hasPrefix(self.words) { lengths = [] }
        self.words = words
    }

    /// Whether they aren't in an entry's text, which has so many bytes now.
    func isMissing(in entry: Int, of bytes: Int) -> Bool {
        lengths.indices.contains(entry) && lengths[entry] == bytes
    }

    /// Notes that they aren't.
    mutating func miss(in entry: Int, of bytes: Int, among count: Int) {
        if lengths.count < count { lengths += Array(repeating: -1, count: count - lengths.count) }
        lengths[entry] = bytes
    }

    /// Forgets what is known: the entries are others, or drawn in another way.
    mutating func clear() {
        (words, lengths) = ("", [])
    }
}
