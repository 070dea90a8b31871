/// A value of a JSON text, with objects in the order of the file.
///
/// Foundation's reader makes dictionaries, in which canonically equal keys are one; vocabularies tell them apart.
/// Format: RFC 8259.
enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])

    /// The string, if it is one.
    var string: String? { if case .string(let value) = self { value } else { nil } }
    /// The boolean, if it is one.
    var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The whole number, if it is one.
    var int: Int? { if case .number(let value) = self { Int(exactly: value) } else { nil } }
    /// The elements, if it is an array.
    var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    /// The members, if it is an object.
    var object: [(key: String, value: JSONValue)]? { if case .object(let value) = self { value } else { nil } }
    /// Whether it is an object.
    var isObject: Bool { object != nil }

    /// Returns the first member of a name, or nil where it is absent or this is no object.
    subscript(_ key: String) -> JSONValue? { object?.first { $0.key == key }?.value }

    /// Reads a JSON text.
    init(parsing bytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(bytes: bytes)
        self = try reader.readAll()
    }
}

/// Where a text stops being JSON, and why.
struct JSONError: Error, CustomStringConvertible {
    /// The place of the first byte that does not fit.
    let offset: Int
    /// What was expected there.
    let reason: String

    var description: String { "at byte \(offset): \(reason)" }
}

/// Reads one JSON text.
private struct JSONReader {
    let bytes: [UInt8]
    var place = 0
    var depth = 0

    private static let deepest = 128

    init(bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark is no part of JSON, but editors write it.
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { place = 3 }
    }

    mutating func readAll() throws(JSONError) -> JSONValue {
        let value = try readValue()
        skipSpace()
        guard place == bytes.count else { throw error("the text should end here") }
        return value
    }

    private func error(_ reason: String) -> JSONError { JSONError(offset: place, reason: reason) }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        place += 1
        return true
    }

    private mutating func readValue() throws(JSONError) -> JSONValue {
        skipSpace()
        switch next ?? 0 {
        case UInt8(ascii: "{"): return try nested { reader throws(JSONError) in try reader.readObject() }
        case UInt8(ascii: "["): return try nested { reader throws(JSONError) in try reader.readArray() }
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        case UInt8(ascii: "-"), 0x30...0x39: return try readNumber()
        default: throw error("a value should stand here")
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        guard depth < JSONReader.deepest else { throw error("it is nested more than \(JSONReader.deepest) deep") }
        depth += 1
        place += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func readObject() throws(JSONError) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("a name in quotes should stand here") }
            let key = try readString()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("a colon should stand here") }
            members.append((key, try readValue()))
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw error("a comma or } should stand here") }
            return .object(members)
        }
    }

    private mutating func readArray() throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try readValue())
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw error("a comma or ] should stand here") }
            return .array(elements)
        }
    }

    private mutating func readWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let end = place + word.utf8CodeUnitCount
        guard end <= bytes.count,
            bytes[place..<end].elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        else { throw error("a value should stand here") }
        place = end
        return value
    }

    private mutating func readNumber() throws(JSONError) -> JSONValue {
        let start = place
        while let byte = next, "+-.eE0123456789".utf8.contains(byte) { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
        guard digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "."), let value = Double(text),
            value.isFinite
        else {
            place = start
            throw error("\(text) is no number that can be read")
        }
        return .number(value)
    }

    private mutating func readString() throws(JSONError) -> String {
        place += 1
        let start = place
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { place += 1 }
        var text: [UInt8] = []
        if next != UInt8(ascii: "\"") {
            text += bytes[start..<place]
            try readEscapes(&text)
        }
        let content = text.isEmpty ? String(validating: bytes[start..<place], as: UTF8.self) : nil
        guard let string = content ?? String(validating: text, as: UTF8.self) else {
            place = start
            throw error("the text in quotes is not UTF-8")
        }
        place += 1
        return string
    }

    /// Reads the rest of a string up to its closing quote, which it leaves.
    private mutating func readEscapes(_ text: inout [UInt8]) throws(JSONError) {
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw error("a control character stands in quotes") }
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard let escape = next else { break }
            place += 1
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0c)
            case UInt8(ascii: "n"): text.append(0x0a)
            case UInt8(ascii: "r"): text.append(0x0d)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"): text += Array(try readScalar().description.utf8)
            default: throw error("\\ stands before what can't be escaped")
            }
        }
        guard next != nil else { throw error("a closing quote is missing") }
    }

    private mutating func readScalar() throws(JSONError) -> Unicode.Scalar {
        let first = try readHex()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw error("half of a surrogate pair is missing")
        }
        let second = try readHex()
        guard (0xdc00...0xdfff).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else { throw error("half of a surrogate pair is missing") }
        return scalar
    }

    private mutating func readHex() throws(JSONError) -> UInt32 {
        guard place + 4 <= bytes.count else { throw error("four hexadecimal digits should stand here") }
        var value: UInt32 = 0
        for byte in bytes[place..<place + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw error("four hexadecimal digits should stand here")
            }
            value = value << 4 | UInt32(digit)
        }
        place += 4
        return value
    }
}
