import JSON
import Weights

/// Reads the `config.json` of a Hugging Face checkpoint.
///
/// Every look-up takes the spellings that a value has had, and returns the first that is there and not null; a dot leads
/// into an object: `"rope_parameters.rope_theta", "rope_theta"`. A value of the wrong kind is an error.
struct CheckpointConfig: Sendable {
    /// What messages call it.
    let name: String
    private let root: JSONValue

    init(_ root: JSONValue, name: String) {
        self.root = root
        self.name = name
    }

    /// Returns the first value that is there and not null, with the spelling that it was found under.
    func value(_ spellings: [String]) -> (spelling: String, value: JSONValue)? {
        for spelling in spellings {
            var value = Optional(root)
            for part in spelling.split(separator: ".") { value = value?[String(part)] }
            if let value, !value.isNull { return (spelling, value) }
        }
        return nil
    }

    /// Whether a value is there under any of the spellings.
    func has(_ spellings: String...) -> Bool { value(spellings) != nil }

    /// Whether a value is said to be null, which in some families is not the same as absent.
    func isNull(_ name: String) -> Bool { root[name]?.isNull == true }

    /// A size up to ``HyperparameterReader/largest``, or nil where there is none.
    func int(_ spellings: String...) throws -> Int? { try int(spellings) }

    /// A number, which may be infinite, or nil where there is none.
    func float(_ spellings: String...) throws -> Double? { try float(spellings) }

    /// A text, or nil where there is none.
    func string(_ spellings: String...) throws -> String? { try string(spellings) }

    /// A switch, or nil where there is none.
    func bool(_ spellings: String...) throws -> Bool? {
        try read(spellings, "true or false") { $0.bool }
    }

    /// A list of sizes, or nil where there is none.
    func ints(_ spellings: String...) throws -> [Int]? {
        let limit = HyperparameterReader.largest
        return try read(spellings, "a list of whole numbers from 0 to \(limit)") { list in
            try? Self.all(list) { Self.whole($0, limit) }
        }
    }

    /// A list of numbers, which may be infinite, or nil where there is none.
    func floats(_ spellings: String...) throws -> [Double]? { try floats(spellings) }

    func floats(_ spellings: [String]) throws -> [Double]? {
        try read(spellings, "a list of numbers") { try? Self.all($0, Self.number) }
    }

    /// A list of texts, or nil where there is none.
    func strings(_ spellings: String...) throws -> [String]? {
        try read(spellings, "a list of texts") { try? Self.all($0) { $0.string } }
    }

    /// A whole number that has to be there.
    func requireInt(_ spellings: String...) throws -> Int {
        guard let value = try int(spellings) else { throw missing(spellings) }
        return value
    }

    /// Refuses a text that is there and none of those we compute.
    func check(_ spellings: String..., isOneOf known: [String]) throws {
        guard let found = try read(spellings, "a text", { $0.string }), !known.contains(found) else { return }
        throw wrong(spellings, expected: known.joined(separator: " or ") + ", which can be run")
    }

    /// Refuses a switch that is there and not as we compute it.
    func check(_ spellings: String..., is expected: Bool) throws {
        guard let found = try read(spellings, "true or false", { $0.bool }), found != expected else { return }
        throw wrong(spellings, expected: "\(expected): other models can't be run")
    }

    /// An error about a value that we can't use.
    func wrong(_ spellings: String..., expected: String) -> EngineError { wrong(spellings, expected: expected) }

    func int(_ spellings: [String], limit: Int = HyperparameterReader.largest) throws -> Int? {
        try read(spellings, "a whole number from 0 to \(limit)") { Self.whole($0, limit) }
    }

    func string(_ spellings: [String]) throws -> String? {
        try read(spellings, "a text") { $0.string }
    }

    func float(_ spellings: [String]) throws -> Double? {
        try read(spellings, "a number", Self.number)
    }

    func missing(_ spellings: [String]) -> EngineError {
        EngineError(
            .missing,
            "\(name) has no \(spellings.joined(separator: " or ")), which a model of this kind needs."
                + " The file is damaged, or written by a tool that we don't know.")
    }

    func wrong(_ spellings: [String], expected: String) -> EngineError {
        let found = value(spellings)
        let text = found.map { String(describing: $0.value).prefix(80) } ?? "nothing"
        return EngineError(
            .badValue, "\(found?.spelling ?? spellings.first ?? "") in \(name) is \(text); it has to be \(expected).")
    }

    private func read<Value>(_ spellings: [String], _ kind: String, _ convert: (JSONValue) -> Value?) throws -> Value? {
        guard let found = value(spellings) else { return nil }
        guard let value = convert(found.value) else { throw wrong(spellings, expected: kind) }
        return value
    }

    private static func whole(_ value: JSONValue, _ limit: Int) -> Int? {
        value.int.flatMap { (0...limit).contains($0) ? $0 : nil }
    }

    /// A number; `transformers` 5 spells those that JSON has no word for `{"__float__": "Infinity"}`.
    private static func number(_ value: JSONValue) -> Double? {
        switch value["__float__"]?.string {
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        default: value.double
        }
    }

    private struct WrongKind: Error {}

    private static func all<Value>(_ value: JSONValue, _ convert: (JSONValue) -> Value?) throws -> [Value] {
        guard let items = value.array else { throw WrongKind() }
        return try items.map { item in
            guard let value = convert(item) else { throw WrongKind() }
            return value
        }
    }
}
