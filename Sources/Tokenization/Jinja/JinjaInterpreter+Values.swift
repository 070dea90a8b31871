/// Making values and taking them apart, counted against the limits.
extension JinjaInterpreter {
    func list(_ items: [JinjaValue]) throws -> JinjaValue {
        try meter.allocate(32 + 32 * items.count)
        return .list(try JinjaList(.list, items))
    }

    func tuple(_ items: [JinjaValue]) throws -> JinjaValue {
        try sequence(.tuple, items)
    }

    func sequence(_ kind: JinjaList.Kind, _ items: [JinjaValue]) throws -> JinjaValue {
        try meter.allocate(32 + 32 * items.count)
        return .list(try JinjaList(kind, items))
    }

    func dictionary(_ pairs: [(JinjaValue, JinjaValue)]) throws -> JinjaValue {
        try meter.allocate(64 + 128 * pairs.count)
        return .dictionary(try JinjaDictionary(try pairs.map { (try key($0.0), $0.0, $0.1) }))
    }

    func text(_ scalars: JinjaText.Scalars, isMarkup: Bool = false) throws -> JinjaValue {
        try meter.allocate(4 * scalars.count)
        return .text(JinjaText(scalars, isMarkup: isMarkup))
    }

    /// Joins `parts`, once it is known that the result is not too long.
    func text(
        joining parts: [JinjaText.Scalars], separator: JinjaText.Scalars = [], isMarkup: Bool = false
    ) throws -> JinjaValue {
        let separators = max(parts.count - 1, 0).multipliedReportingOverflow(by: separator.count)
        let count = parts.reduce(0) { $0 + $1.count }
        try meter.step(parts.count)
        try meter.allocate(separators.overflow ? .max : 4 * (count + separators.partialValue))
        return .text(JinjaText(Array(parts.joined(separator: separator)), isMarkup: isMarkup))
    }

    /// Repeats `scalars`, once it is known that the result is not too long.
    func repeated(_ scalars: JinjaText.Scalars, _ times: Int) throws -> JinjaText.Scalars {
        guard times > 0, !scalars.isEmpty else { return [] }
        let bytes = scalars.count.multipliedReportingOverflow(by: times)
        try meter.allocate(bytes.overflow || bytes.partialValue > .max / 4 ? .max : 4 * bytes.partialValue)
        return scalars.count == 1
            ? Array(repeating: scalars[0], count: times)
            : Array(repeatElement(scalars, count: times).joined())
    }

    // MARK: - Iterating

    /// Returns all that iterating over `value` gives.
    func items(of value: JinjaValue) throws -> [JinjaValue] {
        switch value {
        case .undefined: return []
        case .list(let list):
            try meter.step(list.items.count)
            return list.items
        case .dictionary(let dictionary):
            try meter.step(dictionary.keys.count)
            return dictionary.keys
        case .text(let text):
            try meter.step(text.scalars.count)
            try meter.allocate(40 * text.scalars.count)
            return text.scalars.map { .text(JinjaText([$0], isMarkup: text.isMarkup)) }
        case .generator(let generator):
            var items: [JinjaValue] = []
            while let item = try generator.next(self) {
                try meter.step()
                try meter.allocate(32)
                items.append(item)
            }
            return items
        default: throw JinjaFault("\(value.description) can't be iterated over")
        }
    }

    /// Returns what gives the items of `value` one by one.
    func iterator(over value: JinjaValue) throws -> (JinjaInterpreter) throws -> JinjaValue? {
        if case .generator(let generator) = value { return { try generator.next($0) } }
        var items = try items(of: value).makeIterator()
        return { _ in items.next() }
    }

    /// The number of items, for values that have one.
    func count(of value: JinjaValue) throws -> Int {
        switch value {
        case .undefined: return 0
        case .text(let text): return text.scalars.count
        case .list(let list): return list.items.count
        case .dictionary(let dictionary): return dictionary.keys.count
        default: throw JinjaFault("\(value.description) has no length")
        }
    }

    // MARK: - Comparing

    /// Returns `value` as a dictionary's key.
    func key(_ value: JinjaValue) throws -> JinjaKey {
        switch value {
        case .undefined: return .undefined
        case .null: return .null
        case .bool, .int: return .int(value.integer ?? 0)
        case .float(let number): return Int(exactly: number).map { .int($0) } ?? .float(number)
        case .text(let text):
            try meter.step(1 + text.scalars.count / 16)
            return .text(text)
        case .list(let list) where list.kind == .tuple:
            try meter.step(list.items.count)
            try meter.allocate(32 * list.items.count)
            return .tuple(try list.items.map { try key($0) })
        case .list, .dictionary: throw JinjaFault("\(value.description) can't be a key")
        case .generator(let generator): return .object(ObjectIdentifier(generator))
        case .object(let object): return .object(ObjectIdentifier(object))
        }
    }

    func areEqual(_ left: JinjaValue, _ right: JinjaValue) throws -> Bool {
        try meter.step()
        switch (left, right) {
        case (.undefined, .undefined), (.null, .null): return true
        case (.text(let left), .text(let right)):
            guard left.scalars.count == right.scalars.count else { return false }
            try meter.step(left.scalars.count / 16)
            return left == right
        case (.list(let left), .list(let right)):
            switch (left.kind, right.kind) {
            case (.range, .range): break
            default: guard left.kind == right.kind else { return false }
            }
            return try left === right || areEqual(left.items, right.items)
        case (.dictionary(let left), .dictionary(let right)):
            guard left !== right else { return true }
            guard left.keys.count == right.keys.count else { return false }
            return try zip(left.keys, left.values).allSatisfy { name, value in
                guard let other = right[try key(name)] else { return false }
                return try areEqual(value, other)
            }
        case (.generator(let left), .generator(let right)): return left === right
        case (.object(let left), .object(let right)): return left === right
        default:
            if let left = left.integer, let right = right.integer { return left == right }
            guard let left = left.number, let right = right.number else { return false }
            return left == right
        }
    }

    func areEqual(_ left: [JinjaValue], _ right: [JinjaValue]) throws -> Bool {
        guard left.count == right.count else { return false }
        return try zip(left, right).allSatisfy { try areEqual($0, $1) }
    }

    func isLess(_ left: JinjaValue, _ right: JinjaValue, _ name: String = "<") throws -> Bool {
        try meter.step()
        switch (left, right) {
        case (.undefined(let message), _), (_, .undefined(let message)): throw JinjaFault(message)
        case (.text(let left), .text(let right)):
            try meter.step(min(left.scalars.count, right.scalars.count) / 16)
            return left < right
        case (.list(let left), .list(let right))
        where left.kind == right.kind && (left.kind == .list || left.kind == .tuple):
            for (first, second) in zip(left.items, right.items) where try !areEqual(first, second) {
                return try isLess(first, second, name)
            }
            return left.items.count < right.items.count
        default:
            if let left = left.integer, let right = right.integer { return left < right }
            guard let first = left.number, let second = right.number else {
                throw JinjaFault("'\(name)' can't compare \(left.description) with \(right.description)")
            }
            return first < second
        }
    }

    func holds(_ comparison: JinjaComparison, _ left: JinjaValue, _ right: JinjaValue) throws -> Bool {
        switch comparison {
        case .equal: try areEqual(left, right)
        case .notEqual: try !areEqual(left, right)
        case .less: try isLess(left, right)
        case .greater: try isLess(right, left, ">")
        case .lessOrEqual: try isLess(left, right, "<=") || areEqual(left, right)
        case .greaterOrEqual: try isLess(right, left, ">=") || areEqual(left, right)
        case .isIn: try contains(right, left)
        case .isNotIn: try !contains(right, left)
        }
    }

    private func contains(_ container: JinjaValue, _ value: JinjaValue) throws -> Bool {
        switch container {
        case .text(let text):
            guard case .text(let part) = value else {
                throw JinjaFault("only a string can be in a string, not \(value.description)")
            }
            try meter.step((text.scalars.count + part.scalars.count) / 16)
            return !text.scalars.places(of: part.scalars, limit: 1).isEmpty
        case .dictionary(let dictionary):
            return dictionary[try key(value)] != nil
        case .generator(let generator):
            while let item = try generator.next(self) {
                if try areEqual(item, value) { return true }
            }
            return false
        default: return try items(of: container).contains { try areEqual($0, value) }
        }
    }

    /// Returns `values` in order of what `key` gives for them; equal ones stay as they came.
    func sorted(_ values: [JinjaValue], reverse: Bool, key: (JinjaValue) throws -> JinjaValue) throws -> [JinjaValue] {
        let keyed = try values.map { (key: try key($0), value: $0) }
        return try keyed.sorted { try reverse ? isLess($1.key, $0.key) : isLess($0.key, $1.key) }.map(\.value)
    }
}

extension JinjaValue {
    /// Whether it can be a dictionary's key.
    var isHashable: Bool {
        switch self {
        case .list(let list): list.kind == .tuple && list.items.allSatisfy(\.isHashable)
        case .dictionary: false
        default: true
        }
    }
}
