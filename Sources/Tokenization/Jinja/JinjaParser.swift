/// Makes statements of a template's words.
struct JinjaParser {
    private let tokens: [JinjaToken]
    private var place = 0
    private var depth = 0
    /// How many loops are around this place, inside the same macro.
    private var loops = 0
    /// Names that macros' bodies read, for each macro that is being parsed.
    var namesRead: [Set<String>] = []

    /// Returns the statements of the template in `source`.
    static func parse(_ source: String) throws -> [JinjaStatement] {
        var parser = JinjaParser(tokens: try JinjaLexer.tokens(of: source))
        do {
            let statements = try parser.parseBody(until: [])
            guard parser.current.kind == .end else {
                throw JinjaFault("\(parser.current.description) stands where nothing is open that it could end")
            }
            return statements
        } catch let fault as JinjaFault {
            throw JinjaFault(fault.message, line: fault.line ?? parser.current.line)
        }
    }

    private init(tokens: [JinjaToken]) {
        self.tokens = tokens
    }

    // MARK: - Words

    var current: JinjaToken { tokens[place] }

    /// The word after the current one.
    var next: JinjaToken { tokens[min(place + 1, tokens.count - 1)] }

    /// Takes the current word; the end stays.
    @discardableResult mutating func take() -> JinjaToken {
        defer { if place < tokens.count - 1 { place += 1 } }
        return tokens[place]
    }

    /// Takes the current word if it is `kind`.
    mutating func take(_ kind: JinjaToken.Kind) -> Bool {
        guard current.kind == kind else { return false }
        take()
        return true
    }

    mutating func takeSymbol(_ symbol: String) -> Bool { take(.symbol(symbol)) }

    mutating func takeName(_ name: String) -> Bool { take(.name(name)) }

    mutating func expect(_ kind: JinjaToken.Kind) throws {
        guard take(kind) else {
            let expected = JinjaToken(kind: kind, line: 0).description
            throw JinjaFault("\(current.description) stands where \(expected) is expected")
        }
    }

    mutating func expectName() throws -> String {
        guard case .name(let name) = current.kind else {
            throw JinjaFault("\(current.description) stands where a name is expected")
        }
        take()
        return name
    }

    /// Runs `parse` one level deeper.
    mutating func nested<Result>(_ parse: (inout JinjaParser) throws -> Result) throws -> Result {
        guard depth < JinjaLimits.syntaxDepth else {
            throw JinjaFault("it is nested more than \(JinjaLimits.syntaxDepth) deep")
        }
        depth += 1
        defer { depth -= 1 }
        return try parse(&self)
    }

    // MARK: - Bodies

    /// Parses up to a tag that begins with one of `ends`, which stays; with no ends, up to the template's end.
    ///
    /// - Parameter start: the line that messages name when there is no such tag
    private mutating func parseBody(until ends: Set<String>, from start: Int = 1) throws -> [JinjaStatement] {
        var statements: [JinjaStatement] = []
        while true {
            let line = current.line
            switch current.kind {
            case .data(let text):
                take()
                statements.append(JinjaStatement(kind: .text(text), line: line))
            case .outputStart:
                take()
                let expression = try parseTuple()
                try expect(.outputEnd)
                statements.append(JinjaStatement(kind: .output(expression), line: line))
            case .blockStart:
                if case .name(let name) = next.kind, ends.contains(name) {
                    take()
                    return statements
                }
                take()
                statements += try nested { try $0.parseStatement(line) }
                try expect(.blockEnd)
            default:
                guard ends.isEmpty else {
                    let names = ends.sorted().map { "'\($0)'" }.joined(separator: " or ")
                    throw JinjaFault("the template ends before \(names)", line: start)
                }
                return statements
            }
        }
    }

    /// Parses the end of a tag, and the body that follows it, up to a tag that begins with one of `ends`.
    private mutating func parseTagAndBody(until ends: Set<String>) throws -> [JinjaStatement] {
        _ = takeSymbol(":")
        let line = current.line
        try expect(.blockEnd)
        return try parseBody(until: ends, from: line)
    }

    private mutating func parseTagAndBody(endedBy end: String) throws -> [JinjaStatement] {
        let body = try parseTagAndBody(until: [end])
        take()
        return body
    }

    private mutating func parseStatement(_ line: Int) throws -> [JinjaStatement] {
        let name = try expectName()
        let kind: JinjaStatement.Kind
        switch name {
        case "for": kind = try parseFor()
        case "if": kind = try parseIf()
        case "set": kind = try parseSet()
        case "macro": kind = .macro(try parseMacro(name: try expectName(), needsParameters: true, end: "endmacro"))
        case "call": kind = try parseCallBlock()
        case "filter":
            let filter = try parseFilters(JinjaExpression(kind: .captured, line: line, depth: 1), startsInline: true)
            kind = .filterBlock(filter, try parseTagAndBody(endedBy: "endfilter"))
        case "with": kind = try parseWith()
        case "block": kind = try parseBlock()
        case "generation": kind = .generation(try parseTagAndBody(endedBy: "endgeneration"))
        case "print": return try parsePrint(line)
        case "break", "continue":
            guard loops > 0 else { throw JinjaFault("'\(name)' stands outside of a loop") }
            kind = name == "break" ? .leaveLoop : .nextPass
        case "extends", "include", "import", "from":
            throw JinjaFault("'\(name)' needs other templates, and a chat template has none")
        default:
            throw JinjaFault(
                name.hasPrefix("end") || name.hasPrefix("el")
                    ? "'\(name)' stands where nothing is open that it could end" : "the tag '\(name)' is unknown")
        }
        return [JinjaStatement(kind: kind, line: line)]
    }

    // MARK: - Statements

    private mutating func parseFor() throws -> JinjaStatement.Kind {
        let target = try parseTargets(members: false)
        if JinjaTarget.names(of: target).contains("loop") { throw JinjaFault("a loop can't assign to 'loop'") }
        guard takeName("in") else { throw JinjaFault("\(current.description) stands where 'in' is expected") }
        let sequence = try parseTuple(withCondition: false, endedBy: "recursive")
        let condition = takeName("if") ? try parseExpression() : nil
        let isRecursive = takeName("recursive")
        loops += 1
        let body = try parseTagAndBody(until: ["endfor", "else"])
        loops -= 1
        var otherwise: [JinjaStatement] = []
        if takeName("else") {
            otherwise = try parseTagAndBody(endedBy: "endfor")
        } else {
            take()
        }
        return .loop(
            JinjaLoopSyntax(
                target: target, sequence: sequence, condition: condition, body: body, otherwise: otherwise,
                isRecursive: isRecursive))
    }

    private mutating func parseIf() throws -> JinjaStatement.Kind {
        var branches: [(condition: JinjaExpression, body: [JinjaStatement])] = []
        while true {
            let condition = try parseTuple(withCondition: false)
            branches.append((condition, try parseTagAndBody(until: ["elif", "else", "endif"])))
            if takeName("elif") { continue }
            let otherwise = takeName("else") ? try parseTagAndBody(until: ["endif"]) : []
            take()
            return .condition(branches, otherwise: otherwise)
        }
    }

    private mutating func parseSet() throws -> JinjaStatement.Kind {
        let line = current.line
        let target = try parseTargets(members: true)
        if takeSymbol("=") { return .assignment(target, try parseTuple()) }
        let filter = try parseFilters(JinjaExpression(kind: .captured, line: line, depth: 1))
        return .blockAssignment(target, filter, try parseTagAndBody(endedBy: "endset"))
    }

    private mutating func parseMacro(name: String, needsParameters: Bool, end: String) throws -> JinjaMacroSyntax {
        let outerLoops = loops
        loops = 0
        namesRead.append([])
        var parameters: [(name: String, value: JinjaExpression?)] = []
        if needsParameters || current.kind == .symbol("(") { parameters = try parseParameters() }
        // A call block names what it calls before its body; that belongs to the place around it.
        let body = try parseTagAndBody(endedBy: end)
        return finishMacro(name, parameters, body, loops: outerLoops)
    }

    private mutating func finishMacro(
        _ name: String, _ parameters: [(name: String, value: JinjaExpression?)], _ body: [JinjaStatement], loops: Int
    ) -> JinjaMacroSyntax {
        let names = namesRead.removeLast()
        if !namesRead.isEmpty { namesRead[namesRead.count - 1].formUnion(names) }
        self.loops = loops
        let takes = names.intersection(["varargs", "kwargs", "caller"]).subtracting(parameters.map(\.name))
        return JinjaMacroSyntax(name: name, parameters: parameters, body: body, takes: takes)
    }

    private mutating func parseCallBlock() throws -> JinjaStatement.Kind {
        let outerLoops = loops
        let parameters = current.kind == .symbol("(") ? try parseParameters() : []
        let call = try parseExpression()
        guard case .call(let callee, let arguments) = call.kind else {
            throw JinjaFault("what follows 'call' is no call", line: call.line)
        }
        loops = 0
        namesRead.append([])
        let body = try parseTagAndBody(endedBy: "endcall")
        return .callBlock(callee, arguments, finishMacro("caller", parameters, body, loops: outerLoops))
    }

    private mutating func parseParameters() throws -> [(name: String, value: JinjaExpression?)] {
        try expect(.symbol("("))
        var parameters: [(name: String, value: JinjaExpression?)] = []
        while !takeSymbol(")") {
            if !parameters.isEmpty {
                try expect(.symbol(","))
                if takeSymbol(")") { break }
            }
            let name = try expectName()
            let value = takeSymbol("=") ? try parseExpression() : nil
            if value == nil, parameters.last?.value != nil {
                throw JinjaFault("the parameter '\(name)' has no default value, but one before it has")
            }
            parameters.append((name, value))
        }
        return parameters
    }

    private mutating func parseWith() throws -> JinjaStatement.Kind {
        var values: [(target: JinjaTarget, value: JinjaExpression)] = []
        while current.kind != .blockEnd {
            if !values.isEmpty { try expect(.symbol(",")) }
            let target = try parseTarget(members: false)
            try expect(.symbol("="))
            values.append((target, try parseExpression()))
        }
        return .with(values, try parseTagAndBody(endedBy: "endwith"))
    }

    private mutating func parseBlock() throws -> JinjaStatement.Kind {
        let name = try expectName()
        let isScoped = takeName("scoped")
        let outerLoops = loops
        loops = 0
        let body = try parseTagAndBody(endedBy: "endblock")
        loops = outerLoops
        _ = takeName(name)
        return .block(scoped: isScoped, body)
    }

    private mutating func parsePrint(_ line: Int) throws -> [JinjaStatement] {
        var outputs: [JinjaStatement] = []
        while current.kind != .blockEnd {
            if !outputs.isEmpty { try expect(.symbol(",")) }
            outputs.append(JinjaStatement(kind: .output(try parseExpression()), line: line))
        }
        return outputs
    }

    // MARK: - Targets

    /// Parses names with commas in between.
    private mutating func parseTargets(members: Bool) throws -> JinjaTarget {
        var targets = [try parseTarget(members: members)]
        var isTuple = false
        while takeSymbol(",") {
            isTuple = true
            guard current.kind != .name("in"), current.kind != .symbol("="), current.kind != .symbol(")") else { break }
            targets.append(try parseTarget(members: members))
        }
        return isTuple ? .tuple(targets) : targets[0]
    }

    private mutating func parseTarget(members: Bool) throws -> JinjaTarget {
        if takeSymbol("(") {
            let targets = try nested { try $0.parseTargets(members: members) }
            try expect(.symbol(")"))
            return targets
        }
        let name = try expectName()
        if members, takeSymbol(".") { return .member(name, try expectName()) }
        guard !["true", "false", "none", "True", "False", "None"].contains(name) else {
            throw JinjaFault("can't assign to '\(name)'")
        }
        return .name(name)
    }
}

extension JinjaTarget {
    /// The names that `target` gives values to.
    static func names(of target: JinjaTarget) -> [String] {
        switch target {
        case .name(let name): [name]
        case .member: []
        case .tuple(let targets): targets.flatMap { names(of: $0) }
        }
    }
}
