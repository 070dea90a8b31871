/// Goes through the bytes of a JSON text (RFC 8259).
struct JSONReader {
    /// The deepest nesting.
    static let depth = 150

    private let bytes: [UInt8]
    private let dialect: JSONDialect
    private var place = 0

    init(_ bytes: [UInt8], dialect: JSONDialect) {
        self.bytes = bytes
        self.dialect = dialect
        if dialect == .python, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    mutating func readAll() throws(JSONError) -> JSONValue {
        let value = try readValue(depth: 0)
        skipSpace()
        guard place == bytes.count else { throw error("something follows the value's end") }
        return value
    }

    private func error(_ reason: String) -> JSONError {
        JSONError(offset: place, byteCount: bytes.count, reason: reason)
    }

    private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func readValue(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.depth else { throw error("values are nested more than \(Self.depth) deep") }
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return try readObject(depth)
        case UInt8(ascii: "["): return try readArray(depth)
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        case UInt8(ascii: "N") where dialect == .python: return try readWord("NaN", .float(.nan))
        case UInt8(ascii: "I") where dialect == .python: return try readWord("Infinity", .float(.infinity))
        case nil: throw error("a value is missing")
        case let byte?:
            guard byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) else { throw error("no value starts") }
            return try readNumber()
        }
    }

    private mutating func readWord(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[place...].starts(with: word.utf8) else { throw error("no value starts") }
        place += word.utf8.count
        return value
    }

    private mutating func readObject(_ depth: Int) throws(JSONError) -> JSONValue {
        place += 1
        var members: [(name: String, value: JSONValue)] = []
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard byte == UInt8(ascii: "\"") else { throw error("a member's name is missing") }
            let name = try readString()
            skipSpace()
            guard take(":") else { throw error("':' is missing") }
            members.append((name, try readValue(depth: depth + 1)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw error("',' or '}' is missing") }
        }
    }

    private mutating func readArray(_ depth: Int) throws(JSONError) -> JSONValue {
        place += 1
        var items: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(items) }
        while true {
            items.append(try readValue(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(items) }
            guard take(",") else { throw error("',' or ']' is missing") }
        }
    }

    // MARK: - Numbers

    private mutating func readNumber() throws(JSONError) -> JSONValue {
        let start = place
        if take("-"), dialect == .python, byte == UInt8(ascii: "I") {
            return try readWord("Infinity", .float(-.infinity))
        }
        if !take("0") { try readDigits() }
        var isFloat = false
        if take(".") {
            isFloat = true
            try readDigits()
        }
        if take("e") || take("E") {
            isFloat = true
            if !take("+") { _ = take("-") }
            try readDigits()
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if !isFloat, let value = Int(text) { return .int(value) }
        guard isFloat || dialect == .python else {
            place = start
            throw error("a whole number that does not fit 64 bits, \(text.prefix(40)), stands")
        }
        return .float(Double(text) ?? .nan)
    }

    private mutating func readDigits() throws(JSONError) {
        let start = place
        while let byte, (0x30...0x39).contains(byte) { place += 1 }
        guard place > start else { throw error("a digit is missing") }
    }

    // MARK: - Strings

    private mutating func readString() throws(JSONError) -> String {
        place += 1
        let opening = place
        skipPlain()
        // Most strings have no escapes: their bytes are taken as they are.
        var text = bytes[opening..<place]
        if byte != UInt8(ascii: "\"") { try readEscapes(&text) }
        guard let string = String(validating: text, as: UTF8.self) else {
            place = opening
            throw error("a string is not UTF-8")
        }
        place += 1
        return string
    }

    /// Goes to the next byte of a string that does not stand for itself.
    private mutating func skipPlain() {
        while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { place += 1 }
    }

    /// Reads the rest of a string up to its closing quote, which it leaves.
    ///
    /// A text in a text, such as a conversation in a file's header, has few escapes among many bytes.
    private mutating func readEscapes(_ text: inout ArraySlice<UInt8>) throws(JSONError) {
        while let byte {
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "\\"):
                place += 1
                text.append(contentsOf: String(try readEscape()).utf8)
            case ..<0x20: throw error("a control character stands in a string")
            default:
                let start = place
                skipPlain()
                text += bytes[start..<place]
            }
        }
        throw error("a string has no end")
    }

    private mutating func readEscape() throws(JSONError) -> Unicode.Scalar {
        guard let byte else { throw error("a string has no end") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try readUnit()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            // The first half of a pair; the second has to follow.
            guard unit < 0xDC00, take("\\"), take("u") else { throw error("half of a surrogate pair stands alone") }
            let second = try readUnit()
            guard (0xDC00..<0xE000).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00))
            else { throw error("half of a surrogate pair stands alone") }
            return scalar
        default:
            place -= 1
            throw error("an escape is unknown")
        }
    }

    private mutating func readUnit() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("a hexadecimal digit is missing")
            }
            unit = unit << 4 + UInt32(digit)
            place += 1
        }
        return unit
    }
}
