import Foundation

/// Numbers and texts in fields.
extension JinjaFormat {
    /// Returns `value` as `specification` says.
    static func format(_ value: JinjaValue, _ specification: Specification, _ interpreter: JinjaInterpreter) throws
        -> JinjaText.Scalars
    {
        let type = specification.type
        switch value {
        case .undefined(let message): throw JinjaFault(message)
        case .text, .null, .list, .dictionary, .generator, .object:
            guard type == nil || type == "s", specification.alignment != "=" else {
                throw unsuitable(value, specification)
            }
            return pad(Array(try interpreter.printed(value).prefix(specification.precision ?? .max)), specification)
        case .int, .bool:
            let integer = value.integer ?? 0
            switch type {
            case nil, "d", "n": return whole(integer, radix: 10, prefix: "", specification)
            case "x": return whole(integer, radix: 16, prefix: "0x", specification)
            case "X": return whole(integer, radix: 16, prefix: "0X", isUppercase: true, specification)
            case "o": return whole(integer, radix: 8, prefix: "0o", specification)
            case "b": return whole(integer, radix: 2, prefix: "0b", specification)
            default: return try fraction(Double(integer), value, specification)
            }
        case .float(let number): return try fraction(number, value, specification)
        }
    }

    private static func unsuitable(_ value: JinjaValue, _ specification: Specification) -> JinjaFault {
        let type = specification.type.map { "the format '\($0)'" } ?? "the alignment '='"
        return JinjaFault("\(type) does not suit \(value.description)")
    }

    private static func whole(
        _ integer: Int, radix: Int, prefix: String, isUppercase: Bool = false, _ specification: Specification
    ) -> JinjaText.Scalars {
        let digits = String(integer.magnitude, radix: radix, uppercase: isUppercase)
        let start = sign(integer < 0, specification) + (specification.isAlternate ? prefix : "")
        return pad(grouped(digits, specification.separator), start, specification)
    }

    private static func fraction(_ number: Double, _ value: JinjaValue, _ specification: Specification) throws
        -> JinjaText.Scalars
    {
        let magnitude = number.magnitude
        let precision = specification.precision ?? 6
        var digits: String
        switch specification.type {
        case "f", "F": digits = String(format: "%.\(precision)f", magnitude)
        case "e": digits = String(format: "%.\(precision)e", magnitude)
        case "E": digits = String(format: "%.\(precision)E", magnitude)
        case "g", "n": digits = String(format: "%.\(precision)g", magnitude)
        case "G": digits = String(format: "%.\(precision)G", magnitude)
        case "%": digits = String(format: "%.\(precision)f", magnitude * 100) + "%"
        case nil:
            digits = specification.precision.map { shortest(magnitude, digits: max($0, 1)) } ?? magnitude.pythonText
        default: throw unsuitable(value, specification)
        }
        let isNegative = number < 0 || (number == 0 && number.sign == .minus)
        let end = digits.firstIndex { !$0.isNumber } ?? digits.endIndex
        let text = grouped(String(digits[..<end]), specification.separator) + Array(digits[end...].unicodeScalars)
        return pad(text, sign(isNegative, specification), specification)
    }

    /// Returns at most `digits` digits of `number`, with a point or an exponent, as the type-less format has it.
    private static func shortest(_ number: Double, digits: Int) -> String {
        let text = String(format: "%.\(digits - 1)e", number)
        guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) else {
            return text
        }
        guard exponent >= -4, exponent < digits - 1 else {
            var mantissa = text[..<mark]
            while mantissa.contains("."), let last = mantissa.last, last == "0" || last == "." { mantissa.removeLast() }
            return String(mantissa + text[mark...])
        }
        var fixed = String(format: "%.\(max(digits - 1 - exponent, 1))f", number)
        while fixed.hasSuffix("0"), !fixed.hasSuffix(".0") { fixed.removeLast() }
        return fixed
    }

    /// Puts `separator` between groups of three digits.
    private static func grouped(_ digits: String, _ separator: Unicode.Scalar?) -> JinjaText.Scalars {
        let scalars = Array(digits.unicodeScalars)
        guard let separator else { return scalars }
        return scalars.enumerated().flatMap { index, digit -> JinjaText.Scalars in
            index > 0 && (scalars.count - index).isMultiple(of: 3) ? [separator, digit] : [digit]
        }
    }

    /// What stands before a number's digits.
    static func sign(_ isNegative: Bool, _ specification: Specification) -> String {
        isNegative ? "-" : specification.sign == "-" ? "" : String(specification.sign)
    }

    /// Fills up a number, whose sign is `start`.
    static func pad(_ digits: JinjaText.Scalars, _ start: String, _ specification: Specification) -> JinjaText.Scalars {
        var specification = specification
        let start = Array(start.unicodeScalars)
        guard specification.alignment == "=" else {
            specification.alignment = specification.alignment ?? ">"
            return pad(start + digits, specification)
        }
        let room = max(specification.width - start.count - digits.count, 0)
        return start + Array(repeating: specification.fill, count: room) + digits
    }

    /// Fills up a text.
    static func pad(_ text: JinjaText.Scalars, _ specification: Specification) -> JinjaText.Scalars {
        let room = max(specification.width - text.count, 0)
        let left =
            switch specification.alignment {
            case ">", "=": room
            case "^": room / 2
            default: 0
            }
        return Array(repeating: specification.fill, count: left) + text
            + Array(repeating: specification.fill, count: room - left)
    }
}
