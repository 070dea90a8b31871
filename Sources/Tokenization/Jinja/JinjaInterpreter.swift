/// Variables of one part of a template.
final class JinjaScope {
    var variables: [String: JinjaValue]
    let parent: JinjaScope?

    init(_ variables: [String: JinjaValue] = [:], in parent: JinjaScope? = nil) {
        self.variables = variables
        self.parent = parent
    }

    /// Returns the nearest variable called `name`.
    func find(_ name: String) -> JinjaValue? {
        var scope: JinjaScope? = self
        while let here = scope {
            if let value = here.variables[name] { return value }
            scope = here.parent
        }
        return nil
    }

    /// The scope that all others are in.
    var outermost: JinjaScope {
        var scope = self
        while let parent = scope.parent { scope = parent }
        return scope
    }
}

/// Carries out a template, once.
final class JinjaInterpreter {
    /// How a statement ends.
    enum Flow {
        case normal, leaveLoop, nextPass
    }

    var meter: JinjaMeter
    /// The line that is being worked on, for messages.
    var line = 1
    /// The time, for `strftime_now`.
    let now: @Sendable () -> Double
    private var buffer: JinjaText.Scalars = []
    private var isCapturing = false
    /// Objects that may hold each other.
    private var objects: [any JinjaObject] = []

    init(limits: JinjaLimits, now: @escaping @Sendable () -> Double) {
        meter = JinjaMeter(limits)
        self.now = now
    }

    /// Returns what `statements` write.
    func render(_ statements: [JinjaStatement], _ variables: [String: JinjaValue]) throws -> String {
        // Objects that hold each other would never be freed.
        defer {
            objects.forEach { $0.clear() }
            objects = []
        }
        _ = try run(statements, in: JinjaScope(variables))
        return buffer.string
    }

    /// Remembers `object`, so that what it holds is forgotten at the end.
    func keep(_ object: any JinjaObject) throws -> JinjaValue {
        try meter.allocate(64)
        objects.append(object)
        return .object(object)
    }

    // MARK: - Output

    private func write(_ text: JinjaText.Scalars) throws {
        if isCapturing {
            try meter.allocate(4 * text.count)
        } else {
            try meter.output(text.byteCount)
        }
        buffer += text
    }

    /// Returns what `body` writes.
    func capture(_ body: (JinjaInterpreter) throws -> Void) throws -> JinjaValue {
        let outer = (buffer, isCapturing)
        (buffer, isCapturing) = ([], true)
        defer { (buffer, isCapturing) = outer }
        try body(self)
        return .text(JinjaText(buffer))
    }

    // MARK: - Statements

    func run(_ statements: [JinjaStatement], in scope: JinjaScope) throws -> Flow {
        try meter.enter()
        defer { meter.leave() }
        for statement in statements {
            try meter.step()
            line = statement.line
            let flow = try run(statement, in: scope)
            if flow != .normal { return flow }
        }
        return .normal
    }

    private func run(_ statement: JinjaStatement, in scope: JinjaScope) throws -> Flow {
        switch statement.kind {
        case .text(let text): try write(text.scalars)
        case .output(let expression): try write(printed(try evaluate(expression, in: scope)))
        case .condition(let branches, let otherwise):
            for branch in branches where try evaluate(branch.condition, in: scope).isTrue {
                return try run(branch.body, in: scope)
            }
            return try run(otherwise, in: scope)
        case .loop(let loop): return try run(loop, over: try evaluate(loop.sequence, in: scope), in: scope, level: 0)
        case .assignment(let target, let expression):
            try assign(try evaluate(expression, in: scope), to: target, in: scope)
        case .blockAssignment(let target, let filter, let body):
            let (value, flow) = try filtered(body, filter, in: scope)
            guard flow == .normal else { return flow }
            try assign(value, to: target, in: scope)
        case .filterBlock(let filter, let body):
            let (value, flow) = try filtered(body, filter, in: scope)
            guard flow == .normal else { return flow }
            try write(printed(value))
        case .macro(let macro):
            scope.variables[macro.name] = try keep(JinjaMacro(macro, scope: scope))
        case .callBlock(let callee, let arguments, let macro):
            var passed = try evaluate(arguments, in: scope)
            passed.named.append(("caller", try keep(JinjaMacro(macro, scope: scope))))
            try write(printed(try call(try evaluate(callee, in: scope), passed)))
        case .with(let values, let body):
            let inner = JinjaScope(in: scope)
            let evaluated = try values.map { try evaluate($0.value, in: scope) }
            for (value, pair) in zip(evaluated, values) { try assign(value, to: pair.target, in: inner) }
            return try run(body, in: inner)
        case .block(let isScoped, let body):
            return try run(body, in: JinjaScope(in: isScoped ? scope : scope.outermost))
        case .generation(let body): return try run(body, in: JinjaScope(in: scope))
        case .leaveLoop: return .leaveLoop
        case .nextPass: return .nextPass
        }
        return .normal
    }

    /// Returns what `filter` makes of what `body` writes.
    private func filtered(_ body: [JinjaStatement], _ filter: JinjaExpression, in scope: JinjaScope) throws
        -> (JinjaValue, Flow)
    {
        var flow = Flow.normal
        let text = try capture { flow = try $0.run(body, in: JinjaScope(in: scope)) }
        guard flow == .normal else { return (.null, flow) }
        return (try evaluate(filter, in: JinjaScope([Self.capturedName: text], in: scope)), flow)
    }

    /// The name, which no template can spell, of what a body has written.
    static let capturedName = "{captured}"

    /// Runs a loop over the items of `sequence`.
    func run(_ syntax: JinjaLoopSyntax, over sequence: JinjaValue, in scope: JinjaScope, level: Int) throws -> Flow {
        var items = try items(of: sequence)
        if let condition = syntax.condition {
            items = try items.filter { item in
                let inner = JinjaScope(in: scope)
                try assign(item, to: syntax.target, in: inner)
                return try evaluate(condition, in: inner).isTrue
            }
        }
        guard !items.isEmpty else { return try run(syntax.otherwise, in: JinjaScope(in: scope)) }
        let loop = JinjaLoop(syntax, items, scope: scope, level: level)
        defer { loop.clear() }
        passes: for (index, item) in items.enumerated() {
            try meter.step()
            loop.index = index
            let inner = JinjaScope(["loop": .object(loop)], in: scope)
            try assign(item, to: syntax.target, in: inner)
            switch try run(syntax.body, in: inner) {
            case .normal, .nextPass: continue
            case .leaveLoop: break passes
            }
        }
        return .normal
    }

    private func assign(_ value: JinjaValue, to target: JinjaTarget, in scope: JinjaScope) throws {
        switch target {
        case .name(let name): scope.variables[name] = value
        case .member(let name, let member):
            guard case .object(let object) = lookUp(name, in: scope), let namespace = object as? JinjaNamespace else {
                throw JinjaFault("can't assign to '\(name).\(member)': '\(name)' is no namespace")
            }
            try meter.allocate(32)
            namespace.set(member, value)
        case .tuple(let targets):
            let values = try items(of: value)
            guard values.count == targets.count else {
                throw JinjaFault("\(values.count) values can't be given to \(targets.count) names")
            }
            for (target, value) in zip(targets, values) { try assign(value, to: target, in: scope) }
        }
    }

    // MARK: - Macros

    /// Returns what a macro writes.
    func run(_ macro: JinjaMacro, in scope: JinjaScope, _ arguments: JinjaArguments) throws -> JinjaValue {
        let syntax = macro.syntax
        let callLine = line
        let inner = JinjaScope(in: scope)
        var named = Dictionary(arguments.named.map { ($0.name, $0.value) }) { $1 }
        let positional = arguments.positional.prefix(syntax.parameters.count)
        for (parameter, value) in zip(syntax.parameters, positional) {
            guard named[parameter.name] == nil else {
                throw JinjaFault("the macro '\(syntax.name)' is given '\(parameter.name)' twice")
            }
            inner.variables[parameter.name] = value
        }
        let rest = Array(arguments.positional.dropFirst(positional.count))
        for parameter in syntax.parameters.dropFirst(positional.count) {
            if let value = named.removeValue(forKey: parameter.name) {
                inner.variables[parameter.name] = value
            } else if let standard = parameter.value {
                inner.variables[parameter.name] = try evaluate(standard, in: inner)
            } else {
                inner.variables[parameter.name] = .undefined("the parameter '\(parameter.name)' was not provided")
            }
        }
        if syntax.takes.contains("caller") {
            inner.variables["caller"] = named.removeValue(forKey: "caller") ?? .undefined("no caller is defined")
        }
        if syntax.takes.contains("varargs") {
            inner.variables["varargs"] = try tuple(rest)
        } else if !rest.isEmpty {
            throw JinjaFault(
                "the macro '\(syntax.name)' takes \(syntax.parameters.count) arguments, "
                    + "not \(arguments.positional.count)")
        }
        if syntax.takes.contains("kwargs") {
            let others = arguments.named.filter { named[$0.name] != nil }
            inner.variables["kwargs"] = try dictionary(others.map { (.text($0.name), $0.value) })
        } else if let other = arguments.named.first(where: { named[$0.name] != nil }) {
            throw JinjaFault("the macro '\(syntax.name)' takes no argument '\(other.name)'")
        }
        let text = try capture { _ = try $0.run(syntax.body, in: inner) }
        line = callLine
        return text
    }
}
