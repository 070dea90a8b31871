extension JinjaReach {
    /// What an expression's value could depend on.
    mutating func influence(of expression: JinjaExpression) -> JinjaInfluence { value(known(expression)) }

    /// What a value could depend on as a whole.
    func value(_ known: Known) -> JinjaInfluence {
        switch known.kind {
        case .plain: known.influence
        case .message: known.influence.union(guards.messageIsSystem ? .role : [.own, .role])
        case .first: known.influence.union(guards.firstIsSystem ? [] : .texts)
        case .last: known.influence
        case .namespace: members.values.reduce(.carried) { $0.union($1) }
        case .messages, .neighbour, .loop: .anything
        }
    }

    func known(name: String) -> Known {
        scopes.reversed().lazy.compactMap { $0[name] }.first ?? Known()
    }

    mutating func known(_ expression: JinjaExpression) -> Known {
        switch expression.kind {
        case .none, .bool, .int, .float, .text: Known()
        case .captured: Known(influence: captured)
        case .name(let name): known(name: name)
        case .attribute(let base, let name): part(name, of: known(base))
        case .item(let base, let key): item(key, of: known(base))
        case .call(let callee, let arguments):
            Known(kind: isNamespace(callee) ? .namespace : .plain, influence: call(callee, arguments))
        case .filter(let base, let name, let arguments): filter(name, arguments, of: known(base))
        case .test(let base, let name, let arguments): Known(influence: test(name, arguments, of: base))
        case .conditional(let then, let condition, let otherwise): conditional(then, condition, otherwise)
        case .and(let first, let second): both(first, second)
        case .comparison(let first, let rest): Known(influence: comparison(first, rest))
        case .arithmetic(.modulo, let number, let divisor): modulo(number, divisor)
        case .arithmetic(_, let a, let b), .or(let a, let b): union([a, b])
        case .not(let value), .negative(let value), .positive(let value): truth(value)
        case .list(let values), .tuple(let values), .concatenation(let values): union(values)
        case .dictionary(let entries): union(entries.flatMap { [$0.key, $0.value] })
        case .slice(let a, let b, let c): union([a, b, c].compactMap { $0 })
        }
    }

    private mutating func union(_ expressions: [JinjaExpression]) -> Known {
        var all: JinjaInfluence = []
        for expression in expressions { all.formUnion(influence(of: expression)) }
        return Known(influence: all)
    }

    // MARK: - Parts

    private func part(_ name: String, of base: Known) -> Known {
        let isRole = name == "role"
        switch base.kind {
        case .message where isRole: return Known(influence: base.influence.union(.role))
        case .message: return Known(influence: base.influence.union(guards.messageIsSystem ? [] : .own))
        case .first: return Known(influence: base.influence.union(isRole || guards.firstIsSystem ? [] : .texts))
        case .last: return Known(influence: base.influence)
        case .neighbour: return Known(influence: base.influence.union(isRole ? .role : .texts))
        case .loop(let without): return loopPart(name, without)
        case .messages: return Known(influence: .anything)
        case .plain, .namespace:
            guard let member = members[name] else { return base }
            return Known(influence: base.influence.union(member).union(.carried))
        }
    }

    /// The tail's passes are near the loop's end, and none of them is its first.
    private func loopPart(_ name: String, _ without: JinjaInfluence) -> Known {
        guard without.isDisjoint(with: [.own, .texts, .place, .carried]) else { return Known(influence: .anything) }
        switch name {
        case "first", "last", "revindex", "revindex0", "depth", "depth0": return Known()
        case "index", "index0", "length": return Known(influence: .place)
        case "previtem" where without.isEmpty, "nextitem" where without.isEmpty: return Known(kind: .neighbour)
        default: return Known(influence: .anything)
        }
    }

    private mutating func item(_ key: JinjaExpression, of base: Known) -> Known {
        if case .text(let name) = key.kind { return part(name.string, of: base) }
        guard base.kind == .messages else {
            return Known(influence: value(base).union(influence(of: key)))
        }
        switch key.kind {
        case .int(0): return Known(kind: .first, influence: base.influence)
        case .negative(let number):
            if case .int(1) = number.kind { return Known(kind: .last, influence: base.influence) }
        case .int(-1): return Known(kind: .last, influence: base.influence)
        case .slice(let start, nil, nil):
            switch start?.kind {
            case nil, .int(0), .int(1): return base
            default: break
            }
        default: break
        }
        return Known(influence: .anything)
    }

    // MARK: - Conditions

    private mutating func conditional(
        _ then: JinjaExpression, _ condition: JinjaExpression, _ otherwise: JinjaExpression?
    ) -> Known {
        let decides = truth(condition).influence
        let said = guards
        guards = said.and(guards(in: condition))
        let first = known(then)
        guards = said
        let second = otherwise.map { known($0) } ?? Known()
        return first.or(second).with(decides)
    }

    private mutating func both(_ first: JinjaExpression, _ second: JinjaExpression) -> Known {
        let decides = truth(first).influence
        let said = guards
        guards = said.and(guards(in: first))
        let rest = truth(second).influence
        guards = said
        return Known(influence: decides.union(rest))
    }

    /// Whether there are messages is known.
    private mutating func truth(_ expression: JinjaExpression) -> Known {
        let known = known(expression)
        return Known(influence: known.kind == .messages ? known.influence : value(known))
    }

    private mutating func comparison(
        _ first: JinjaExpression, _ rest: [(JinjaComparison, JinjaExpression)]
    ) -> JinjaInfluence {
        if let (_, second) = rest.first, rest.count == 1 {
            // Which messages are the system's is known; and the tail's passes have larger numbers than these.
            if isRole(first), isSystem(second) { return known(first).influence.subtracting(.role) }
            if isNumberOfPass(first), case .int(let number) = second.kind, number <= 1 { return [] }
        }
        return union([first] + rest.map { $0.1 }).influence
    }

    private mutating func modulo(_ number: JinjaExpression, _ divisor: JinjaExpression) -> Known {
        // Questions and answers take turns, so that passes keep their parity.
        if isNumberOfPass(number), case .int(2) = divisor.kind { return Known() }
        return union([number, divisor])
    }

    /// Whether an expression is the number of a pass over all messages, or over all but the system's.
    private mutating func isNumberOfPass(_ expression: JinjaExpression) -> Bool {
        guard case .attribute(let base, let name) = expression.kind, ["index", "index0"].contains(name) else {
            return false
        }
        return known(base).kind == .loop(without: [])
    }

    private mutating func isRole(_ expression: JinjaExpression) -> Bool {
        guard let (base, name) = namedPart(expression), name == "role" else { return false }
        return known(base).kind == .message
    }

    private func isSystem(_ expression: JinjaExpression) -> Bool {
        if case .text(let text) = expression.kind { text.string == "system" } else { false }
    }

    private func namedPart(_ expression: JinjaExpression) -> (base: JinjaExpression, name: String)? {
        switch expression.kind {
        case .attribute(let base, let name): (base, name)
        case .item(let base, let key): if case .text(let name) = key.kind { (base, name.string) } else { nil }
        default: nil
        }
    }

    /// What is known where a condition holds.
    mutating func guards(in condition: JinjaExpression) -> Guards {
        switch condition.kind {
        case .and(let first, let second): return guards(in: first).and(guards(in: second))
        case .comparison(let first, let rest):
            guard rest.count == 1, rest[0].0 == .equal, isSystem(rest[0].1),
                let (base, name) = namedPart(first), name == "role"
            else { return Guards() }
            let kind = known(base).kind
            return Guards(firstIsSystem: kind == .first, messageIsSystem: kind == .message)
        default: return Guards()
        }
    }

    // MARK: - Calls, filters and tests

    private static let changing: Set<String> = [
        "append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault", "sort", "update",
    ]

    private func isNamespace(_ callee: JinjaExpression) -> Bool {
        if case .name("namespace") = callee.kind { true } else { false }
    }

    mutating func call(_ callee: JinjaExpression, _ arguments: JinjaCallArguments) -> JinjaInfluence {
        let given = influence(of: arguments)
        switch callee.kind {
        case .name("namespace"):
            for (name, expression) in arguments.named {
                note(influence(of: expression).union(context), as: name)
            }
            return arguments.positional.isEmpty && arguments.namedSpread == nil ? [] : .anything
        case .name("raise_exception"):
            // Whether an earlier text is refused was settled in its own turn, unless its place decides.
            if context.contains(.own) { harm(.texts) }
            return given
        case .name("cycler"), .name("joiner"): return .anything
        case .name(let name):
            return given.union(value(known(name: name))).union(macros[name]?.subtracting([.own, .role]) ?? [])
        case .attribute(_, let method) where Self.changing.contains(method) && isRepeated:
            // What a list or a dictionary holds afterwards is followed no further.
            harm(.anything)
            return .anything
        default: return given.union(influence(of: callee))
        }
    }

    private mutating func influence(of arguments: JinjaCallArguments) -> JinjaInfluence {
        let others = [arguments.spread, arguments.namedSpread].compactMap { $0 }
        return union(arguments.positional + arguments.named.map(\.value) + others).influence
    }

    private mutating func filter(_ name: String, _ arguments: JinjaCallArguments, of base: Known) -> Known {
        let given = influence(of: arguments)
        if base.kind == .messages {
            switch name {
            case "length", "count": return Known(influence: base.influence.union(.place))
            case "first": return Known(kind: .first, influence: base.influence)
            case "last": return Known(kind: .last, influence: base.influence)
            case "list": return base
            default: return Known(influence: .anything)
            }
        }
        return Known(influence: value(base).union(given))
    }

    private static let kindTests: Set<String> = [
        "defined", "undefined", "none", "string", "mapping", "sequence", "iterable", "number", "boolean",
    ]

    /// What kind of value something is is the same for all messages.
    private mutating func test(
        _ name: String, _ arguments: JinjaCallArguments, of base: JinjaExpression
    ) -> JinjaInfluence {
        let known = known(base)
        if Self.kindTests.contains(name) {
            if known.kind != .plain { return known.influence }
            if let (message, _) = namedPart(base), self.known(message).kind == .message {
                return known.influence.subtracting(.own)
            }
        }
        return value(known).union(influence(of: arguments))
    }
}
