/// Filters that apply others, and tests, to each item.
extension JinjaFilters {
    static let choosing: [String: Filter] = [
        "map": { interpreter, value, arguments in
            guard value.isTrue else { return try generator("sync_do_map", over: .undefined("")) { _, item in item } }
            if arguments.positional.isEmpty, arguments.named.contains(where: { $0.name == "attribute" }) {
                let values = try arguments.bind("map", ["attribute", "default"])
                let path = try path(values.given(0), interpreter)
                return try generator("sync_do_map", over: value) { interpreter, item in
                    try interpreter.follow(path, from: item, default: values.given(1))
                }
            }
            let name = try name(of: "map", arguments, at: 0)
            let rest = JinjaArguments(positional: Array(arguments.positional.dropFirst()), named: arguments.named)
            return try generator("sync_do_map", over: value) { interpreter, item in
                try interpreter.filter(item, name, rest)
            }
        },
        "select": { try select("select", $1, $2, isWanted: true) },
        "reject": { try select("reject", $1, $2, isWanted: false) },
        "selectattr": { try selectByAttribute("selectattr", $0, $1, $2, isWanted: true) },
        "rejectattr": { try selectByAttribute("rejectattr", $0, $1, $2, isWanted: false) },
    ]

    private static func name(of filter: String, _ arguments: JinjaArguments, at place: Int) throws -> String {
        guard arguments.positional.indices.contains(place), case .text(let name) = arguments.positional[place] else {
            throw JinjaFault("'\(filter)' needs the name of a filter, a test or an attribute")
        }
        return name.string
    }

    private static func select(_ filter: String, _ value: JinjaValue, _ arguments: JinjaArguments, isWanted: Bool)
        throws
        -> JinjaValue
    {
        try choose(filter, value, arguments, testAt: 0, isWanted: isWanted) { _, item in item }
    }

    private static func selectByAttribute(
        _ filter: String, _ interpreter: JinjaInterpreter, _ value: JinjaValue, _ arguments: JinjaArguments,
        isWanted: Bool
    ) throws -> JinjaValue {
        guard let attribute = arguments.positional.first else {
            throw JinjaFault("'\(filter)' needs an attribute's name")
        }
        let path = try path(attribute, interpreter)
        return try choose(filter, value, arguments, testAt: 1, isWanted: isWanted) { try $0.follow(path, from: $1) }
    }

    private static func choose(
        _ filter: String, _ value: JinjaValue, _ arguments: JinjaArguments, testAt place: Int, isWanted: Bool,
        _ subject: @escaping (JinjaInterpreter, JinjaValue) throws -> JinjaValue
    ) throws -> JinjaValue {
        guard value.isTrue else { return try generator(filter, over: .undefined("")) { _, item in item } }
        guard arguments.positional.count > place else {
            return try generator(filter, over: value) { try subject($0, $1).isTrue == isWanted ? $1 : nil }
        }
        let name = try name(of: filter, arguments, at: place)
        let rest = JinjaArguments(positional: Array(arguments.positional.dropFirst(place + 1)), named: arguments.named)
        return try generator(filter, over: value) { interpreter, item in
            try interpreter.test(try subject(interpreter, item), name, rest) == isWanted ? item : nil
        }
    }
}

extension JinjaInterpreter {
    /// Returns what the filter called `name` makes of `value`.
    func filter(_ value: JinjaValue, _ name: String, _ arguments: JinjaArguments) throws -> JinjaValue {
        guard let filter = JinjaFilters.find(name) else { throw JinjaFault("there is no filter called '\(name)'") }
        try meter.enter()
        defer { meter.leave() }
        return try filter(self, value, arguments)
    }

    /// Returns whether `value` passes the test called `name`.
    func test(_ value: JinjaValue, _ name: String, _ arguments: JinjaArguments) throws -> Bool {
        guard let test = JinjaTests.find(name) else { throw JinjaFault("there is no test called '\(name)'") }
        return try test(self, value, arguments)
    }
}
