/// Methods of strings that look for something, and those that cut and join.
extension JinjaMethods {
    /// A text, as the receiver of a method.
    static func receiver(_ owner: JinjaValue) -> JinjaText {
        if case .text(let text) = owner { text } else { JinjaText([]) }
    }

    static let textSearching: [String: Method] = [
        "count": { interpreter, owner, arguments in
            let (part, range, _, text) = try search("count", interpreter, owner, arguments)
            return .int(Array(text[range]).places(of: part).count)
        },
        "find": { .int(try find("find", $0, $1, $2, fromEnd: false) ?? -1) },
        "rfind": { .int(try find("rfind", $0, $1, $2, fromEnd: true) ?? -1) },
        "index": { try found(try find("index", $0, $1, $2, fromEnd: false)) },
        "rindex": { try found(try find("rindex", $0, $1, $2, fromEnd: true)) },
        "startswith": { .bool(try stands("startswith", $0, $1, $2, atEnd: false)) },
        "endswith": { .bool(try stands("endswith", $0, $1, $2, atEnd: true)) },
        "split": { try split("split", $0, $1, $2, fromEnd: false) },
        "rsplit": { try split("rsplit", $0, $1, $2, fromEnd: true) },
        "partition": { try partition("partition", $0, $1, $2, fromEnd: false) },
        "rpartition": { try partition("rpartition", $0, $1, $2, fromEnd: true) },
        "splitlines": { interpreter, owner, arguments in
            let values = try arguments.bind("splitlines", ["keepends"])
            let text = receiver(owner)
            try interpreter.meter.allocate(4 * text.scalars.count)
            let lines = text.scalars.lines(keepingEnds: values.bool(0))
            return try interpreter.list(lines.map { .text(JinjaText($0, isMarkup: text.isMarkup)) })
        },
        "join": { interpreter, owner, arguments in
            let values = try arguments.bind("join", ["iterable"], required: 1)
            let parts = try interpreter.items(of: values[0] ?? .null).map { item in
                guard case .text(let text) = item else {
                    throw JinjaFault("only strings can be joined, not \(item.description)")
                }
                return text.scalars
            }
            let separator = receiver(owner)
            return try interpreter.text(joining: parts, separator: separator.scalars, isMarkup: separator.isMarkup)
        },
        "replace": { interpreter, owner, arguments in
            let values = try arguments.bind("replace", ["old", "new", "count"], required: 2)
            let text = receiver(owner)
            let changed = try interpreter.replacing(
                text.scalars, try values.text(0).scalars, with: try values.text(1).scalars, limit: try values.int(2, -1)
            )
            return .text(JinjaText(changed, isMarkup: text.isMarkup))
        },
    ]

    private static func search(
        _ name: String, _ interpreter: JinjaInterpreter, _ owner: JinjaValue, _ arguments: JinjaArguments
    ) throws -> (part: JinjaText.Scalars, range: Range<Int>, startIsInside: Bool, text: JinjaText.Scalars) {
        let values = try arguments.bind(name, ["sub", "start", "end"], required: 1)
        let text = receiver(owner).scalars
        try interpreter.meter.step(text.count / 16)
        let isInside = try values.given(1) == nil || values.int(1, 0) <= text.count
        return (try values.text(0).scalars, try bounds(values, 1, text.count), isInside, text)
    }

    private static func find(
        _ name: String, _ interpreter: JinjaInterpreter, _ owner: JinjaValue, _ arguments: JinjaArguments, fromEnd: Bool
    ) throws -> Int? {
        let (part, range, isInside, text) = try search(name, interpreter, owner, arguments)
        guard isInside else { return nil }
        let piece = Array(text[range])
        if fromEnd {
            guard let place = piece.lastPlace(of: part) else { return nil }
            return range.lowerBound + place
        }
        return piece.places(of: part, limit: 1).first.map { range.lowerBound + $0 }
    }

    private static func found(_ place: Int?) throws -> JinjaValue {
        guard let place else { throw JinjaFault("the part is not in the string") }
        return .int(place)
    }

    private static func stands(
        _ name: String, _ interpreter: JinjaInterpreter, _ owner: JinjaValue, _ arguments: JinjaArguments, atEnd: Bool
    ) throws -> Bool {
        let values = try arguments.bind(name, ["prefix", "start", "end"], required: 1)
        let text = receiver(owner).scalars
        let piece = text[try bounds(values, 1, text.count)]
        var parts = [values[0] ?? .null]
        if case .list(let list) = parts[0], list.kind == .tuple { parts = try interpreter.items(of: parts[0]) }
        return try parts.contains { part in
            guard case .text(let part) = part else {
                throw JinjaFault("'\(name)' needs a string or a tuple of strings, not \(part.description)")
            }
            try interpreter.meter.step(1 + part.scalars.count / 16)
            return atEnd ? piece.suffix(part.scalars.count) == part.scalars[...] : piece.starts(with: part.scalars)
        }
    }

    private static func split(
        _ name: String, _ interpreter: JinjaInterpreter, _ owner: JinjaValue, _ arguments: JinjaArguments, fromEnd: Bool
    ) throws -> JinjaValue {
        let values = try arguments.bind(name, ["sep", "maxsplit"])
        let text = receiver(owner)
        let count = try values.int(1, -1)
        let limit = count < 0 ? Int.max : count
        try interpreter.meter.step(text.scalars.count / 16)
        let separator = try values.given(0).map { _ in try values.text(0).scalars }
        if separator?.isEmpty == true { throw JinjaFault("the separator of '\(name)' is empty") }
        // From the end is from the start of the text turned round.
        var parts = (fromEnd ? Array(text.scalars.reversed()) : text.scalars)
            .parts(separator: separator.map { fromEnd ? Array($0.reversed()) : $0 }, limit: limit)
        if fromEnd { parts = parts.reversed().map { Array($0.reversed()) } }
        try interpreter.meter.allocate(4 * text.scalars.count + 64 * parts.count)
        return try interpreter.list(parts.map { .text(JinjaText($0, isMarkup: text.isMarkup)) })
    }

    private static func partition(
        _ name: String, _ interpreter: JinjaInterpreter, _ owner: JinjaValue, _ arguments: JinjaArguments, fromEnd: Bool
    ) throws -> JinjaValue {
        let separator = try arguments.bind(name, ["sep"], required: 1).text(0).scalars
        guard !separator.isEmpty else { throw JinjaFault("the separator of '\(name)' is empty") }
        let text = receiver(owner)
        try interpreter.meter.allocate(4 * text.scalars.count)
        let place =
            fromEnd
            ? text.scalars.lastPlace(of: separator) : text.scalars.places(of: separator, limit: 1).first
        let parts: [JinjaText.Scalars] =
            if let place {
                [Array(text.scalars[..<place]), separator, Array(text.scalars[(place + separator.count)...])]
            } else {
                fromEnd ? [[], [], text.scalars] : [text.scalars, [], []]
            }
        return try interpreter.tuple(parts.map { .text(JinjaText($0, isMarkup: text.isMarkup)) })
    }
}

extension JinjaInterpreter {
    /// Returns `text` with the first `limit` places of `old` (all, if negative) replaced by `new`.
    func replacing(
        _ text: JinjaText.Scalars, _ old: JinjaText.Scalars, with new: JinjaText.Scalars, limit: Int
    ) throws -> JinjaText.Scalars {
        try meter.step(text.count / 16)
        let places = text.places(of: old, limit: limit < 0 ? .max : limit)
        let added = places.count.multipliedReportingOverflow(by: new.count)
        try meter.allocate(added.overflow ? .max : 4 * (text.count + added.partialValue))
        var result: JinjaText.Scalars = []
        var end = 0
        for place in places {
            result += text[end..<place]
            result += new
            end = place + old.count
        }
        return result + text[end...]
    }
}

extension JinjaText.Scalars {
    /// The last place where `part` stands.
    fileprivate func lastPlace(of part: JinjaText.Scalars) -> Int? {
        let turned = Array(reversed()).places(of: Array(part.reversed()), limit: 1).first
        return turned.map { count - $0 - part.count }
    }

    /// The parts between separators, or between runs of white space, with at most `limit` cuts.
    fileprivate func parts(separator: JinjaText.Scalars?, limit: Int) -> [JinjaText.Scalars] {
        guard let separator else { return words(limit: limit) }
        var parts: [JinjaText.Scalars] = []
        var end = 0
        for place in places(of: separator, limit: limit) {
            parts.append(Array(self[end..<place]))
            end = place + separator.count
        }
        return parts + [Array(self[end...])]
    }

    private func words(limit: Int) -> [JinjaText.Scalars] {
        var words: [JinjaText.Scalars] = []
        var place = 0
        while true {
            while place < count, self[place].isPythonSpace { place += 1 }
            guard place < count else { return words }
            guard words.count < limit else { return words + [Array(self[place...])] }
            let start = place
            while place < count, !self[place].isPythonSpace { place += 1 }
            words.append(Array(self[start..<place]))
        }
    }
}
