import Foundation

/// Operators between values, as in Python; whole numbers that don't fit 64 bits are refused.
extension JinjaInterpreter {
    func calculate(_ operation: JinjaOperator, _ left: JinjaValue, _ right: JinjaValue) throws -> JinjaValue {
        if case .undefined(let message) = left { throw JinjaFault(message) }
        if case .text(let pattern) = left, operation == .modulo {
            return try text(JinjaFormat.percent(pattern.scalars, right, self), isMarkup: pattern.isMarkup)
        }
        if case .undefined(let message) = right { throw JinjaFault(message) }
        if let left = left.integer, let right = right.integer { return try calculate(operation, left, right) }
        if let left = left.number, let right = right.number { return .float(try calculate(operation, left, right)) }
        switch (operation, left, right) {
        case (.add, .text(let left), .text(let right)): return try joined(left, right)
        case (.add, .list(let left), .list(let right))
        where left.kind == right.kind && (left.kind == .list || left.kind == .tuple):
            return try sequence(left.kind, left.items + right.items)
        case (.multiply, .text(let text), _) where right.integer != nil:
            return .text(JinjaText(try repeated(text.scalars, right.integer ?? 0), isMarkup: text.isMarkup))
        case (.multiply, _, .text(let text)) where left.integer != nil:
            return .text(JinjaText(try repeated(text.scalars, left.integer ?? 0), isMarkup: text.isMarkup))
        case (.multiply, .list(let list), _) where right.integer != nil && list.isSequence:
            return try repeated(list, right.integer ?? 0)
        case (.multiply, _, .list(let list)) where left.integer != nil && list.isSequence:
            return try repeated(list, left.integer ?? 0)
        default:
            throw JinjaFault(
                "'\(operation.rawValue)' does not work between \(left.description) and \(right.description)")
        }
    }

    /// Joins two texts; beside markup, plain text is escaped.
    private func joined(_ left: JinjaText, _ right: JinjaText) throws -> JinjaValue {
        let isMarkup = left.isMarkup || right.isMarkup
        guard isMarkup else { return try text(joining: [left.scalars, right.scalars]) }
        return try text(joining: [escaped(left), escaped(right)], isMarkup: true)
    }

    private func repeated(_ list: JinjaList, _ times: Int) throws -> JinjaValue {
        let count = list.items.count.multipliedReportingOverflow(by: max(times, 0))
        guard !count.overflow, count.partialValue < 1 << 40 else { throw JinjaFault("a list would become too long") }
        try meter.allocate(32 * count.partialValue)
        return try sequence(list.kind, Array(repeatElement(list.items, count: max(times, 0)).joined()))
    }

    private func calculate(_ operation: JinjaOperator, _ left: Int, _ right: Int) throws -> JinjaValue {
        switch operation {
        case .add: return .int(try checked(left.addingReportingOverflow(right)))
        case .subtract: return .int(try checked(left.subtractingReportingOverflow(right)))
        case .multiply: return .int(try checked(left.multipliedReportingOverflow(by: right)))
        case .divide: return .float(try calculate(.divide, Double(left), Double(right)))
        case .floorDivide, .modulo:
            guard right != 0 else { throw JinjaFault("a number is divided by zero") }
            let quotient = try checked(left.dividedReportingOverflow(by: right))
            let remainder = left - quotient * right
            let isBelow = remainder != 0 && (remainder < 0) != (right < 0)
            return .int(operation == .modulo ? (isBelow ? remainder + right : remainder) : quotient - (isBelow ? 1 : 0))
        case .power:
            guard right >= 0 else { return .float(try calculate(.power, Double(left), Double(right))) }
            return .int(try power(left, right))
        }
    }

    private func power(_ base: Int, _ exponent: Int) throws -> Int {
        switch base {
        case 0: return exponent == 0 ? 1 : 0
        case 1: return 1
        case -1: return exponent.isMultiple(of: 2) ? 1 : -1
        default:
            var result = 1
            // At most 63 passes: the next one overflows.
            for _ in 0..<exponent { result = try checked(result.multipliedReportingOverflow(by: base)) }
            return result
        }
    }

    private func checked(_ result: (partialValue: Int, overflow: Bool)) throws -> Int {
        guard !result.overflow else { throw JinjaFault("a whole number does not fit 64 bits") }
        return result.partialValue
    }

    private func calculate(_ operation: JinjaOperator, _ left: Double, _ right: Double) throws -> Double {
        if right == 0, [.divide, .floorDivide, .modulo].contains(operation) {
            throw JinjaFault("a number is divided by zero")
        }
        switch operation {
        case .add: return left + right
        case .subtract: return left - right
        case .multiply: return left * right
        case .divide: return left / right
        case .floorDivide: return ((left - modulo(left, right)) / right).rounded()
        case .modulo: return modulo(left, right)
        case .power:
            let result = pow(left, right)
            guard !result.isNaN || left.isNaN || right.isNaN, result.isFinite || !left.isFinite || !right.isFinite
            else {
                throw JinjaFault("\(left) to the power of \(right) is no number that fits")
            }
            return result
        }
    }

    private func modulo(_ left: Double, _ right: Double) -> Double {
        let remainder = left.truncatingRemainder(dividingBy: right)
        if remainder == 0 { return Double(sign: right.sign, exponent: 0, significand: 0) }
        return (remainder < 0) != (right < 0) ? remainder + right : remainder
    }

    func negated(_ value: JinjaValue) throws -> JinjaValue {
        if case .undefined(let message) = value { throw JinjaFault(message) }
        if let integer = value.integer { return .int(try checked(0.subtractingReportingOverflow(integer))) }
        guard case .float(let number) = value else { throw JinjaFault("\(value.description) has no negative") }
        return .float(-number)
    }

    func positive(_ value: JinjaValue) throws -> JinjaValue {
        if case .undefined(let message) = value { throw JinjaFault(message) }
        if let integer = value.integer { return .int(integer) }
        guard case .float = value else { throw JinjaFault("\(value.description) is no number") }
        return value
    }
}
