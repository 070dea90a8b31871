import Foundation

/// The filters that a template can use, by name.
enum JinjaFilters {
    typealias Filter = @Sendable (JinjaInterpreter, JinjaValue, JinjaArguments) throws -> JinjaValue

    /// Returns the filter called `name`.
    static func find(_ name: String) -> Filter? {
        text[name] ?? sequences[name] ?? choosing[name] ?? numbers[name]
    }

    /// Returns `value`'s string, or what printing it gives.
    static func soft(_ value: JinjaValue, _ interpreter: JinjaInterpreter) throws -> JinjaText {
        if case .text(let text) = value { return text }
        return JinjaText(try interpreter.printed(value))
    }

    /// Numbers, and what fits nowhere else.
    private static let numbers: [String: Filter] = [
        "abs": { interpreter, value, arguments in
            _ = try arguments.bind("abs", [])
            if case .undefined(let message) = value { throw JinjaFault(message) }
            if let integer = value.integer { return integer < 0 ? try interpreter.negated(value) : .int(integer) }
            guard let number = value.number else { throw JinjaFault("'abs' needs a number, not \(value.description)") }
            return .float(abs(number))
        },
        "int": { interpreter, value, arguments in
            let values = try arguments.bind("int", ["default", "base"])
            if case .undefined(let message) = value { throw JinjaFault(message) }
            return try interpreter.integer(value, base: try values.int(1, 10)).map { .int($0) } ?? values[0] ?? .int(0)
        },
        "float": { interpreter, value, arguments in
            let values = try arguments.bind("float", ["default"])
            if case .undefined(let message) = value { throw JinjaFault(message) }
            return interpreter.number(value).map { .float($0) } ?? values[0] ?? .float(0)
        },
        "round": { interpreter, value, arguments in
            let values = try arguments.bind("round", ["precision", "method"])
            return try interpreter.rounded(value, try values.int(0, 0), try values.text(1, "common").string)
        },
        "filesizeformat": { interpreter, value, arguments in
            let isBinary = try arguments.bind("filesizeformat", ["binary"]).bool(0)
            guard let bytes = interpreter.number(value) else {
                throw JinjaFault("'filesizeformat' needs a number, not \(value.description)")
            }
            return .text(fileSize(bytes, base: isBinary ? 1024 : 1000, unit: isBinary ? "iB" : "B"))
        },
        "default": { try standard($1, $2) },
        "d": { try standard($1, $2) },
        "tojson": { interpreter, value, arguments in
            let values = try arguments.bind("tojson", ["ensure_ascii", "indent", "separators", "sort_keys"])
            return try interpreter.text(try JinjaJSON.write(value, values, interpreter))
        },
        "attr": { interpreter, value, arguments in
            let name = try arguments.bind("attr", ["name"], required: 1).text(0).string
            if case .dictionary(let dictionary) = value, dictionary[name] != nil {
                let method = JinjaMethods.find(name, of: value)
                if method == nil { return .undefined("\(value.description) has no attribute '\(name)'") }
            }
            return try interpreter.attribute(name, of: value)
        },
    ]

    private static func standard(_ value: JinjaValue, _ arguments: JinjaArguments) throws -> JinjaValue {
        let values = try arguments.bind("default", ["default_value", "boolean"])
        return value.isUndefined || (values.bool(1) && !value.isTrue) ? values[0] ?? .text("") : value
    }

    private static func fileSize(_ bytes: Double, base: Double, unit: String) -> String {
        if bytes == 1 { return "1 Byte" }
        guard bytes >= base else { return "\(bytes.isFinite ? String(Int(max(bytes, -1e18))) : "-inf") Bytes" }
        var size = bytes / base
        var names = "kMGTPEZY"[...]
        if base == 1024 { names = "KMGTPEZY" }
        while names.count > 1, size >= base {
            size /= base
            names = names.dropFirst()
        }
        return String(format: "%.1f", size) + " " + names.prefix(1) + unit
    }
}
