/// Methods of lists, dictionaries and numbers; those of strings have files of their own.
enum JinjaMethods {
    typealias Method = @Sendable (JinjaInterpreter, JinjaValue, JinjaArguments) throws -> JinjaValue

    /// Returns the method called `name` of values like `owner`.
    static func find(_ name: String, of owner: JinjaValue) -> Method? {
        switch owner {
        case .text: text[name]
        case .dictionary: dictionary[name]
        case .list(let list) where list.isSequence: list.kind == .list || name != "copy" ? self.list[name] : nil
        case .float where name == "is_integer":
            { _, owner, _ in .bool(owner.number.map { $0.isFinite && $0 == $0.rounded() } ?? false) }
        default: nil
        }
    }

    static let text = textSearching.merging(textChanging) { $1 }.merging(textAsking) { $1 }

    private static let list: [String: Method] = [
        "count": { interpreter, owner, arguments in
            let value = try arguments.bind("count", ["value"], required: 1)[0] ?? .null
            return .int(try interpreter.items(of: owner).count { try interpreter.areEqual($0, value) })
        },
        "index": { interpreter, owner, arguments in
            let values = try arguments.bind("index", ["value", "start", "stop"], required: 1)
            let items = try interpreter.items(of: owner)
            for place in try bounds(values, 1, items.count) {
                if try interpreter.areEqual(items[place], values[0] ?? .null) { return .int(place) }
            }
            throw JinjaFault("the value is not in the list")
        },
        "copy": { _, owner, arguments in
            _ = try arguments.bind("copy", [])
            return owner
        },
    ]

    private static let dictionary: [String: Method] = [
        "get": { interpreter, owner, arguments in
            let values = try arguments.bind("get", ["key", "default"], required: 1)
            guard case .dictionary(let dictionary) = owner else { return .null }
            return dictionary[try interpreter.key(values[0] ?? .null)] ?? values[1] ?? .null
        },
        "keys": { interpreter, owner, arguments in
            _ = try arguments.bind("keys", [])
            return try interpreter.sequence(.keys, interpreter.items(of: owner))
        },
        "values": { interpreter, owner, arguments in
            _ = try arguments.bind("values", [])
            guard case .dictionary(let dictionary) = owner else { return .null }
            return try interpreter.sequence(.values, dictionary.values)
        },
        "items": { interpreter, owner, arguments in
            _ = try arguments.bind("items", [])
            guard case .dictionary(let dictionary) = owner else { return .null }
            return try interpreter.sequence(.items, interpreter.pairs(of: dictionary))
        },
        "copy": { _, owner, arguments in
            _ = try arguments.bind("copy", [])
            return owner
        },
    ]

    /// Returns the places between the bounds at `first` and `first + 1` of `values`, in `count` items.
    static func bounds(_ values: [JinjaValue?], _ first: Int, _ count: Int) throws -> Range<Int> {
        func place(_ index: Int, _ standard: Int) throws -> Int {
            guard values.given(index) != nil else { return standard }
            let bound = try values.int(index, standard)
            return min(max(bound < 0 ? bound + count : bound, 0), count)
        }
        let start = try place(first, 0)
        return start..<max(start, try place(first + 1, count))
    }
}

extension JinjaInterpreter {
    /// Returns a dictionary's keys and values as tuples.
    func pairs(of dictionary: JinjaDictionary) throws -> [JinjaValue] {
        try meter.step(dictionary.keys.count)
        return try zip(dictionary.keys, dictionary.values).map { try tuple([$0, $1]) }
    }
}
