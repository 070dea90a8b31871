/// Writes values as JSON, as Hugging Face's `tojson` does: Python's `json.dumps` with characters as they are.
struct JinjaJSON {
    private let interpreter: JinjaInterpreter
    private let isASCII: Bool
    private let sortsKeys: Bool
    /// What one level is indented by; nil writes all on one line.
    private let indent: JinjaText.Scalars?
    private let itemSeparator: JinjaText.Scalars
    private let keySeparator: JinjaText.Scalars
    private var result: JinjaText.Scalars = []
    /// How much of the result has been counted.
    private var counted = 0

    /// Returns the JSON of `value`; `options` are ensure_ascii, indent, separators and sort_keys.
    static func write(_ value: JinjaValue, _ options: [JinjaValue?], _ interpreter: JinjaInterpreter) throws
        -> JinjaText.Scalars
    {
        var writer = try JinjaJSON(options, interpreter)
        try writer.write(value, level: 0)
        return writer.result
    }

    private init(_ options: [JinjaValue?], _ interpreter: JinjaInterpreter) throws {
        self.interpreter = interpreter
        isASCII = options.bool(0)
        sortsKeys = options.bool(3)
        switch options.given(1) {
        case nil: indent = nil
        case .text(let text): indent = text.scalars
        default: indent = try interpreter.repeated([" "], try options.int(1, 0))
        }
        if let separators = options.given(2) {
            let texts = try interpreter.items(of: separators).map { Optional($0) }
            guard texts.count == 2 else { throw JinjaFault("'tojson' needs two separators") }
            (itemSeparator, keySeparator) = (try texts.text(0).scalars, try texts.text(1).scalars)
        } else {
            (itemSeparator, keySeparator) = (indent == nil ? [",", " "] : [","], [":", " "])
        }
    }

    private mutating func count() throws {
        try interpreter.meter.step()
        try interpreter.meter.allocate(4 * (result.count - counted))
        counted = result.count
    }

    private mutating func write(_ value: JinjaValue, level: Int) throws {
        switch value {
        case .undefined(let message): throw JinjaFault(message)
        case .null: result += "null".unicodeScalars
        case .bool(let value): result += (value ? "true" : "false").unicodeScalars
        case .int(let value): result += String(value).unicodeScalars
        case .float(let value): result += Self.number(value).unicodeScalars
        case .text(let text): write(text.scalars)
        case .list(let list) where list.kind == .list || list.kind == .tuple || list.kind == .group:
            try write("[", "]", list.items, level) { writer, item in try writer.write(item, level: level + 1) }
        case .dictionary(let dictionary):
            var pairs = Array(zip(dictionary.keys, dictionary.values))
            if sortsKeys { pairs = try pairs.sorted { try interpreter.isLess($0.0, $1.0) } }
            try write("{", "}", pairs, level) { writer, pair in
                try writer.write(key: pair.0)
                writer.result += writer.keySeparator
                try writer.write(pair.1, level: level + 1)
            }
        default: throw JinjaFault("\(value.description) can't be written as JSON")
        }
        try count()
    }

    private mutating func write<Element>(
        _ start: Unicode.Scalar, _ end: Unicode.Scalar, _ elements: [Element], _ level: Int,
        _ body: (inout JinjaJSON, Element) throws -> Void
    ) throws {
        result.append(start)
        for (index, element) in elements.enumerated() {
            if index > 0 { result += itemSeparator }
            try startLine(level + 1)
            try body(&self, element)
        }
        if !elements.isEmpty { try startLine(level) }
        result.append(end)
    }

    private mutating func startLine(_ level: Int) throws {
        guard let indent else { return }
        result.append("\n")
        result += try interpreter.repeated(indent, level)
        try count()
    }

    private mutating func write(key: JinjaValue) throws {
        switch key {
        case .text(let text): write(text.scalars)
        case .null: write(Array("null".unicodeScalars))
        case .bool(let value): write(Array((value ? "true" : "false").unicodeScalars))
        case .int(let value): write(Array(String(value).unicodeScalars))
        case .float(let value): write(Array(Self.number(value).unicodeScalars))
        default: throw JinjaFault("\(key.description) can't be a key in JSON")
        }
    }

    private static func number(_ value: Double) -> String {
        value.isFinite ? value.pythonText : value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
    }

    private mutating func write(_ text: JinjaText.Scalars) {
        result.append("\"")
        for scalar in text {
            switch scalar {
            case "\"", "\\": result += ["\\", scalar]
            case "\n": result += ["\\", "n"]
            case "\r": result += ["\\", "r"]
            case "\t": result += ["\\", "t"]
            case "\u{08}": result += ["\\", "b"]
            case "\u{0C}": result += ["\\", "f"]
            case _ where scalar.value < 0x20 || (isASCII && scalar.value > 0x7E):
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars
                }
            default: result.append(scalar)
            }
        }
        result.append("\"")
    }
}
