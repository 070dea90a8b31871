/// A JSON value whose objects keep the order of their members, and whose numbers keep their kind.
///
/// Foundation's reader makes dictionaries, in which canonically equal names are one; vocabularies tell them apart.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case array([JSONValue])
    /// Members in the order in which they come; a name may come twice, and then the last one counts.
    case object([(name: String, value: JSONValue)])

    /// Reads the JSON in `bytes`, which has to be one value and nothing else.
    package init(parsing bytes: [UInt8], dialect: JSONDialect = .standard) throws(JSONError) {
        var reader = JSONReader(bytes, dialect: dialect)
        self = try reader.readAll()
    }

    /// The boolean, if it is one.
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The string, if it is one.
    package var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The whole number, if it is one, however it is written.
    package var int: Int? {
        switch self {
        case .int(let value): value
        case .float(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The number, if it is one, with or without a fraction.
    package var double: Double? {
        switch self {
        case .int(let value): Double(value)
        case .float(let value): value
        default: nil
        }
    }

    /// The elements, if it is an array.
    package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

    /// The members, if it is an object.
    package var object: [(name: String, value: JSONValue)]? { if case .object(let value) = self { value } else { nil } }

    /// Whether it is an object.
    package var isObject: Bool { object != nil }

    /// Whether it is null.
    package var isNull: Bool { if case .null = self { true } else { false } }

    /// Returns the member of a name, or nil where it is absent or this is no object.
    package subscript(_ name: String) -> JSONValue? { object?.last { $0.name == name }?.value }

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

/// What is taken for JSON.
package enum JSONDialect: Sendable {
    /// RFC 8259; whole numbers have to fit 64 bits.
    case standard
    /// What Python's `json` writes as well: the bare words `NaN`, `Infinity` and `-Infinity`, whole numbers of any size
    /// (read as floats where they don't fit 64 bits), and a byte order mark, which editors add.
    case python
}

/// Where a text stops being JSON, and why.
package struct JSONError: Error, Sendable, CustomStringConvertible {
    /// The place of the first byte that does not fit.
    package let offset: Int
    /// How long the text is.
    package let byteCount: Int
    /// What is wrong there.
    package let reason: String

    package var description: String { "\(reason) at byte \(offset) of \(byteCount)" }
}
