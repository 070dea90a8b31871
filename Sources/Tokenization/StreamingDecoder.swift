/// Turns the bytes of tokens into text as they come, without ever cutting a character.
///
/// An incomplete character at the end is held back until its rest comes. Bytes that can't be UTF-8 become U+FFFD,
/// one for each longest start of a character (Unicode 3.9, "maximal subparts"), so the text does not depend on where
/// the bytes were cut.
package struct StreamingDecoder: Sendable, Equatable {
    /// The start of a character whose rest has not come yet, at most three bytes.
    package private(set) var pending: [UInt8]

    /// Makes a decoder; `pending` continues another one.
    package init(pending: [UInt8] = []) { self.pending = pending }

    /// Takes bytes and returns the text that is complete with them.
    package mutating func append(_ bytes: [UInt8]) -> String {
        let all = pending + bytes
        let complete = all.count - StreamingDecoder.incompleteTail(of: all)
        pending = Array(all[complete...])
        return String(decoding: all[..<complete], as: UTF8.self)
    }

    /// Returns what is held back, as U+FFFD, and starts anew.
    package mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }

    /// Returns how many bytes at the end start a character that further bytes may complete.
    private static func incompleteTail(of bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            // A continuation byte belongs to a lead byte further left.
            if byte & 0xc0 == 0x80 { continue }
            let needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
            guard (0xc2...0xf4).contains(byte), length < needed else { return 0 }
            if length > 1, !secondByteRange(after: byte).contains(bytes[bytes.count - length + 1]) { return 0 }
            return length
        }
        return 0
    }

    /// Which bytes may follow a lead byte: the ranges keep out overlong forms, surrogates and what is too large.
    private static func secondByteRange(after lead: UInt8) -> ClosedRange<UInt8> {
        switch lead {
        case 0xe0: 0xa0...0xbf
        case 0xed: 0x80...0x9f
        case 0xf0: 0x90...0xbf
        case 0xf4: 0x80...0x8f
        default: 0x80...0xbf
        }
    }
}
