/// The classes of characters that words are cut by.
enum CharacterKind: Sendable {
    /// General category L.
    case letter
    /// General category N.
    case number
    /// The property White_Space.
    case space
    /// All others.
    case other
}

/// Text as UTF-8 bytes, read character by character at byte offsets.
struct ScalarText: Sendable {
    /// Valid UTF-8.
    let bytes: [UInt8]

    /// Makes a text from the UTF-8 of strings.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Returns the kind and the length in bytes of the character that starts at `place`.
    func character(at place: Int) -> (kind: CharacterKind, length: Int) {
        let first = bytes[place]
        if first < 0x80 { return (ScalarText.asciiKind(first), 1) }
        let length = min(first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4, bytes.count - place)
        var value = UInt32(first) & (0x7f >> UInt32(length))
        for offset in 1..<max(length, 1) { value = value << 6 | UInt32(bytes[place + offset] & 0x3f) }
        guard let scalar = Unicode.Scalar(value) else { return (.other, length) }
        return (ScalarText.kind(scalar), length)
    }

    /// Returns where the run of characters of one kind ends that starts at `start`.
    func runEnd(of kind: CharacterKind, from start: Int, to end: Int) -> Int {
        var place = start
        while place < end {
            let next = character(at: place)
            if next.kind != kind { break }
            place += next.length
        }
        return place
    }

    private static func asciiKind(_ byte: UInt8) -> CharacterKind {
        switch byte {
        case 0x61...0x7a, 0x41...0x5a: .letter
        case 0x20, 0x09...0x0d: .space
        case 0x30...0x39: .number
        default: .other
        }
    }

    private static func kind(_ scalar: Unicode.Scalar) -> CharacterKind {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: .letter
        case .decimalNumber, .letterNumber, .otherNumber: .number
        default: scalar.properties.isWhitespace ? .space : .other
        }
    }
}
