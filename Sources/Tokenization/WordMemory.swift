/// Short words seen before, and the tokens that came of them.
///
/// An open hash table whose entries hold the words themselves, so that finding one touches one place in memory.
struct WordMemory {
    /// A word of at most 23 bytes, with its length in the last byte.
    struct Word: Equatable {
        fileprivate var first: UInt64
        fileprivate var second: UInt64
        fileprivate var third: UInt64

        static let longest = 23

        /// Returns a part of a text as a word, or nil where it is too long.
        @inline(__always)
        init?(_ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>) {
            guard range.count <= Word.longest else { return nil }
            let raw = UnsafeRawBufferPointer(text)
            let length = range.count
            if range.lowerBound + 24 <= raw.count {
                let bits = UInt64(truncatingIfNeeded: length) &* 8
                first = raw.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self)
                second = raw.loadUnaligned(fromByteOffset: range.lowerBound + 8, as: UInt64.self)
                third = raw.loadUnaligned(fromByteOffset: range.lowerBound + 16, as: UInt64.self)
                first = length < 8 ? first & ((1 &<< bits) &- 1) : first
                second = length <= 8 ? 0 : length < 16 ? second & ((1 &<< (bits &- 64)) &- 1) : second
                third = length <= 16 ? 0 : third & ((1 &<< (bits &- 128)) &- 1)
            } else {
                (first, second, third) = (0, 0, 0)
                for offset in 0..<length {
                    let byte = UInt64(raw[range.lowerBound + offset]) &<< UInt64(8 &* (offset & 7))
                    if offset < 8 { first |= byte } else if offset < 16 { second |= byte } else { third |= byte }
                }
            }
            third |= UInt64(length) &<< 56
        }
    }

    /// One token, or where several lie.
    struct Tokens {
        fileprivate(set) var start: UInt32
        fileprivate(set) var count: UInt32
    }

    private struct Entry {
        var word: Word
        var tokens: Tokens
    }

    /// Of a word that is no word: its length is 255.
    private static let empty = UInt64.max
    private static let most = 1 << 17

    private var entries: [Entry]
    private var count = 0
    /// Differs from process to process, so that no text can be made whose words all collide.
    private let seed = ByteHash.seed

    /// Makes an empty memory.
    init() { entries = WordMemory.entries(512) }

    private static func entries(_ count: Int) -> [Entry] {
        let word = Word(0..<0, of: UnsafeBufferPointer(start: nil, count: 0))
        guard var word else { return [] }
        word.third = empty
        return [Entry](repeating: Entry(word: word, tokens: Tokens(start: 0, count: 0)), count: count)
    }

    @inline(__always)
    private func slot(of word: Word) -> Int {
        var hash = (word.first ^ seed) &* 0x9e37_79b9_7f4a_7c15
        hash = (hash ^ (hash >> 32) ^ word.second) &* 0xd6e8_feb8_6659_fd93
        hash = (hash ^ (hash >> 32) ^ word.third) &* 0x9e37_79b9_7f4a_7c15
        var slot = Int(truncatingIfNeeded: hash >> 32) & (entries.count - 1)
        while entries[slot].word != word, entries[slot].word.third != WordMemory.empty {
            slot = (slot + 1) & (entries.count - 1)
        }
        return slot
    }

    /// Returns what was remembered of a word; none has the count 0 and one the token itself as its start.
    @inline(__always)
    func tokens(of word: Word) -> Tokens? {
        let slot = slot(of: word)
        return entries[slot].word.third == WordMemory.empty ? nil : entries[slot].tokens
    }

    /// Remembers a new word's tokens, which lie in a range of `ids`, if there is room.
    mutating func remember(_ word: Word, _ range: Range<Int>, of ids: [Int32]) {
        guard count < WordMemory.most, let start = UInt32(exactly: range.lowerBound) else { return }
        if count * 2 >= entries.count { grow() }
        let first = range.count == 1 ? UInt32(bitPattern: ids[range.lowerBound]) : start
        let tokens = Tokens(start: first, count: UInt32(range.count))
        entries[slot(of: word)] = Entry(word: word, tokens: tokens)
        count += 1
    }

    private mutating func grow() {
        let old = entries
        entries = WordMemory.entries(old.count * 2)
        for entry in old where entry.word.third != WordMemory.empty { entries[slot(of: entry.word)] = entry }
    }
}
