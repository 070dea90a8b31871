/// What expressions give.
extension JinjaInterpreter {
    func evaluate(_ expression: JinjaExpression, in scope: JinjaScope) throws -> JinjaValue {
        try meter.enter()
        defer { meter.leave() }
        try meter.step()
        line = expression.line
        switch expression.kind {
        case .none: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .float(let value): return .float(value)
        case .text(let value): return .text(value)
        case .captured: return lookUp(Self.capturedName, in: scope)
        case .name(let name): return lookUp(name, in: scope)
        case .list(let items): return try list(try items.map { try evaluate($0, in: scope) })
        case .tuple(let items): return try tuple(try items.map { try evaluate($0, in: scope) })
        case .dictionary(let pairs):
            return try dictionary(
                try pairs.map { (try evaluate($0.key, in: scope), try evaluate($0.value, in: scope)) })
        case .attribute(let owner, let name):
            let owner = try evaluate(owner, in: scope)
            line = expression.line
            return try attribute(name, of: owner)
        case .item(let owner, let index):
            let owner = try evaluate(owner, in: scope)
            return try item(index, of: owner, in: scope, line: expression.line)
        case .slice: throw JinjaFault("a slice stands where a value is needed")
        case .call(let callee, let arguments):
            let (callee, passed) = (try evaluate(callee, in: scope), try evaluate(arguments, in: scope))
            line = expression.line
            return try call(callee, passed)
        case .filter(let value, let name, let arguments):
            let (value, passed) = (try evaluate(value, in: scope), try evaluate(arguments, in: scope))
            line = expression.line
            return try filter(value, name, passed)
        case .test(let value, let name, let arguments):
            let (value, passed) = (try evaluate(value, in: scope), try evaluate(arguments, in: scope))
            line = expression.line
            return .bool(try test(value, name, passed))
        case .not(let value): return .bool(!(try evaluate(value, in: scope).isTrue))
        case .negative(let value): return try negated(try evaluate(value, in: scope))
        case .positive(let value): return try positive(try evaluate(value, in: scope))
        case .and(let left, let right):
            let value = try evaluate(left, in: scope)
            return value.isTrue ? try evaluate(right, in: scope) : value
        case .or(let left, let right):
            let value = try evaluate(left, in: scope)
            return value.isTrue ? value : try evaluate(right, in: scope)
        case .arithmetic(let operation, let left, let right):
            let (first, second) = (try evaluate(left, in: scope), try evaluate(right, in: scope))
            line = expression.line
            return try calculate(operation, first, second)
        case .concatenation(let parts):
            return try text(joining: try parts.map { try printed(try evaluate($0, in: scope)) })
        case .comparison(let first, let others): return try compare(first, others, in: scope)
        case .conditional(let then, let condition, let otherwise):
            if try evaluate(condition, in: scope).isTrue { return try evaluate(then, in: scope) }
            if let otherwise { return try evaluate(otherwise, in: scope) }
            return .undefined("the condition does not hold, and there is no 'else'")
        }
    }

    /// Returns a variable, or one of the functions that every template has.
    func lookUp(_ name: String, in scope: JinjaScope) -> JinjaValue {
        scope.find(name) ?? JinjaFunctions.find(name).map { .object($0) } ?? .undefined("'\(name)' is undefined")
    }

    func evaluate(_ arguments: JinjaCallArguments, in scope: JinjaScope) throws -> JinjaArguments {
        guard !arguments.isEmpty else { return JinjaArguments() }
        var values = JinjaArguments(
            positional: try arguments.positional.map { try evaluate($0, in: scope) },
            named: try arguments.named.map { ($0.name, try evaluate($0.value, in: scope)) })
        if let spread = arguments.spread { values.positional += try items(of: try evaluate(spread, in: scope)) }
        if let spread = arguments.namedSpread {
            let value = try evaluate(spread, in: scope)
            guard case .dictionary(let dictionary) = value else {
                throw JinjaFault("a dictionary is needed after '**', not \(value.description)")
            }
            try meter.step(dictionary.keys.count)
            let given = Set(values.named.map(\.name))
            for (key, value) in zip(dictionary.keys, dictionary.values) {
                guard case .text(let name) = key else { throw JinjaFault("names of arguments have to be strings") }
                guard !given.contains(name.string) else { throw JinjaFault("'\(name.string)' is given twice") }
                values.named.append((name.string, value))
            }
        }
        return values
    }

    func call(_ callee: JinjaValue, _ arguments: JinjaArguments) throws -> JinjaValue {
        switch callee {
        case .undefined(let message): throw JinjaFault(message)
        case .object(let object):
            try meter.enter()
            defer { meter.leave() }
            if let value = try object.call(arguments, self) { return value }
            fallthrough
        default: throw JinjaFault("\(callee.description) can't be called")
        }
    }

    private func compare(
        _ first: JinjaExpression, _ others: [(JinjaComparison, JinjaExpression)], in scope: JinjaScope
    ) throws -> JinjaValue {
        var left = try evaluate(first, in: scope)
        for (comparison, expression) in others {
            let right = try evaluate(expression, in: scope)
            guard try holds(comparison, left, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    // MARK: - Parts of values

    /// Methods that would change a value; nothing may.
    private static let changing: [String: Set<String>] = [
        "list": ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"],
        "dict": ["clear", "pop", "popitem", "setdefault", "update"],
    ]

    /// Returns `owner.name`: a method or an attribute first, then a dictionary's value.
    func attribute(_ name: String, of owner: JinjaValue) throws -> JinjaValue {
        if let value = try ownAttribute(name, of: owner) { return value }
        if case .dictionary(let dictionary) = owner, let value = dictionary[name] { return value }
        return missing(name, of: owner)
    }

    /// Returns `owner[index]`: an item first, then a method or an attribute.
    private func item(_ index: JinjaExpression, of owner: JinjaValue, in scope: JinjaScope, line: Int) throws
        -> JinjaValue
    {
        guard case .slice(let start, let stop, let step) = index.kind else {
            let index = try evaluate(index, in: scope)
            self.line = line
            return try item(index, of: owner)
        }
        let bounds = try [start, stop, step].map { try $0.map { try evaluate($0, in: scope) } ?? .null }
        self.line = line
        return try slice(owner, bounds)
    }

    func item(_ index: JinjaValue, of owner: JinjaValue) throws -> JinjaValue {
        switch owner {
        case .undefined(let message): throw JinjaFault(message)
        case .dictionary(let dictionary):
            if index.isHashable, let value = dictionary[try key(index)] { return value }
        case .list(let list) where list.isSequence:
            if let place = index.integer {
                let place = place < 0 ? place + list.items.count : place
                return list.items.indices.contains(place) ? list.items[place] : missingItem(index, of: owner)
            }
        case .text(let text):
            if let place = index.integer {
                let place = place < 0 ? place + text.scalars.count : place
                guard text.scalars.indices.contains(place) else { return missingItem(index, of: owner) }
                return .text(JinjaText([text.scalars[place]], isMarkup: text.isMarkup))
            }
        default: break
        }
        guard case .text(let name) = index else { return missingItem(index, of: owner) }
        return try ownAttribute(name.string, of: owner) ?? missing(name.string, of: owner)
    }

    private func ownAttribute(_ name: String, of owner: JinjaValue) throws -> JinjaValue? {
        if case .undefined(let message) = owner { throw JinjaFault(message) }
        if name.hasPrefix("__") || Self.changing[owner.typeName]?.contains(name) == true {
            return .undefined("a template may not use '\(name)' of \(owner.description)")
        }
        if case .object(let object) = owner { return try object.attribute(name, self) }
        if case .list(let list) = owner, list.kind == .group, name == "grouper" || name == "list" {
            return list.items[name == "list" ? 1 : 0]
        }
        guard let method = JinjaMethods.find(name, of: owner) else { return nil }
        return .object(try JinjaFunction(name, of: owner) { try method($0, owner, $1) })
    }

    private func missing(_ name: String, of owner: JinjaValue) -> JinjaValue {
        .undefined("\(owner.description) has no attribute '\(name)'")
    }

    private func missingItem(_ index: JinjaValue, of owner: JinjaValue) -> JinjaValue {
        let place = index.integer.map { "element \($0)" } ?? "such element"
        return .undefined("\(owner.description) has no \(place)")
    }

    /// Returns `owner[start:stop:step]`.
    private func slice(_ owner: JinjaValue, _ bounds: [JinjaValue]) throws -> JinjaValue {
        switch owner {
        case .undefined(let message): throw JinjaFault(message)
        case .text(let text):
            let places = try Self.places(bounds, text.scalars.count)
            return try self.text(places.map { text.scalars[$0] }, isMarkup: text.isMarkup)
        case .list(let list) where list.isSequence:
            let places = try Self.places(bounds, list.items.count)
            var kind = list.kind == .list ? JinjaList.Kind.list : .tuple
            if case .range(let start, _, let step) = list.kind {
                let (first, last) = (places.start, places.stop)
                // Wraps only for bounds of ranges that lie beyond all their numbers.
                kind = .range(start &+ first &* step, start &+ last &* step, step &* places.step)
            }
            return try sequence(kind, places.map { list.items[$0] })
        default: throw JinjaFault("\(owner.description) can't be sliced")
        }
    }

    /// The places that a slice of `count` items takes.
    private static func places(_ bounds: [JinjaValue], _ count: Int) throws -> Places {
        let numbers = try bounds.map { bound -> Int? in
            guard !bound.isNull else { return nil }
            guard let number = bound.integer else {
                throw JinjaFault("the bounds of a slice have to be whole numbers, not \(bound.description)")
            }
            return number
        }
        let step = min(max(numbers[2] ?? 1, -count - 1), count + 1)
        guard step != 0 else { throw JinjaFault("the step of a slice can't be 0") }
        let range = step > 0 ? 0...count : -1...(count - 1)
        func place(_ bound: Int?, _ standard: Int) -> Int {
            guard let bound else { return standard }
            return min(max(bound < 0 ? bound + count : bound, range.lowerBound), range.upperBound)
        }
        let start = place(numbers[0], step > 0 ? 0 : count - 1)
        let stop = place(numbers[1], step > 0 ? count : -1)
        return Places(start: start, stop: stop, step: step)
    }

    /// The places from `start` to before `stop`, `step` apart.
    private struct Places {
        let start: Int
        let stop: Int
        let step: Int

        func map<Element>(_ element: (Int) -> Element) -> [Element] {
            stride(from: start, to: stop, by: step).map(element)
        }
    }
}
