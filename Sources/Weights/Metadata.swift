/// One value of a weight file's metadata.
package enum MetadataValue: Sendable, Equatable {
    case string(String)
    /// An integer of any width.
    case integer(Int64)
    /// An integer too large for `integer`.
    case unsigned(UInt64)
    /// A float32 or float64.
    case double(Double)
    case bool(Bool)
    case strings([String])
    case integers([Int64])
    case doubles([Double])
    case bools([Bool])
    /// An array of arrays, or of integers of which some are too large for `integers`.
    case array([MetadataValue])

    /// What the value is, in words for messages.
    package var kind: String {
        switch self {
        case .string: "a string"
        case .integer, .unsigned: "an integer"
        case .double: "a float"
        case .bool: "a boolean"
        case .strings(let values): "an array of \(values.count) strings"
        case .integers(let values): "an array of \(values.count) integers"
        case .doubles(let values): "an array of \(values.count) floats"
        case .bools(let values): "an array of \(values.count) booleans"
        case .array(let values): "a mixed array of \(values.count) values"
        }
    }
}

/// What a weight file says about its model: named values in file order.
///
/// The typed look-ups never convert between kinds: a scalar asked for as an array is absent, and so is a float asked
/// for as an integer. The `require` variants throw an error that names key, file and what was found.
package struct Metadata: Sendable {
    /// The keys in file order.
    package let keys: [String]
    private let fileName: String
    private let values: [String: MetadataValue]

    /// Makes metadata from pairs with distinct keys; `fileName` is for messages.
    package init(_ pairs: [(key: String, value: MetadataValue)], fileName: String) {
        self.keys = pairs.map { $0.key }
        self.fileName = fileName
        self.values = Dictionary(pairs.map { ($0.key, $0.value) }) { first, _ in first }
    }

    /// The value of a key, if it is there.
    package subscript(_ key: String) -> MetadataValue? { values[key] }

    /// Returns the string of a key, or nil where there is none.
    package func string(_ key: String) -> String? {
        if case .string(let value)? = values[key] { value } else { nil }
    }

    /// Returns the integer of a key, whatever its width in the file, or nil where there is none.
    package func int(_ key: String) -> Int? {
        if case .integer(let value)? = values[key] { Int(exactly: value) } else { nil }
    }

    /// Returns the float32 or float64 of a key, or nil where there is none.
    package func double(_ key: String) -> Double? {
        if case .double(let value)? = values[key] { value } else { nil }
    }

    /// Returns the boolean of a key, or nil where there is none.
    package func bool(_ key: String) -> Bool? {
        if case .bool(let value)? = values[key] { value } else { nil }
    }

    /// Returns the array of strings of a key, or nil where there is none.
    package func strings(_ key: String) -> [String]? {
        if case .strings(let value)? = values[key] { value } else { nil }
    }

    /// Returns the array of integers of a key, whatever their width in the file, or nil where there is none.
    package func ints(_ key: String) -> [Int]? {
        if case .integers(let value)? = values[key] { value.map { Int($0) } } else { nil }
    }

    /// Returns the array of floats of a key, or nil where there is none.
    package func doubles(_ key: String) -> [Double]? {
        if case .doubles(let value)? = values[key] { value } else { nil }
    }

    /// Returns the array of booleans of a key, or nil where there is none.
    package func bools(_ key: String) -> [Bool]? {
        if case .bools(let value)? = values[key] { value } else { nil }
    }

    /// Returns the string of a key; its absence is an error.
    package func requireString(_ key: String) throws(WeightError) -> String {
        try found(string(key), key, "a string")
    }

    /// Returns the integer of a key; its absence is an error.
    package func requireInt(_ key: String) throws(WeightError) -> Int {
        try found(int(key), key, "an integer")
    }

    /// Returns the float of a key; its absence is an error.
    package func requireDouble(_ key: String) throws(WeightError) -> Double {
        try found(double(key), key, "a float")
    }

    /// Returns the boolean of a key; its absence is an error.
    package func requireBool(_ key: String) throws(WeightError) -> Bool {
        try found(bool(key), key, "a boolean")
    }

    /// Returns the strings of a key; their absence is an error.
    package func requireStrings(_ key: String) throws(WeightError) -> [String] {
        try found(strings(key), key, "an array of strings")
    }

    /// Returns the integers of a key; their absence is an error.
    package func requireInts(_ key: String) throws(WeightError) -> [Int] {
        try found(ints(key), key, "an array of integers")
    }

    /// Returns the floats of a key; their absence is an error.
    package func requireDoubles(_ key: String) throws(WeightError) -> [Double] {
        try found(doubles(key), key, "an array of floats")
    }

    /// Returns the booleans of a key; their absence is an error.
    package func requireBools(_ key: String) throws(WeightError) -> [Bool] {
        try found(bools(key), key, "an array of booleans")
    }

    /// Returns what one of the `require` variants reads under a key, or nil where the key is absent.
    ///
    /// A value of another kind is an error: it is not the same as none.
    package func optional<T>(
        _ key: String, _ require: (String) throws(WeightError) -> T
    ) throws(WeightError) -> T? {
        values[key] == nil ? nil : try require(key)
    }

    private func found<T>(_ value: T?, _ key: String, _ expected: String) throws(WeightError) -> T {
        if let value { return value }
        guard let other = values[key] else {
            throw WeightError(
                .missingKey,
                "\(fileName) has no \(key) in its metadata; it should be \(expected)."
                    + " The file is damaged or was converted by a tool that leaves it out.")
        }
        throw WeightError(
            .wrongType,
            "\(key) in \(fileName) is \(other.kind); it should be \(expected)."
                + " The file is damaged or was converted by a tool that writes it differently.")
    }
}
