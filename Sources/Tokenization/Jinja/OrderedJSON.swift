/// A JSON value whose objects keep the order of their members, and whose numbers keep their kind.
package enum OrderedJSON: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case array([OrderedJSON])
    /// Members in the order in which they come; a name may come twice, and then the last one counts.
    case object([(name: String, value: OrderedJSON)])

    /// Reads the JSON in `bytes`, which has to be one value and nothing else.
    ///
    /// - Throws: `TokenizationError` with code `.damaged` that says what is wrong, and at which byte.
    package static func read(_ bytes: [UInt8], source: String) throws -> OrderedJSON {
        var reader = OrderedJSONReader(bytes, source: source)
        return try reader.readAll()
    }

    /// How many values there are, this one included.
    package var valueCount: Int {
        switch self {
        case .array(let items): items.reduce(1) { $0 + $1.valueCount }
        case .object(let members): members.reduce(1) { $0 + 1 + $1.value.valueCount }
        default: 1
        }
    }

    /// How many bytes of text there are.
    package var textBytes: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .array(let items): items.reduce(0) { $0 + $1.textBytes }
        case .object(let members): members.reduce(0) { $0 + $1.name.utf8.count + $1.value.textBytes }
        default: 0
        }
    }
}

/// Goes through the bytes of a JSON text (RFC 8259).
struct OrderedJSONReader {
    /// The deepest nesting.
    static let depth = 150

    private let bytes: [UInt8]
    private let source: String
    private var place = 0

    init(_ bytes: [UInt8], source: String) {
        self.bytes = bytes
        self.source = source
    }

    mutating func readAll() throws -> OrderedJSON {
        let value = try readValue(depth: 0)
        skipSpace()
        guard place == bytes.count else { throw damaged("something follows the value's end") }
        return value
    }

    private func damaged(_ what: String) -> TokenizationError {
        TokenizationError(.damaged, "\(source) is not valid JSON: \(what) at byte \(place) of \(bytes.count).")
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

    private mutating func readValue(depth: Int) throws -> OrderedJSON {
        guard depth < Self.depth else { throw damaged("values are nested more than \(Self.depth) deep") }
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return try readObject(depth)
        case UInt8(ascii: "["): return try readArray(depth)
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        case nil: throw damaged("a value is missing")
        case let byte?:
            guard byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) else { throw damaged("no value starts") }
            return try readNumber()
        }
    }

    private mutating func readWord(_ word: String, _ value: OrderedJSON) throws -> OrderedJSON {
        guard bytes[place...].starts(with: word.utf8) else { throw damaged("no value starts") }
        place += word.utf8.count
        return value
    }

    private mutating func readObject(_ depth: Int) throws -> OrderedJSON {
        place += 1
        var members: [(name: String, value: OrderedJSON)] = []
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard byte == UInt8(ascii: "\"") else { throw damaged("a member's name is missing") }
            let name = try readString()
            skipSpace()
            guard take(":") else { throw damaged("':' is missing") }
            members.append((name, try readValue(depth: depth + 1)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw damaged("',' or '}' is missing") }
        }
    }

    private mutating func readArray(_ depth: Int) throws -> OrderedJSON {
        place += 1
        var items: [OrderedJSON] = []
        skipSpace()
        if take("]") { return .array(items) }
        while true {
            items.append(try readValue(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(items) }
            guard take(",") else { throw damaged("',' or ']' is missing") }
        }
    }

    // MARK: - Numbers

    private mutating func readNumber() throws -> OrderedJSON {
        let start = place
        _ = take("-")
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
        guard !isFloat else { return .float(Double(text) ?? .nan) }
        guard let value = Int(text) else {
            place = start
            throw TokenizationError(
                .unsupported,
                "\(source) has a whole number that does not fit 64 bits, \(text.prefix(40)), at byte \(start).")
        }
        return .int(value)
    }

    private mutating func readDigits() throws {
        let start = place
        while let byte, (0x30...0x39).contains(byte) { place += 1 }
        guard place > start else { throw damaged("a digit is missing") }
    }

    // MARK: - Strings

    private mutating func readString() throws -> String {
        place += 1
        var text: [UInt8] = []
        let opening = place
        while let byte {
            switch byte {
            case UInt8(ascii: "\""):
                place += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    place = opening
                    throw damaged("a string is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"):
                place += 1
                text.append(contentsOf: String(try readEscape()).utf8)
            case ..<0x20: throw damaged("a control character stands in a string")
            default:
                text.append(byte)
                place += 1
            }
        }
        throw damaged("a string has no end")
    }

    private mutating func readEscape() throws -> Unicode.Scalar {
        guard let byte else { throw damaged("a string has no end") }
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
            guard unit < 0xDC00, take("\\"), take("u") else { throw damaged("half of a surrogate pair stands alone") }
            let second = try readUnit()
            guard (0xDC00..<0xE000).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00))
            else { throw damaged("half of a surrogate pair stands alone") }
            return scalar
        default:
            place -= 1
            throw damaged("an escape is unknown")
        }
    }

    private mutating func readUnit() throws -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw damaged("a hexadecimal digit is missing")
            }
            unit = unit << 4 + UInt32(digit)
            place += 1
        }
        return unit
    }
}
