/// Expressions, from what binds least to what binds most.
extension JinjaParser {
    /// Parses one expression.
    mutating func parseExpression(withCondition: Bool = true) throws -> JinjaExpression {
        try nested { try withCondition ? $0.parseConditional() : $0.parseOr() }
    }

    /// Parses one expression, or several with commas in between, which make a tuple.
    mutating func parseTuple(withCondition: Bool = true, endedBy end: String? = nil, inParentheses: Bool = false) throws
        -> JinjaExpression
    {
        let line = current.line
        var items: [JinjaExpression] = []
        var isTuple = false
        while !endsTuple(end) {
            items.append(try parseExpression(withCondition: withCondition))
            guard takeSymbol(",") else { break }
            isTuple = true
        }
        if !isTuple, let only = items.first { return only }
        guard isTuple || inParentheses else {
            throw JinjaFault("\(current.description) stands where an expression is expected")
        }
        return try make(.tuple(items), line, items)
    }

    private func endsTuple(_ end: String?) -> Bool {
        switch current.kind {
        case .outputEnd, .blockEnd, .symbol(")"), .end: true
        case .name(let name): name == end
        default: false
        }
    }

    /// Makes an expression of `parts`, if that is not too deep.
    private func make(_ kind: JinjaExpression.Kind, _ line: Int, _ parts: [JinjaExpression] = []) throws
        -> JinjaExpression
    {
        let depth = 1 + (parts.lazy.map(\.depth).max() ?? 0)
        guard depth <= JinjaLimits.syntaxDepth else {
            throw JinjaFault("an expression is nested more than \(JinjaLimits.syntaxDepth) deep", line: line)
        }
        return JinjaExpression(kind: kind, line: line, depth: depth)
    }

    private mutating func parseConditional() throws -> JinjaExpression {
        var value = try parseOr()
        while takeName("if") {
            let condition = try parseOr()
            let otherwise = takeName("else") ? try nested { try $0.parseConditional() } : nil
            value = try make(
                .conditional(then: value, condition: condition, otherwise: otherwise), value.line,
                [value, condition] + (otherwise.map { [$0] } ?? []))
        }
        return value
    }

    private mutating func parseOr() throws -> JinjaExpression {
        var left = try parseAnd()
        while takeName("or") {
            let right = try parseAnd()
            left = try make(.or(left, right), left.line, [left, right])
        }
        return left
    }

    private mutating func parseAnd() throws -> JinjaExpression {
        var left = try parseNot()
        while takeName("and") {
            let right = try parseNot()
            left = try make(.and(left, right), left.line, [left, right])
        }
        return left
    }

    private mutating func parseNot() throws -> JinjaExpression {
        let line = current.line
        guard takeName("not") else { return try parseComparison() }
        let value = try nested { try $0.parseNot() }
        return try make(.not(value), line, [value])
    }

    private mutating func parseComparison() throws -> JinjaExpression {
        let first = try parseSum()
        var others: [(JinjaComparison, JinjaExpression)] = []
        while let comparison = takeComparison() { others.append((comparison, try parseSum())) }
        guard !others.isEmpty else { return first }
        return try make(.comparison(first, others), first.line, [first] + others.map(\.1))
    }

    private mutating func takeComparison() -> JinjaComparison? {
        switch current.kind {
        case .symbol(let symbol):
            guard let comparison = JinjaComparison(rawValue: symbol) else { return nil }
            take()
            return comparison
        case .name("in"):
            take()
            return .isIn
        case .name("not"):
            guard next.kind == .name("in") else { return nil }
            take()
            take()
            return .isNotIn
        default: return nil
        }
    }

    private mutating func takeOperator(_ operators: Set<JinjaOperator>) -> JinjaOperator? {
        guard case .symbol(let symbol) = current.kind, let found = JinjaOperator(rawValue: symbol),
            operators.contains(found)
        else { return nil }
        take()
        return found
    }

    private mutating func parseSum() throws -> JinjaExpression {
        var left = try parseConcatenation()
        while let operation = takeOperator([.add, .subtract]) {
            let right = try parseConcatenation()
            left = try make(.arithmetic(operation, left, right), left.line, [left, right])
        }
        return left
    }

    private mutating func parseConcatenation() throws -> JinjaExpression {
        var parts = [try parseProduct()]
        while takeSymbol("~") { parts.append(try parseProduct()) }
        return parts.count == 1 ? parts[0] : try make(.concatenation(parts), parts[0].line, parts)
    }

    private mutating func parseProduct() throws -> JinjaExpression {
        var left = try parsePower()
        while let operation = takeOperator([.multiply, .divide, .floorDivide, .modulo]) {
            let right = try parsePower()
            left = try make(.arithmetic(operation, left, right), left.line, [left, right])
        }
        return left
    }

    private mutating func parsePower() throws -> JinjaExpression {
        var left = try parseUnary(withFilters: true)
        while takeOperator([.power]) != nil {
            let right = try parseUnary(withFilters: true)
            left = try make(.arithmetic(.power, left, right), left.line, [left, right])
        }
        return left
    }

    private mutating func parseUnary(withFilters: Bool) throws -> JinjaExpression {
        let line = current.line
        var value: JinjaExpression
        if takeSymbol("-") {
            let operand = try nested { try $0.parseUnary(withFilters: false) }
            value = try make(.negative(operand), line, [operand])
        } else if takeSymbol("+") {
            let operand = try nested { try $0.parseUnary(withFilters: false) }
            value = try make(.positive(operand), line, [operand])
        } else {
            value = try parsePrimary()
        }
        value = try parsePostfixes(value)
        return withFilters ? try parseFiltersAndTests(value) : value
    }

    private mutating func parsePrimary() throws -> JinjaExpression {
        let token = take()
        switch token.kind {
        case .name("true"), .name("True"): return try make(.bool(true), token.line)
        case .name("false"), .name("False"): return try make(.bool(false), token.line)
        case .name("none"), .name("None"): return try make(.none, token.line)
        case .name(let name):
            if !namesRead.isEmpty { namesRead[namesRead.count - 1].insert(name) }
            return try make(.name(name), token.line)
        case .text(var text):
            while case .text(let more) = current.kind {
                text.scalars += more.scalars
                take()
            }
            return try make(.text(text), token.line)
        case .int(let value): return try make(.int(value), token.line)
        case .float(let value): return try make(.float(value), token.line)
        case .symbol("("):
            let value = try nested { try $0.parseTuple(inParentheses: true) }
            try expect(.symbol(")"))
            return value
        case .symbol("["): return try parseList(token.line)
        case .symbol("{"): return try parseDictionary(token.line)
        default: throw JinjaFault("\(token.description) stands where an expression is expected", line: token.line)
        }
    }

    private mutating func parseList(_ line: Int) throws -> JinjaExpression {
        var items: [JinjaExpression] = []
        while !takeSymbol("]") {
            if !items.isEmpty {
                try expect(.symbol(","))
                if takeSymbol("]") { break }
            }
            items.append(try parseExpression())
        }
        return try make(.list(items), line, items)
    }

    private mutating func parseDictionary(_ line: Int) throws -> JinjaExpression {
        var pairs: [(key: JinjaExpression, value: JinjaExpression)] = []
        while !takeSymbol("}") {
            if !pairs.isEmpty {
                try expect(.symbol(","))
                if takeSymbol("}") { break }
            }
            let key = try parseExpression()
            try expect(.symbol(":"))
            pairs.append((key, try parseExpression()))
        }
        return try make(.dictionary(pairs), line, pairs.flatMap { [$0.key, $0.value] })
    }

    // MARK: - After a value

    private mutating func parsePostfixes(_ start: JinjaExpression) throws -> JinjaExpression {
        var value = start
        while true {
            let line = current.line
            if takeSymbol(".") {
                let token = take()
                switch token.kind {
                case .name(let name): value = try make(.attribute(value, name), line, [value])
                case .int(let index):
                    value = try make(.item(value, try make(.int(index), line)), line, [value])
                default: throw JinjaFault("\(token.description) stands where a name is expected", line: token.line)
                }
            } else if takeSymbol("[") {
                value = try parseSubscript(of: value, line)
            } else if current.kind == .symbol("(") {
                value = try parseCall(value)
            } else {
                return value
            }
        }
    }

    private mutating func parseCall(_ callee: JinjaExpression) throws -> JinjaExpression {
        let line = current.line
        let arguments = try parseArguments()
        return try make(.call(callee, arguments), line, [callee] + arguments.all)
    }

    private mutating func parseSubscript(of value: JinjaExpression, _ line: Int) throws -> JinjaExpression {
        var items: [JinjaExpression] = []
        while !takeSymbol("]") {
            if !items.isEmpty { try expect(.symbol(",")) }
            items.append(try parseIndex())
        }
        let index = items.count == 1 ? items[0] : try make(.tuple(items), line, items)
        return try make(.item(value, index), line, [value, index])
    }

    private mutating func parseIndex() throws -> JinjaExpression {
        let line = current.line
        var parts: [JinjaExpression?] = []
        var part = current.kind == .symbol(":") ? nil : try parseExpression()
        while parts.count < 2, takeSymbol(":") {
            parts.append(part)
            let ends = [.symbol(":"), .symbol("]"), .symbol(",")].contains(current.kind)
            part = ends ? nil : try parseExpression()
        }
        parts.append(part)
        if parts.count == 1, let only = part { return only }
        return try make(
            .slice(parts[0], parts[1], parts.count > 2 ? parts[2] : nil), line, parts.compactMap { $0 })
    }

    private mutating func parseArguments() throws -> JinjaCallArguments {
        try expect(.symbol("("))
        var arguments = JinjaCallArguments()
        var needsComma = false
        while !takeSymbol(")") {
            if needsComma {
                try expect(.symbol(","))
                if takeSymbol(")") { break }
            }
            needsComma = true
            if arguments.spread == nil, arguments.namedSpread == nil, takeSymbol("*") {
                arguments.spread = try parseExpression()
            } else if arguments.namedSpread == nil, takeSymbol("**") {
                arguments.namedSpread = try parseExpression()
            } else if case .name(let name) = current.kind, next.kind == .symbol("="), arguments.namedSpread == nil {
                take()
                take()
                guard !arguments.named.contains(where: { $0.name == name }) else {
                    throw JinjaFault("the argument '\(name)' is given twice")
                }
                arguments.named.append((name, try parseExpression()))
            } else if arguments.named.isEmpty, arguments.spread == nil, arguments.namedSpread == nil {
                arguments.positional.append(try parseExpression())
            } else {
                throw JinjaFault("\(current.description) can't stand here among the arguments of a call")
            }
        }
        return arguments
    }

    // MARK: - Filters and tests

    private mutating func parseFiltersAndTests(_ start: JinjaExpression) throws -> JinjaExpression {
        var value = start
        while true {
            if current.kind == .symbol("|") {
                value = try parseFilters(value)
            } else if current.kind == .name("is") {
                value = try parseTest(value)
            } else if current.kind == .symbol("(") {
                value = try parseCall(value)
            } else {
                return value
            }
        }
    }

    /// Parses the filters that `start` goes through; with `startsInline` the first one has no bar in front.
    mutating func parseFilters(_ start: JinjaExpression, startsInline: Bool = false) throws -> JinjaExpression {
        var value = start
        var isFirst = startsInline
        while isFirst || takeSymbol("|") {
            isFirst = false
            let line = current.line
            let name = try parseDottedName()
            let arguments = current.kind == .symbol("(") ? try parseArguments() : JinjaCallArguments()
            value = try make(.filter(value, name, arguments), line, [value] + arguments.all)
        }
        return value
    }

    private mutating func parseDottedName() throws -> String {
        var name = try expectName()
        while takeSymbol(".") { name += "." + (try expectName()) }
        return name
    }

    private mutating func parseTest(_ value: JinjaExpression) throws -> JinjaExpression {
        let line = take().line
        let isNegated = takeName("not")
        let name = try parseDottedName()
        var arguments = JinjaCallArguments()
        if current.kind == .symbol("(") {
            arguments = try parseArguments()
        } else if startsTestArgument {
            if current.kind == .name("is") { throw JinjaFault("tests with 'is' can't follow each other") }
            arguments.positional = [try parsePostfixes(try parsePrimary())]
        }
        let test = try make(.test(value, name, arguments), line, [value] + arguments.all)
        return isNegated ? try make(.not(test), line, [test]) : test
    }

    private var startsTestArgument: Bool {
        switch current.kind {
        case .name(let name): !["else", "or", "and"].contains(name)
        case .text, .int, .float, .symbol("["), .symbol("{"): true
        default: false
        }
    }
}

extension JinjaCallArguments {
    /// All the expressions.
    fileprivate var all: [JinjaExpression] {
        positional + named.map(\.value) + [spread, namedSpread].compactMap { $0 }
    }
}
