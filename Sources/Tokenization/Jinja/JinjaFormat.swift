import Foundation

/// Values put into patterns, as Python's `%` and `str.format` do it.
enum JinjaFormat {
    /// How a value is written: Python's format specification.
    struct Specification {
        var fill: Unicode.Scalar = " "
        /// `<`, `>`, `^` or `=`; nil is right for numbers and left for others.
        var alignment: Unicode.Scalar?
        var sign: Unicode.Scalar = "-"
        var isAlternate = false
        var width = 0
        /// What stands between groups of three digits.
        var separator: Unicode.Scalar?
        var precision: Int?
        /// The conversion, such as `d`, `f` or `s`; nil is the value's own.
        var type: Unicode.Scalar?
    }

    /// The widest field and the finest precision.
    private static let limit = 4096

    // MARK: - str.format

    /// Returns `pattern` with what stands in braces replaced by arguments.
    static func braces(_ pattern: JinjaText.Scalars, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter)
        throws
        -> JinjaText.Scalars
    {
        var reader = Reader(pattern)
        var fields = Fields(arguments: arguments)
        return try braces(&reader, &fields, interpreter, isNested: false)
    }

    /// The arguments of one call, and how many have been taken in order.
    private struct Fields {
        let arguments: JinjaArguments
        var taken = 0
    }

    private static func braces(
        _ reader: inout Reader, _ fields: inout Fields, _ interpreter: JinjaInterpreter, isNested: Bool
    ) throws -> JinjaText.Scalars {
        var result: JinjaText.Scalars = []
        while let scalar = reader.next() {
            try interpreter.meter.step()
            switch scalar {
            case "{" where !isNested && reader.take("{"): result.append("{")
            case "}" where !isNested && reader.take("}"): result.append("}")
            case "{":
                let field = try readField(&reader, &fields, interpreter, isNested: isNested)
                try interpreter.meter.allocate(4 * field.count)
                result += field
            case "}":
                guard isNested else { throw JinjaFault("a '}' in the format has no '{' before it") }
                return result
            default: result.append(scalar)
            }
        }
        guard !isNested else { throw JinjaFault("a '{' in the format has no '}'") }
        return result
    }

    /// Reads a field from behind its brace to its end, and returns what takes its place.
    private static func readField(
        _ reader: inout Reader, _ fields: inout Fields, _ interpreter: JinjaInterpreter, isNested: Bool
    ) throws -> JinjaText.Scalars {
        let name = reader.take { !".[!:}".unicodeScalars.contains($0) }
        var value: JinjaValue
        if let index = name.isEmpty ? fields.taken : Int(name.string) {
            if name.isEmpty { fields.taken += 1 }
            guard fields.arguments.positional.indices.contains(index) else {
                throw JinjaFault("the format has no value for the field \(index)")
            }
            value = fields.arguments.positional[index]
        } else if let named = fields.arguments.named.first(where: { $0.name == name.string }) {
            value = named.value
        } else {
            throw JinjaFault("the format has no value for the field '\(name.string)'")
        }
        while true {
            if reader.take(".") {
                value = try interpreter.attribute(
                    reader.take { !".[!:}".unicodeScalars.contains($0) }.string, of: value)
            } else if reader.take("[") {
                let index = reader.take { $0 != "]" }
                _ = reader.next()
                value = try interpreter.item(Int(index.string).map { .int($0) } ?? .text(JinjaText(index)), of: value)
            } else {
                break
            }
        }
        if reader.take("!") {
            switch reader.next() {
            case "r", "a": value = try interpreter.text(interpreter.represented(value))
            case "s": value = try interpreter.text(interpreter.printed(value))
            default: throw JinjaFault("a conversion in the format is neither '!s' nor '!r'")
            }
        }
        if reader.take(":") {
            guard !isNested else { throw JinjaFault("fields in the format are nested too deep") }
            let specification = try braces(&reader, &fields, interpreter, isNested: true)
            guard !specification.isEmpty else { return try interpreter.printed(value) }
            return try format(value, try parse(specification), interpreter)
        }
        guard reader.next() == "}" else { throw JinjaFault("a '{' in the format has no '}'") }
        return try interpreter.printed(value)
    }

    private static func parse(_ text: JinjaText.Scalars) throws -> Specification {
        var specification = Specification()
        var reader = Reader(text)
        if let second = reader.peek(1), "<>=^".unicodeScalars.contains(second) {
            specification.fill = reader.next() ?? " "
            specification.alignment = reader.next()
        } else if let first = reader.peek(), "<>=^".unicodeScalars.contains(first) {
            specification.alignment = reader.next()
        }
        if let sign = reader.peek(), "+- ".unicodeScalars.contains(sign) { specification.sign = reader.next() ?? "-" }
        specification.isAlternate = reader.take("#")
        if reader.take("0") {
            if specification.fill == " " { specification.fill = "0" }
            specification.alignment = specification.alignment ?? "="
        }
        specification.width = try reader.number() ?? 0
        if reader.take(",") { specification.separator = "," }
        if reader.take("_") { specification.separator = "_" }
        if reader.take(".") { specification.precision = try reader.number() ?? 0 }
        specification.type = reader.next()
        guard reader.peek() == nil else { throw JinjaFault("the format specification '\(text.string)' is invalid") }
        return specification
    }

    // MARK: - The % operator

    /// Returns `pattern` with its conversions replaced by `values`: a tuple's, a dictionary's, or one value.
    static func percent(_ pattern: JinjaText.Scalars, _ values: JinjaValue, _ interpreter: JinjaInterpreter) throws
        -> JinjaText.Scalars
    {
        var reader = Reader(pattern)
        var result: JinjaText.Scalars = []
        var rest = [values][...]
        if case .list(let list) = values, list.kind == .tuple { rest = list.items[...] }
        var isNamed = false
        func nextValue() throws -> JinjaValue {
            guard let value = rest.popFirst() else { throw JinjaFault("there are too few values for the format") }
            return value
        }
        while let scalar = reader.next() {
            try interpreter.meter.step()
            guard scalar == "%" else {
                result.append(scalar)
                continue
            }
            var value: JinjaValue?
            if reader.take("(") {
                let name = reader.take { $0 != ")" }
                _ = reader.next()
                guard case .dictionary(let dictionary) = values, let named = dictionary[.text(JinjaText(name))] else {
                    throw JinjaFault("the format has no value for '\(name.string)'")
                }
                (value, isNamed) = (named, true)
            }
            var specification = Specification(alignment: ">")
            while let flag = reader.peek(), "-+ #0".unicodeScalars.contains(flag) {
                _ = reader.next()
                switch flag {
                case "-": specification.alignment = "<"
                case "0" where specification.alignment != "<":
                    (specification.fill, specification.alignment) = ("0", "=")
                case "#": specification.isAlternate = true
                case "+": specification.sign = "+"
                case " " where specification.sign != "+": specification.sign = " "
                default: break
                }
            }
            let width = reader.take("*") ? try [nextValue()].int(0, 0) : try reader.number() ?? 0
            if width < 0 { specification.alignment = "<" }
            specification.width = try checked(Int(width.magnitude))
            if reader.take(".") {
                specification.precision =
                    try checked(reader.take("*") ? [nextValue()].int(0, 0) : reader.number() ?? 0)
            }
            guard let type = reader.next() else { throw JinjaFault("the format ends inside a conversion") }
            if type == "%" {
                result.append("%")
                continue
            }
            let field = try convert(try value ?? nextValue(), type, specification, interpreter)
            try interpreter.meter.allocate(4 * field.count)
            result += field
        }
        // Python takes whatever has items by key for named values, and does not miss those that are not used.
        let mayBeUnused =
            switch values {
            case .dictionary: true
            case .list(let list): list.kind == .list
            default: isNamed
            }
        guard rest.isEmpty || mayBeUnused else { throw JinjaFault("there are too many values for the format") }
        return result
    }

    private static func convert(
        _ value: JinjaValue, _ type: Unicode.Scalar, _ specification: Specification, _ interpreter: JinjaInterpreter
    ) throws -> JinjaText.Scalars {
        var specification = specification
        switch type {
        case "s", "r", "a":
            if specification.alignment == "=" { (specification.fill, specification.alignment) = (" ", ">") }
            let text = try type == "s" ? interpreter.printed(value) : interpreter.represented(value)
            return pad(Array(text.prefix(specification.precision ?? .max)), specification)
        case "d", "i", "u":
            guard let number = value.number else {
                throw JinjaFault("'%\(type)' needs a number, not \(value.description)")
            }
            guard let integer = value.integer ?? Int(exactly: number.rounded(.towardZero)) else {
                throw JinjaFault("\(number) is no whole number")
            }
            let digits = String(integer.magnitude)
            let zeros = String(repeating: "0", count: max((specification.precision ?? 0) - digits.count, 0))
            return pad(Array((zeros + digits).unicodeScalars), sign(integer < 0, specification), specification)
        case "c":
            guard case .text(let text) = value, text.scalars.count == 1 else {
                guard let code = value.integer, let scalar = UInt32(exactly: code).flatMap({ Unicode.Scalar($0) })
                else {
                    throw JinjaFault("'%c' needs a character, not \(value.description)")
                }
                return pad([scalar], specification)
            }
            return pad(text.scalars, specification)
        case "x", "X", "o", "e", "E", "f", "F", "g", "G":
            specification.type = type
            if "eEfFgG".unicodeScalars.contains(type) { specification.precision = specification.precision ?? 6 }
            return try format(value, specification, interpreter)
        default: throw JinjaFault("the conversion '%\(type)' is unknown")
        }
    }

    static func checked(_ number: Int) throws -> Int {
        guard (0...limit).contains(number) else {
            throw JinjaFault("a width or precision in the format is above \(limit)")
        }
        return number
    }

    /// Goes through a pattern.
    private struct Reader {
        private let scalars: JinjaText.Scalars
        private var place = 0

        init(_ scalars: JinjaText.Scalars) {
            self.scalars = scalars
        }

        func peek(_ offset: Int = 0) -> Unicode.Scalar? {
            place + offset < scalars.count ? scalars[place + offset] : nil
        }

        mutating func next() -> Unicode.Scalar? {
            defer { place = min(place + 1, scalars.count) }
            return peek()
        }

        mutating func take(_ scalar: Unicode.Scalar) -> Bool {
            guard peek() == scalar else { return false }
            place += 1
            return true
        }

        mutating func take(while accepts: (Unicode.Scalar) -> Bool) -> JinjaText.Scalars {
            let start = place
            while let scalar = peek(), accepts(scalar) { place += 1 }
            return Array(scalars[start..<place])
        }

        mutating func number() throws -> Int? {
            let digits = take { ("0"..."9").contains($0) }
            guard !digits.isEmpty else { return nil }
            return try JinjaFormat.checked(Int(digits.string) ?? .max)
        }
    }
}
