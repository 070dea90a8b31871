/// Filters that work on the items of a value.
extension JinjaFilters {
    static let sequences: [String: Filter] = [
        "length": { try count($0, $1, $2) },
        "count": { try count($0, $1, $2) },
        "list": { interpreter, value, arguments in
            _ = try arguments.bind("list", [])
            return try interpreter.list(interpreter.items(of: value))
        },
        "first": { interpreter, value, arguments in
            _ = try arguments.bind("first", [])
            return try interpreter.iterator(over: value)(interpreter) ?? .undefined("there is no first item")
        },
        "last": { interpreter, value, arguments in
            _ = try arguments.bind("last", [])
            if case .generator = value { throw JinjaFault("'generator object' has no last item") }
            return try interpreter.items(of: value).last ?? .undefined("there is no last item")
        },
        "reverse": { interpreter, value, arguments in
            _ = try arguments.bind("reverse", [])
            if case .text(let text) = value {
                return try interpreter.text(text.scalars.reversed(), isMarkup: text.isMarkup)
            }
            let items = try interpreter.items(of: value)
            if case .generator = value { return try interpreter.list(items.reversed()) }
            if case .undefined = value { return try interpreter.list([]) }
            return try generator("reversed", over: try interpreter.list(items.reversed())) { _, item in item }
        },
        "join": { interpreter, value, arguments in
            let values = try arguments.bind("join", ["d", "attribute"])
            var items = try interpreter.items(of: value)
            if let path = values.given(1) {
                items = try items.map { try interpreter.follow(JinjaFilters.path(path, interpreter), from: $0) }
            }
            let separator = try interpreter.printed(values[0] ?? .text(""))
            return try interpreter.text(joining: try items.map { try interpreter.printed($0) }, separator: separator)
        },
        "sum": { interpreter, value, arguments in
            let values = try arguments.bind("sum", ["attribute", "start"])
            var sum = values[1] ?? .int(0)
            if case .text = sum { throw JinjaFault("'sum' does not join strings; 'join' does") }
            let path = try path(values.given(0), interpreter)
            for item in try interpreter.items(of: value) {
                sum = try interpreter.calculate(.add, sum, try interpreter.follow(path, from: item))
            }
            return sum
        },
        "min": { try extreme("min", $0, $1, $2) { try $0.isLess($1, $2) } },
        "max": { try extreme("max", $0, $1, $2) { try $0.isLess($2, $1) } },
        "sort": { interpreter, value, arguments in
            let values = try arguments.bind("sort", ["reverse", "case_sensitive", "attribute"])
            let paths: [[JinjaValue]]
            if case .text(let names) = values.given(2) {
                paths = try names.string.split(separator: ",", omittingEmptySubsequences: false)
                    .map { try path(.text(String($0)), interpreter) }
            } else {
                paths = [try path(values.given(2), interpreter)]
            }
            let items = try interpreter.sorted(try interpreter.items(of: value), reverse: values.bool(0)) { item in
                try interpreter.list(
                    try paths.map {
                        try folded(try interpreter.follow($0, from: item), values.bool(1), interpreter)
                    })
            }
            return try interpreter.list(items)
        },
        "dictsort": { interpreter, value, arguments in
            let values = try arguments.bind("dictsort", ["case_sensitive", "by", "reverse"])
            guard case .dictionary(let dictionary) = value else {
                throw JinjaFault("'dictsort' needs a dictionary, not \(value.description)")
            }
            let by = try values.text(1, "key").string
            guard by == "key" || by == "value" else {
                throw JinjaFault("'dictsort' sorts by key or value, not '\(by)'")
            }
            let pairs = try interpreter.pairs(of: dictionary)
            let sorted = try interpreter.sorted(pairs, reverse: values.bool(2)) { pair in
                try folded(
                    try interpreter.item(.int(by == "key" ? 0 : 1), of: pair), values.bool(0), interpreter)
            }
            return try interpreter.list(sorted)
        },
        "items": { interpreter, value, arguments in
            _ = try arguments.bind("items", [])
            if case .undefined = value { return try generator("items", over: value) { _, item in item } }
            guard case .dictionary(let dictionary) = value else {
                throw JinjaFault("'items' needs a dictionary, not \(value.description)")
            }
            let pairs = try interpreter.list(interpreter.pairs(of: dictionary))
            return try generator("do_items", over: pairs) { _, item in item }
        },
        "unique": { interpreter, value, arguments in
            let values = try arguments.bind("unique", ["case_sensitive", "attribute"])
            let path = try path(values.given(1), interpreter)
            var seen: Set<JinjaKey> = []
            return try generator("sync_do_unique", over: value) { interpreter, item in
                let found = try folded(try interpreter.follow(path, from: item), values.bool(0), interpreter)
                return seen.insert(try interpreter.key(found)).inserted ? item : nil
            }
        },
        "batch": { interpreter, value, arguments in
            let values = try arguments.bind("batch", ["linecount", "fill_with"], required: 1)
            let size = try values.int(0, 1)
            guard size > 0 else { throw JinjaFault("'batch' needs lines of at least one item") }
            let items = try interpreter.items(of: value)
            let lines = try stride(from: 0, to: items.count, by: min(size, items.count + 1)).map { start in
                var line = Array(items[start..<min(start + min(size, items.count), items.count)])
                if let fill = values.given(1) {
                    try interpreter.meter.step(size - line.count)
                    try interpreter.meter.allocate(32 * (size - line.count))
                    line += Array(repeating: fill, count: size - line.count)
                }
                return try interpreter.list(line)
            }
            return try generator("do_batch", over: try interpreter.list(lines)) { _, line in line }
        },
        "slice": { interpreter, value, arguments in
            let values = try arguments.bind("slice", ["slices", "fill_with"], required: 1)
            let count = try values.int(0, 1)
            guard count > 0 else { throw JinjaFault("'slice' needs at least one slice") }
            try interpreter.meter.step(count)
            let items = try interpreter.items(of: value)
            let (size, longer) = items.count.quotientAndRemainder(dividingBy: count)
            let slices = try (0..<count).map { index in
                let start = index * size + min(index, longer)
                var slice = Array(items[start..<(start + size + (index < longer ? 1 : 0))])
                if let fill = values.given(1), index >= longer { slice.append(fill) }
                return try interpreter.list(slice)
            }
            return try generator("sync_do_slice", over: try interpreter.list(slices)) { _, slice in slice }
        },
        "groupby": { try grouped($0, $1, $2) },
    ]

    private static func count(_ interpreter: JinjaInterpreter, _ value: JinjaValue, _ arguments: JinjaArguments) throws
        -> JinjaValue
    {
        _ = try arguments.bind("length", [])
        return .int(try interpreter.count(of: value))
    }

    private static func extreme(
        _ name: String, _ interpreter: JinjaInterpreter, _ value: JinjaValue, _ arguments: JinjaArguments,
        _ isBetter: (JinjaInterpreter, JinjaValue, JinjaValue) throws -> Bool
    ) throws -> JinjaValue {
        let values = try arguments.bind(name, ["case_sensitive", "attribute"])
        let path = try path(values.given(1), interpreter)
        var best: (key: JinjaValue, item: JinjaValue)?
        for item in try interpreter.items(of: value) {
            let key = try folded(try interpreter.follow(path, from: item), values.bool(0), interpreter)
            if let known = best, try !isBetter(interpreter, key, known.key) { continue }
            best = (key, item)
        }
        return best?.item ?? .undefined("there is no item to choose from")
    }

    private static func grouped(_ interpreter: JinjaInterpreter, _ value: JinjaValue, _ arguments: JinjaArguments)
        throws
        -> JinjaValue
    {
        let values = try arguments.bind("groupby", ["attribute", "default", "case_sensitive"], required: 1)
        let path = try path(values.given(0), interpreter)
        func own(_ item: JinjaValue) throws -> JinjaValue {
            try interpreter.follow(path, from: item, default: values.given(1))
        }
        func key(_ item: JinjaValue) throws -> JinjaValue { try folded(try own(item), values.bool(2), interpreter) }
        var groups: [(key: JinjaValue, items: [JinjaValue])] = []
        for item in try interpreter.sorted(try interpreter.items(of: value), reverse: false, key: key) {
            let found = try key(item)
            if let last = groups.last, try interpreter.areEqual(last.key, found) {
                groups[groups.count - 1].items.append(item)
            } else {
                groups.append((found, [item]))
            }
        }
        return try interpreter.list(
            try groups.map { group in
                let name = values.bool(2) ? group.key : try own(group.items[0])
                return try interpreter.sequence(.group, [name, try interpreter.list(group.items)])
            })
    }

    // MARK: - What filters share

    /// Makes a generator of what `choose` gives for the items of `source`; it leaves out those for which that is nil.
    static func generator(
        _ name: String, over source: JinjaValue,
        _ choose: @escaping (JinjaInterpreter, JinjaValue) throws -> JinjaValue?
    ) throws -> JinjaValue {
        var iterator: ((JinjaInterpreter) throws -> JinjaValue?)?
        return .generator(
            try JinjaGenerator(name, from: source) { interpreter in
                let next = try iterator ?? interpreter.iterator(over: source)
                iterator = next
                while let item = try next(interpreter) {
                    try interpreter.meter.step()
                    if let chosen = try choose(interpreter, item) { return chosen }
                }
                return nil
            })
    }

    /// Returns `value` in lower case, if it is a string and case does not count.
    static func folded(_ value: JinjaValue, _ isCaseSensitive: Bool, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        guard case .text(let text) = value, !isCaseSensitive else { return value }
        try interpreter.meter.step(text.scalars.count / 4)
        return try interpreter.text(text.scalars.lowercased)
    }

    /// Returns the steps of an attribute's name: `a.0.b` goes through `a` and its first item.
    static func path(_ attribute: JinjaValue?, _ interpreter: JinjaInterpreter) throws -> [JinjaValue] {
        guard let attribute, !attribute.isNull else { return [] }
        guard case .text(let name) = attribute else { return [attribute] }
        try interpreter.meter.step(1 + name.scalars.count / 16)
        return name.string.split(separator: ".", omittingEmptySubsequences: false).map { part in
            part.allSatisfy { ("0"..."9").contains($0) }
                ? Int(part).map { .int($0) } ?? .text(String(part)) : .text(String(part))
        }
    }
}

extension JinjaInterpreter {
    /// Returns what `path` leads to from `value`; where something is missing, `standard`, if given, takes its place.
    func follow(_ path: [JinjaValue], from value: JinjaValue, default standard: JinjaValue? = nil) throws -> JinjaValue
    {
        var value = value
        for part in path {
            try meter.step()
            value = try item(part, of: value)
            if value.isUndefined, let standard { value = standard }
        }
        return value
    }
}
