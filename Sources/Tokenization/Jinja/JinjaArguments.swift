/// What a call passes.
struct JinjaArguments {
    var positional: [JinjaValue] = []
    var named: [(name: String, value: JinjaValue)] = []

    /// Returns the values for `parameters`, in their order, nil for those that are not given.
    ///
    /// - Parameters:
    ///   - function: what messages call the function
    ///   - required: how many of the parameters must be given
    func bind(_ function: String, _ parameters: [String], required: Int = 0) throws -> [JinjaValue?] {
        guard positional.count <= parameters.count else {
            throw JinjaFault("'\(function)' takes \(Self.count(parameters.count)), not \(positional.count)")
        }
        var values = positional.map { Optional($0) }
        values += Array(repeating: nil, count: parameters.count - positional.count)
        for (name, value) in named {
            guard let place = parameters.firstIndex(of: name) else {
                throw JinjaFault("'\(function)' takes no argument '\(name)'")
            }
            guard values[place] == nil else { throw JinjaFault("'\(function)' is given '\(name)' twice") }
            values[place] = value
        }
        if let missing = values.prefix(required).firstIndex(where: { $0 == nil }) {
            throw JinjaFault("'\(function)' needs the argument '\(parameters[missing])'")
        }
        return values
    }

    private static func count(_ count: Int) -> String {
        count == 0 ? "no arguments" : count == 1 ? "at most 1 argument" : "at most \(count) arguments"
    }
}

extension [JinjaValue?] {
    /// The argument at `place` as a whole number; `standard` if it is not given.
    func int(_ place: Int, _ standard: Int) throws -> Int {
        guard let value = self[place] else { return standard }
        guard let integer = value.integer else {
            throw JinjaFault("a whole number is needed where \(value.description) is given")
        }
        return integer
    }

    /// The argument at `place` as text; `standard` if it is not given.
    func text(_ place: Int, _ standard: String = "") throws -> JinjaText {
        guard let value = self[place] else { return JinjaText(standard) }
        guard case .text(let text) = value else {
            throw JinjaFault("a string is needed where \(value.description) is given")
        }
        return text
    }

    /// The argument at `place` as a truth; `standard` if it is not given.
    func bool(_ place: Int, _ standard: Bool = false) -> Bool {
        self[place]?.isTrue ?? standard
    }

    /// The argument at `place` if it is given and isn't none.
    func given(_ place: Int) -> JinjaValue? {
        guard let value = self[place], !value.isNull else { return nil }
        return value
    }
}
