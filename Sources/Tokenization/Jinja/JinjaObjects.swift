/// What `namespace()` makes: the only values that templates can change.
final class JinjaNamespace: JinjaObject {
    private(set) var members: [String: JinjaValue]
    /// The members' names in the order in which they came.
    private(set) var names: [String]
    let typeName = "Namespace"

    init(_ members: [(name: String, value: JinjaValue)]) {
        self.members = Dictionary(members.map { ($0.name, $0.value) }) { $1 }
        names = members.map(\.name)
    }

    /// Sets a member.
    func set(_ name: String, _ value: JinjaValue) {
        if members.updateValue(value, forKey: name) == nil { names.append(name) }
    }

    func attribute(_ name: String, _ interpreter: JinjaInterpreter) throws -> JinjaValue? { members[name] }

    func clear() {
        members = [:]
        names = []
    }
}

/// A function of ours, or a method together with its value.
final class JinjaFunction: JinjaObject {
    typealias Body = (JinjaInterpreter, JinjaArguments) throws -> JinjaValue

    let name: String
    let depth: Int
    private let body: Body

    /// Makes a function; `receiver` is the value whose method it is.
    init(_ name: String, of receiver: JinjaValue? = nil, _ body: @escaping Body) throws {
        self.name = name
        self.body = body
        depth = try receiver.map { try JinjaValue.depth(around: [$0]) } ?? 0
    }

    let typeName = "builtin_function_or_method"
    var printed: String { "<built-in function \(name)>" }
    let isCallable = true

    func call(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue? {
        try body(interpreter, arguments)
    }
}

/// A macro, and the variables around it.
final class JinjaMacro: JinjaObject {
    let syntax: JinjaMacroSyntax
    private(set) var scope: JinjaScope?

    init(_ syntax: JinjaMacroSyntax, scope: JinjaScope) {
        self.syntax = syntax
        self.scope = scope
    }

    let typeName = "Macro"
    var printed: String { "<Macro '\(syntax.name)'>" }
    let isCallable = true

    func attribute(_ name: String, _ interpreter: JinjaInterpreter) throws -> JinjaValue? {
        switch name {
        case "name": .text(syntax.name)
        case "arguments": try interpreter.tuple(syntax.parameters.map { .text($0.name) })
        case "catch_kwargs": .bool(syntax.takes.contains("kwargs"))
        case "catch_varargs": .bool(syntax.takes.contains("varargs"))
        case "caller": .bool(syntax.takes.contains("caller"))
        default: nil
        }
    }

    func call(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue? {
        guard let scope else { return nil }
        return try interpreter.run(self, in: scope, arguments)
    }

    func clear() { scope = nil }
}

/// What `cycler()` makes: values that come round again.
final class JinjaCycler: JinjaObject {
    private var items: [JinjaValue]
    private var place = 0

    init(_ items: [JinjaValue]) {
        self.items = items
    }

    let typeName = "Cycler"

    func attribute(_ name: String, _ interpreter: JinjaInterpreter) throws -> JinjaValue? {
        switch name {
        case "current": items.isEmpty ? nil : items[place]
        case "next":
            .object(
                try JinjaFunction("next") { [self] _, arguments in
                    _ = try arguments.bind("next", [])
                    guard !items.isEmpty else { throw JinjaFault("the cycler is empty") }
                    defer { place = (place + 1) % items.count }
                    return items[place]
                })
        case "reset":
            .object(
                try JinjaFunction("reset") { [self] _, arguments in
                    _ = try arguments.bind("reset", [])
                    place = 0
                    return .null
                })
        default: nil
        }
    }

    func clear() { items = [] }
}

/// What `joiner()` makes: nothing at first, then a separator.
final class JinjaJoiner: JinjaObject {
    private var separator: JinjaValue
    private var isUsed = false

    init(_ separator: JinjaValue) {
        self.separator = separator
    }

    let typeName = "Joiner"
    let isCallable = true

    func call(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue? {
        _ = try arguments.bind("joiner", [])
        defer { isUsed = true }
        return isUsed ? separator : .text("")
    }

    func clear() { separator = .null }
}

/// The variable `loop` of a `for` loop.
final class JinjaLoop: JinjaObject {
    private let syntax: JinjaLoopSyntax
    private var scope: JinjaScope?
    private var items: [JinjaValue]
    private let length: Int
    /// How many loops of the same recursion are around it.
    private let level: Int
    private var lastChanged: [JinjaValue]?
    /// The number of the current pass, from 0.
    var index = 0

    init(_ syntax: JinjaLoopSyntax, _ items: [JinjaValue], scope: JinjaScope, level: Int) {
        self.syntax = syntax
        self.items = items
        self.scope = scope
        self.level = level
        length = items.count
    }

    let typeName = "LoopContext"
    var printed: String { "<LoopContext \(index + 1)/\(length)>" }
    var isCallable: Bool { syntax.isRecursive }

    func attribute(_ name: String, _ interpreter: JinjaInterpreter) throws -> JinjaValue? {
        switch name {
        case "index": .int(index + 1)
        case "index0": .int(index)
        case "revindex": .int(length - index)
        case "revindex0": .int(length - index - 1)
        case "first": .bool(index == 0)
        case "last": .bool(index == length - 1)
        case "length": .int(length)
        case "depth": .int(level + 1)
        case "depth0": .int(level)
        case "previtem": items.indices.contains(index - 1) ? items[index - 1] : .undefined("there is no previous item")
        case "nextitem": items.indices.contains(index + 1) ? items[index + 1] : .undefined("there is no next item")
        case "cycle":
            .object(
                try JinjaFunction("cycle") { [self] _, arguments in
                    guard !arguments.positional.isEmpty else { throw JinjaFault("cycle has no items to choose from") }
                    return arguments.positional[index % arguments.positional.count]
                })
        case "changed":
            .object(
                try JinjaFunction("changed") { [self] interpreter, arguments in
                    defer { lastChanged = arguments.positional }
                    guard let lastChanged else { return .bool(true) }
                    return .bool(try !interpreter.areEqual(lastChanged, arguments.positional))
                })
        default: nil
        }
    }

    /// Renders the loop's body for other items, one level deeper.
    func call(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue? {
        guard syntax.isRecursive, let scope else { return nil }
        let sequence = try arguments.bind("loop", ["iterable"], required: 1)[0]
        return try interpreter.capture { interpreter in
            _ = try interpreter.run(syntax, over: sequence ?? .null, in: scope, level: level + 1)
        }
    }

    func clear() {
        items = []
        scope = nil
        lastChanged = nil
    }
}
