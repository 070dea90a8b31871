/// The alphabet in which byte-level vocabularies are written: one printable character for each byte.
///
/// Printable Latin-1 characters stand for themselves; the other 68 bytes take U+0100 and what follows, in order.
/// So a space is written `Ġ` and a line feed `Ċ`. Format: GPT-2 (github.com/openai/gpt-2, `encoder.py`).
enum ByteAlphabet {
    /// By code point; -1 is none.
    private static let byteOfCharacter: [Int16] = {
        var table = [Int16](repeating: -1, count: 0x144)
        var next = 0x100
        for byte in 0...255 {
            let standsForItself = (0x21...0x7e).contains(byte) || (0xa1...0xac).contains(byte) || byte >= 0xae
            table[standsForItself ? byte : next] = Int16(byte)
            if !standsForItself { next += 1 }
        }
        return table
    }()

    /// Appends the bytes that UTF-8 text in this alphabet stands for.
    ///
    /// - Returns: whether all characters are of the alphabet; where one is not, nothing is appended.
    static func append(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) -> Bool {
        let table = byteOfCharacter
        let start = bytes.count
        var place = 0
        while place < text.count {
            var codePoint = Int(text[place])
            place += 1
            if codePoint >= 0x80 {
                // All characters of the alphabet have one byte or two.
                guard (0xc2...0xdf).contains(codePoint), place < text.count else {
                    bytes.removeLast(bytes.count - start)
                    return false
                }
                codePoint = (codePoint & 0x1f) << 6 | Int(text[place] & 0x3f)
                place += 1
            }
            guard codePoint < table.count, table[codePoint] >= 0 else {
                bytes.removeLast(bytes.count - start)
                return false
            }
            bytes.append(UInt8(truncatingIfNeeded: table[codePoint]))
        }
        return true
    }
}

extension String {
    /// Calls `body` with the string's UTF-8.
    func withUTF8Bytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        if let result = try utf8.withContiguousStorageIfAvailable(body) { return result }
        return try Array(utf8).withUnsafeBufferPointer(body)
    }
}
