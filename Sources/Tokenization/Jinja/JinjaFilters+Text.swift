/// Filters that make texts of texts.
extension JinjaFilters {
    static let text: [String: Filter] = [
        "upper": { try changed("upper", $0, $1, $2) { $0.uppercased } },
        "lower": { try changed("lower", $0, $1, $2) { $0.lowercased } },
        "capitalize": { try changed("capitalize", $0, $1, $2) { $0.capitalized } },
        "title": { try changed("title", $0, $1, $2, titled) },
        "string": { interpreter, value, arguments in
            _ = try arguments.bind("string", [])
            return .text(try soft(value, interpreter))
        },
        "safe": { interpreter, value, arguments in
            _ = try arguments.bind("safe", [])
            return .text(JinjaText(try soft(value, interpreter).scalars, isMarkup: true))
        },
        "e": { try escaped($0, $1, $2) },
        "escape": { try escaped($0, $1, $2) },
        "forceescape": { interpreter, value, arguments in
            try escaped(interpreter, .text(JinjaText(try soft(value, interpreter).scalars)), arguments)
        },
        "striptags": { interpreter, value, arguments in
            _ = try arguments.bind("striptags", [])
            return try interpreter.text(withoutTags(try soft(value, interpreter).scalars))
        },
        "trim": { interpreter, value, arguments in
            let values = try arguments.bind("trim", ["chars"])
            let text = try soft(value, interpreter)
            let characters = try values.given(0).map { _ in Set(try values.text(0).scalars) }
            return try interpreter.text(
                text.scalars.trimmed { characters?.contains($0) ?? $0.isPythonSpace }, isMarkup: text.isMarkup)
        },
        "replace": { interpreter, value, arguments in
            let values = try arguments.bind("replace", ["old", "new", "count"], required: 2)
            let parts = try [value, values[0] ?? .null, values[1] ?? .null].map { try interpreter.printed($0) }
            let limit = values.given(2) == nil ? -1 : try values.int(2, -1)
            return .text(JinjaText(try interpreter.replacing(parts[0], parts[1], with: parts[2], limit: limit)))
        },
        "center": { interpreter, value, arguments in
            let width = try arguments.bind("center", ["width"]).int(0, 80)
            let text = JinjaValue.text(try soft(value, interpreter))
            return try interpreter.call(
                try interpreter.attribute("center", of: text), JinjaArguments(positional: [.int(width)]))
        },
        "format": { interpreter, value, arguments in
            guard arguments.positional.isEmpty || arguments.named.isEmpty else {
                throw JinjaFault("'format' takes either positional or named values")
            }
            let values =
                arguments.named.isEmpty
                ? try interpreter.tuple(arguments.positional)
                : try interpreter.dictionary(arguments.named.map { (.text($0.name), $0.value) })
            return try interpreter.calculate(.modulo, .text(try soft(value, interpreter)), values)
        },
        "indent": { try indented($0, $1, $2) },
        "truncate": { interpreter, value, arguments in
            let values = try arguments.bind("truncate", ["length", "killwords", "end", "leeway"])
            let end = try values.text(2, "...").scalars
            let length = try values.int(0, 255)
            let leeway = values.given(3) == nil ? 5 : try values.int(3, 5)
            guard length >= end.count, leeway >= 0 else { throw JinjaFault("'truncate' is given too small a length") }
            guard try interpreter.count(of: value) - leeway > length else { return value }
            guard case .text(let text) = value else {
                throw JinjaFault("'truncate' can't shorten \(value.description)")
            }
            var kept = text.scalars.prefix(length - end.count)
            if !values.bool(1), let space = kept.lastIndex(of: " ") { kept = kept[..<space] }
            return try interpreter.text(kept + end, isMarkup: text.isMarkup)
        },
        "wordcount": { interpreter, value, arguments in
            _ = try arguments.bind("wordcount", [])
            let text = try soft(value, interpreter).scalars
            try interpreter.meter.step(text.count / 4)
            return .int(text.split { !$0.isWord }.count)
        },
        "urlencode": { try encoded($0, $1, $2) },
        "xmlattr": { interpreter, value, arguments in
            let values = try arguments.bind("xmlattr", ["autospace"])
            guard case .dictionary(let dictionary) = value else {
                throw JinjaFault("'xmlattr' needs a dictionary, not \(value.description)")
            }
            var parts: [JinjaText.Scalars] = []
            for (key, value) in zip(dictionary.keys, dictionary.values) where !value.isNull && !value.isUndefined {
                let name = try soft(key, interpreter)
                guard !name.scalars.contains(where: { $0.isPythonSpace || "/>=".unicodeScalars.contains($0) }) else {
                    throw JinjaFault("'\(name.string)' can't be an attribute's name")
                }
                parts.append(
                    try interpreter.escaped(name) + ["=", "\""] + interpreter.escaped(soft(value, interpreter)) + ["\""]
                )
            }
            let space: [JinjaText.Scalars] = values.bool(0, true) && !parts.isEmpty ? [[]] : []
            return try interpreter.text(joining: space + parts, separator: [" "])
        },
    ]

    private static func changed(
        _ name: String, _ interpreter: JinjaInterpreter, _ value: JinjaValue, _ arguments: JinjaArguments,
        _ change: (JinjaText.Scalars) -> JinjaText.Scalars
    ) throws -> JinjaValue {
        _ = try arguments.bind(name, [])
        let text = try soft(value, interpreter)
        try interpreter.meter.step(text.scalars.count / 4)
        return try interpreter.text(change(text.scalars), isMarkup: text.isMarkup)
    }

    /// The text with each word's first letter in upper case; words begin after spaces, hyphens and opening brackets.
    private static func titled(_ text: JinjaText.Scalars) -> JinjaText.Scalars {
        var result: JinjaText.Scalars = []
        var place = 0
        while place < text.count {
            let word = Array(text[place...].prefix { !startsWords($0) })
            result += Array(word.prefix(1)).uppercased + Array(word.dropFirst()).lowercased
            place += word.count
            let gap = text[place...].prefix(while: startsWords)
            result += gap
            place += gap.count
        }
        return result
    }

    private static func startsWords(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isPythonSpace || "-({[<".unicodeScalars.contains(scalar)
    }

    private static func escaped(_ interpreter: JinjaInterpreter, _ value: JinjaValue, _ arguments: JinjaArguments)
        throws
        -> JinjaValue
    {
        _ = try arguments.bind("escape", [])
        return .text(JinjaText(try interpreter.escaped(soft(value, interpreter)), isMarkup: true))
    }

    /// The text without comments and tags, with single spaces and the usual characters unescaped.
    private static func withoutTags(_ text: JinjaText.Scalars) -> JinjaText.Scalars {
        var plain = remove(from: text, "<!--", "-->")
        plain = remove(from: plain, "<", ">")
        let words = plain.split { $0.isPythonSpace }.map { Array($0) }
        var result = Array(words.joined(separator: [" "]))
        for (name, scalar) in [
            ("&lt;", "<"), ("&gt;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&quot;", "\""), ("&amp;", "&"),
        ] {
            let name = Array(name.unicodeScalars)
            var pieces: [ArraySlice<Unicode.Scalar>] = []
            var end = 0
            for place in result.places(of: name) {
                pieces.append(result[end..<place])
                end = place + name.count
            }
            pieces.append(result[end...])
            result = Array(pieces.joined(separator: scalar.unicodeScalars))
        }
        return result
    }

    private static func remove(from text: JinjaText.Scalars, _ start: String, _ end: String) -> JinjaText.Scalars {
        let (start, end) = (Array(start.unicodeScalars), Array(end.unicodeScalars))
        let ends = text.places(of: end)
        var next = 0
        var result: JinjaText.Scalars = []
        var place = 0
        for opening in text.places(of: start) where opening >= place {
            while next < ends.count, ends[next] < opening + start.count { next += 1 }
            guard next < ends.count else { break }
            result += text[place..<opening]
            place = ends[next] + end.count
        }
        return result + text[place...]
    }

    private static func indented(_ interpreter: JinjaInterpreter, _ value: JinjaValue, _ arguments: JinjaArguments)
        throws
        -> JinjaValue
    {
        let values = try arguments.bind("indent", ["width", "first", "blank"])
        guard case .text(let text) = value else {
            if case .undefined(let message) = value { throw JinjaFault(message) }
            throw JinjaFault("'indent' needs a string, not \(value.description)")
        }
        let indent: JinjaText.Scalars =
            if case .text(let text) = values[0] {
                text.scalars
            } else {
                try interpreter.repeated([" "], try values.int(0, 4))
            }
        // The line feed at the end makes a last line of what follows the text's own.
        let lines = (text.scalars + ["\n"]).lines()
        let bytes = indent.count.multipliedReportingOverflow(by: 4 * lines.count)
        try interpreter.meter.allocate(bytes.overflow ? .max : bytes.partialValue)
        let changed = lines.enumerated().map { index, line in
            (index == 0 ? values.bool(1) : values.bool(2) || !line.isEmpty) ? indent + line : line
        }
        return try interpreter.text(joining: changed, separator: ["\n"], isMarkup: text.isMarkup)
    }

    private static func encoded(_ interpreter: JinjaInterpreter, _ value: JinjaValue, _ arguments: JinjaArguments)
        throws
        -> JinjaValue
    {
        _ = try arguments.bind("urlencode", [])
        func quote(_ value: JinjaValue, isQuery: Bool) throws -> JinjaText.Scalars {
            let text = try soft(value, interpreter)
            try interpreter.meter.allocate(48 * text.scalars.count)
            return text.string.utf8.flatMap { byte -> JinjaText.Scalars in
                let scalar = Unicode.Scalar(byte)
                if scalar.properties.isAlphabetic && scalar.isASCII || ("0"..."9").contains(scalar)
                    || "_.-~".unicodeScalars.contains(scalar) || (scalar == "/" && !isQuery)
                {
                    return [scalar]
                }
                if scalar == " ", isQuery { return ["+"] }
                let digits = String(byte, radix: 16, uppercase: true)
                return Array(("%" + (byte < 16 ? "0" : "") + digits).unicodeScalars)
            }
        }
        let pairs: [JinjaValue]
        switch value {
        case .dictionary(let dictionary): pairs = try interpreter.pairs(of: dictionary)
        case .list, .generator: pairs = try interpreter.items(of: value)
        default: return try interpreter.text(quote(value, isQuery: false))
        }
        let parts = try pairs.map { pair -> JinjaText.Scalars in
            let items = try interpreter.items(of: pair)
            guard items.count == 2 else { throw JinjaFault("'urlencode' needs pairs of names and values") }
            return try quote(items[0], isQuery: true) + ["="] + quote(items[1], isQuery: true)
        }
        return try interpreter.text(joining: parts, separator: ["&"])
    }
}
