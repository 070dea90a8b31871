/// The alphabet in which byte-level vocabularies are written: one printable character for each byte.
///
/// Printable Latin-1 characters stand for themselves; the other 68 bytes take U+0100 and what follows, in order.
/// So a space is written `Ġ` and a line feed `Ċ`. Format: GPT-2 (github.com/openai/gpt-2, `encoder.py`).
enum ByteAlphabet {
    private static let byteOfCharacter: [UInt8?] = {
        var table = [UInt8?](repeating: nil, count: 0x144)
        var next = 0x100
        for byte in 0...255 {
            let standsForItself = (0x21...0x7e).contains(byte) || (0xa1...0xac).contains(byte) || byte >= 0xae
            table[standsForItself ? byte : next] = UInt8(byte)
            if !standsForItself { next += 1 }
        }
        return table
    }()

    /// Returns the bytes that a text in this alphabet stands for, or nil where a character is not of it.
    static func bytes(of text: some StringProtocol) -> [UInt8]? {
        let table = byteOfCharacter
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            guard scalar.value < table.count, let byte = table[Int(scalar.value)] else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
