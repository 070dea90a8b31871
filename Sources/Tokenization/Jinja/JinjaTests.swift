/// The tests that a template can use after `is`, by name.
enum JinjaTests {
    typealias Test = @Sendable (JinjaInterpreter, JinjaValue, JinjaArguments) throws -> Bool

    /// Returns the test called `name`.
    static func find(_ name: String) -> Test? { all[name] }

    private static let all: [String: Test] = kinds.merging(comparisons) { $1 }

    private static let kinds: [String: Test] = [
        "defined": { _, value, arguments in try alone("defined", arguments) { !value.isUndefined } },
        "undefined": { _, value, arguments in try alone("undefined", arguments) { value.isUndefined } },
        "none": { _, value, arguments in try alone("none", arguments) { value.isNull } },
        "boolean": { _, value, arguments in
            try alone("boolean", arguments) { if case .bool = value { true } else { false } }
        },
        "true": { _, value, arguments in
            try alone("true", arguments) { if case .bool(true) = value { true } else { false } }
        },
        "false": { _, value, arguments in
            try alone("false", arguments) { if case .bool(false) = value { true } else { false } }
        },
        "integer": { _, value, arguments in
            try alone("integer", arguments) { if case .int = value { true } else { false } }
        },
        "float": { _, value, arguments in
            try alone("float", arguments) { if case .float = value { true } else { false } }
        },
        "number": { _, value, arguments in try alone("number", arguments) { value.number != nil } },
        "string": { _, value, arguments in
            try alone("string", arguments) { if case .text = value { true } else { false } }
        },
        "mapping": { _, value, arguments in
            try alone("mapping", arguments) { if case .dictionary = value { true } else { false } }
        },
        "sequence": { _, value, arguments in
            try alone("sequence", arguments) {
                switch value {
                case .text, .dictionary, .undefined: true
                case .list(let list): list.isSequence
                default: false
                }
            }
        },
        "iterable": { _, value, arguments in
            try alone("iterable", arguments) {
                switch value {
                case .text, .dictionary, .undefined, .list, .generator: true
                case .object(let object): object is JinjaLoop
                default: false
                }
            }
        },
        "callable": { _, value, arguments in
            try alone("callable", arguments) {
                switch value {
                // As in Python, where a missing value can be called, and says then that it is missing.
                case .undefined: true
                case .object(let object): object.isCallable
                default: false
                }
            }
        },
        "escaped": { _, value, arguments in
            try alone("escaped", arguments) { if case .text(let text) = value { text.isMarkup } else { false } }
        },
        "lower": { interpreter, value, arguments in try isCased("lower", "islower", interpreter, value, arguments) },
        "upper": { interpreter, value, arguments in try isCased("upper", "isupper", interpreter, value, arguments) },
        "filter": { _, value, arguments in
            try alone("filter", arguments) {
                if case .text(let name) = value { JinjaFilters.find(name.string) != nil } else { false }
            }
        },
        "test": { _, value, arguments in
            try alone("test", arguments) {
                if case .text(let name) = value { JinjaTests.find(name.string) != nil } else { false }
            }
        },
    ]

    private static let comparisons: [String: Test] = [
        "odd": { try remainder("odd", $0, $1, $2) == 1 },
        "even": { try remainder("even", $0, $1, $2) == 0 },
        "divisibleby": { interpreter, value, arguments in
            let number = try arguments.bind("divisibleby", ["num"], required: 1)[0] ?? .null
            return try interpreter.areEqual(try interpreter.calculate(.modulo, value, number), .int(0))
        },
        "sameas": { interpreter, value, arguments in
            try isSame(value, try arguments.bind("sameas", ["other"], required: 1)[0] ?? .null, interpreter)
        },
        "in": { try compare(.isIn, $0, $1, $2) },
        "eq": { try compare(.equal, $0, $1, $2) },
        "equalto": { try compare(.equal, $0, $1, $2) },
        "==": { try compare(.equal, $0, $1, $2) },
        "ne": { try compare(.notEqual, $0, $1, $2) },
        "!=": { try compare(.notEqual, $0, $1, $2) },
        "lt": { try compare(.less, $0, $1, $2) },
        "lessthan": { try compare(.less, $0, $1, $2) },
        "<": { try compare(.less, $0, $1, $2) },
        "le": { try compare(.lessOrEqual, $0, $1, $2) },
        "<=": { try compare(.lessOrEqual, $0, $1, $2) },
        "gt": { try compare(.greater, $0, $1, $2) },
        "greaterthan": { try compare(.greater, $0, $1, $2) },
        ">": { try compare(.greater, $0, $1, $2) },
        "ge": { try compare(.greaterOrEqual, $0, $1, $2) },
        ">=": { try compare(.greaterOrEqual, $0, $1, $2) },
    ]

    private static func alone(_ name: String, _ arguments: JinjaArguments, _ holds: () -> Bool) throws -> Bool {
        _ = try arguments.bind(name, [])
        return holds()
    }

    private static func compare(
        _ comparison: JinjaComparison, _ interpreter: JinjaInterpreter, _ value: JinjaValue, _ arguments: JinjaArguments
    ) throws -> Bool {
        let other = try arguments.bind(comparison.rawValue, ["other"], required: 1)[0] ?? .null
        return try interpreter.holds(comparison, value, other)
    }

    private static func remainder(
        _ name: String, _ interpreter: JinjaInterpreter, _ value: JinjaValue, _ arguments: JinjaArguments
    ) throws -> Double? {
        _ = try arguments.bind(name, [])
        return try interpreter.calculate(.modulo, value, .int(2)).number
    }

    private static func isCased(
        _ name: String, _ method: String, _ interpreter: JinjaInterpreter, _ value: JinjaValue,
        _ arguments: JinjaArguments
    ) throws -> Bool {
        _ = try arguments.bind(name, [])
        let text = JinjaValue.text(JinjaText(try interpreter.printed(value)))
        return try interpreter.call(try interpreter.attribute(method, of: text), JinjaArguments()).isTrue
    }

    /// Whether two values are the same object, as far as values that never change can show.
    private static func isSame(_ value: JinjaValue, _ other: JinjaValue, _ interpreter: JinjaInterpreter) throws -> Bool
    {
        switch (value, other) {
        case (.list(let value), .list(let other)): value === other
        case (.dictionary(let value), .dictionary(let other)): value === other
        default: try value.typeName == other.typeName && interpreter.areEqual(value, other)
        }
    }
}
