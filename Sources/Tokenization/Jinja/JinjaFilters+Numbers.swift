import Foundation

/// Values as numbers.
extension JinjaInterpreter {
    /// Returns `value` as a whole number, read as Python's `int` does; nil if it is none.
    func integer(_ value: JinjaValue, base: Int) throws -> Int? {
        if let integer = value.integer { return integer }
        if case .text(let text) = value, (2...36).contains(base) || base == 0 {
            try meter.step(text.scalars.count / 16)
            if let integer = Self.parse(text.scalars, base: base) { return integer }
        }
        guard let number = number(value), number.isFinite else { return nil }
        guard let integer = Int(exactly: number.rounded(.towardZero)) else {
            throw JinjaFault("a whole number does not fit 64 bits")
        }
        return integer
    }

    private static func parse(_ scalars: JinjaText.Scalars, base: Int) -> Int? {
        var text = scalars.trimmed { $0.isPythonSpace }.string.lowercased()
        let sign = text.hasPrefix("-") ? "-" : ""
        if text.hasPrefix("-") || text.hasPrefix("+") { text.removeFirst() }
        var radix = base == 0 ? 10 : base
        for (prefix, marked) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
            guard base == marked || base == 0 else { break }
            radix = marked
            text.removeFirst(2)
        }
        guard let first = text.first, first != "_", text.last != "_", !text.contains("__"), first != "+", first != "-"
        else { return nil }
        return Int(sign + text.filter { $0 != "_" }, radix: radix)
    }

    /// Returns `value` as a number, read as Python's `float` does; nil if it is none.
    func number(_ value: JinjaValue) -> Double? {
        guard case .text(let text) = value else { return value.number }
        let digits = text.scalars.trimmed { $0.isPythonSpace }.string.lowercased()
        let unsigned = digits.hasPrefix("-") || digits.hasPrefix("+") ? digits.dropFirst() : digits[...]
        switch unsigned {
        case "inf", "infinity": return digits.hasPrefix("-") ? -.infinity : .infinity
        case "nan": return .nan
        default:
            guard let first = unsigned.first, first.isNumber || first == ".", !unsigned.hasPrefix("0x"),
                unsigned.last != "_"
            else { return nil }
            return Double(digits.filter { $0 != "_" })
        }
    }

    /// Returns `value` rounded to `precision` digits after the point, halves to even.
    func rounded(_ value: JinjaValue, _ precision: Int, _ method: String) throws -> JinjaValue {
        if case .undefined(let message) = value { throw JinjaFault(message) }
        guard let number = value.number else { throw JinjaFault("'round' needs a number, not \(value.description)") }
        guard (-300...300).contains(precision) else { throw JinjaFault("'round' can't round to \(precision) digits") }
        switch method {
        case "common":
            if let integer = value.integer {
                guard precision < 0 else { return .int(integer) }
                guard precision > -19 else { return .int(0) }
                let unit = (0..<(-precision)).reduce(1) { unit, _ in unit * 10 }
                let remainder = integer % unit
                let (down, half) = (integer - remainder, remainder.magnitude.multipliedReportingOverflow(by: 2))
                let isUp =
                    half.overflow || half.partialValue > unit.magnitude
                    || (half.partialValue == unit.magnitude && !(integer / unit).isMultiple(of: 2))
                guard isUp else { return .int(down) }
                return try calculate(.add, .int(down), .int(integer < 0 ? -unit : unit))
            }
            guard number.isFinite else { return value }
            guard precision < 0 else {
                return .float(Double(String(format: "%.\(precision)f", number)) ?? number)
            }
            let unit = pow(10, Double(-precision))
            return .float((number / unit).rounded(.toNearestOrEven) * unit)
        case "ceil", "floor":
            let unit = pow(10, Double(precision))
            return .float((number * unit).rounded(method == "ceil" ? .up : .down) / unit)
        default: throw JinjaFault("'round' knows the methods common, ceil and floor, not '\(method)'")
        }
    }
}
