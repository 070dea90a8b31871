/// Methods of strings that give a changed string.
extension JinjaMethods {
    static let textChanging: [String: Method] = [
        "upper": { try changed("upper", $0, $1, $2) { $0.uppercased } },
        "lower": { try changed("lower", $0, $1, $2) { $0.lowercased } },
        "casefold": { try changed("casefold", $0, $1, $2) { $0.folded } },
        "capitalize": { try changed("capitalize", $0, $1, $2) { $0.capitalized } },
        "title": { try changed("title", $0, $1, $2, titled) },
        "swapcase": {
            try changed("swapcase", $0, $1, $2) { text in
                text.indices.flatMap { index -> JinjaText.Scalars in
                    let properties = text[index].properties
                    return properties.isUppercase
                        ? text.lowercase(at: index) : Array(properties.uppercaseMapping.unicodeScalars)
                }
            }
        },
        "strip": { try stripped("strip", $0, $1, $2, start: true, end: true) },
        "lstrip": { try stripped("lstrip", $0, $1, $2, start: true, end: false) },
        "rstrip": { try stripped("rstrip", $0, $1, $2, start: false, end: true) },
        "removeprefix": { interpreter, owner, arguments in
            let prefix = try arguments.bind("removeprefix", ["prefix"], required: 1).text(0).scalars
            let text = receiver(owner)
            guard text.scalars.starts(with: prefix) else { return owner }
            return try interpreter.text(Array(text.scalars.dropFirst(prefix.count)), isMarkup: text.isMarkup)
        },
        "removesuffix": { interpreter, owner, arguments in
            let suffix = try arguments.bind("removesuffix", ["suffix"], required: 1).text(0).scalars
            let text = receiver(owner)
            guard text.scalars.suffix(suffix.count) == suffix[...] else { return owner }
            return try interpreter.text(Array(text.scalars.dropLast(suffix.count)), isMarkup: text.isMarkup)
        },
        "center": { try padded("center", $0, $1, $2) { length, room in room / 2 + (room & (length + room) & 1) } },
        "ljust": { try padded("ljust", $0, $1, $2) { _, _ in 0 } },
        "rjust": { try padded("rjust", $0, $1, $2) { _, room in room } },
        "zfill": { interpreter, owner, arguments in
            let width = try arguments.bind("zfill", ["width"], required: 1).int(0, 0)
            let text = receiver(owner)
            guard width > text.scalars.count else { return owner }
            let zeros = try interpreter.repeated(["0"], width - text.scalars.count)
            let sign = text.scalars.prefix { $0 == "+" || $0 == "-" }.prefix(1)
            return try interpreter.text(sign + zeros + text.scalars.dropFirst(sign.count), isMarkup: text.isMarkup)
        },
        "expandtabs": { interpreter, owner, arguments in
            let size = try arguments.bind("expandtabs", ["tabsize"]).int(0, 8)
            var result: JinjaText.Scalars = []
            var column = 0
            for scalar in receiver(owner).scalars {
                if scalar == "\t" {
                    let spaces = try interpreter.repeated([" "], size > 0 ? size - column % size : 0)
                    column += spaces.count
                    result += spaces
                } else {
                    column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
                    result.append(scalar)
                }
            }
            return try interpreter.text(result)
        },
        "format": { interpreter, owner, arguments in
            let text = receiver(owner)
            return try interpreter.text(
                JinjaFormat.braces(text.scalars, arguments, interpreter), isMarkup: text.isMarkup)
        },
    ]

    private static func changed(
        _ name: String, _ interpreter: JinjaInterpreter, _ owner: JinjaValue, _ arguments: JinjaArguments,
        _ change: (JinjaText.Scalars) -> JinjaText.Scalars
    ) throws -> JinjaValue {
        _ = try arguments.bind(name, [])
        let text = receiver(owner)
        try interpreter.meter.step(text.scalars.count / 4)
        return try interpreter.text(change(text.scalars), isMarkup: text.isMarkup)
    }

    /// The text with the first letter of each run of letters in title case.
    private static func titled(_ text: JinjaText.Scalars) -> JinjaText.Scalars {
        var followsLetter = false
        return text.indices.flatMap { index -> JinjaText.Scalars in
            let properties = text[index].properties
            defer { followsLetter = properties.isCased }
            return followsLetter ? text.lowercase(at: index) : Array(properties.titlecaseMapping.unicodeScalars)
        }
    }

    private static func stripped(
        _ name: String, _ interpreter: JinjaInterpreter, _ owner: JinjaValue, _ arguments: JinjaArguments,
        start: Bool, end: Bool
    ) throws -> JinjaValue {
        let values = try arguments.bind(name, ["chars"])
        let text = receiver(owner)
        let characters = try values.given(0).map { _ in Set(try values.text(0).scalars) }
        let rest = text.scalars.trimmed(start: start, end: end) { characters?.contains($0) ?? $0.isPythonSpace }
        return try interpreter.text(rest, isMarkup: text.isMarkup)
    }

    /// - Parameter left: gives, of the text's length and the room around it, what comes before it
    private static func padded(
        _ name: String, _ interpreter: JinjaInterpreter, _ owner: JinjaValue, _ arguments: JinjaArguments,
        left: (Int, Int) -> Int
    ) throws -> JinjaValue {
        let values = try arguments.bind(name, ["width", "fillchar"], required: 1)
        let text = receiver(owner)
        let fill = try values.text(1, " ").scalars
        guard fill.count == 1 else { throw JinjaFault("'\(name)' fills with one character, not \(fill.count)") }
        let width = try values.int(0, 0)
        guard width > text.scalars.count else { return owner }
        let room = width - text.scalars.count
        let filling = try interpreter.repeated(fill, room)
        let before = left(text.scalars.count, room)
        return try interpreter.text(
            Array(filling[..<before]) + text.scalars + Array(filling[before...]), isMarkup: text.isMarkup)
    }
}

/// Methods of strings that ask what they are made of.
extension JinjaMethods {
    static let textAsking: [String: Method] = [
        "isalpha": { try isEvery("isalpha", $0, $1, $2) { $0.isLetter } },
        "isdecimal": { try isEvery("isdecimal", $0, $1, $2) { $0.isDecimal } },
        "isdigit": { try isEvery("isdigit", $0, $1, $2) { $0.isDigit } },
        "isnumeric": { try isEvery("isnumeric", $0, $1, $2) { $0.properties.numericType != nil } },
        "isalnum": { try isEvery("isalnum", $0, $1, $2) { $0.isLetter || $0.properties.numericType != nil } },
        "isspace": { try isEvery("isspace", $0, $1, $2) { $0.isPythonSpace } },
        "isascii": { try isEvery("isascii", $0, $1, $2, orEmpty: true) { $0.isASCII } },
        "isprintable": { try isEvery("isprintable", $0, $1, $2, orEmpty: true) { $0.isPrintable } },
        "islower": {
            try isCased("islower", $0, $1, $2) {
                !$0.properties.isUppercase && $0.properties.generalCategory != .titlecaseLetter
            }
        },
        "isupper": {
            try isCased("isupper", $0, $1, $2) {
                !$0.properties.isLowercase && $0.properties.generalCategory != .titlecaseLetter
            }
        },
        "istitle": { interpreter, owner, arguments in
            _ = try arguments.bind("istitle", [])
            let text = receiver(owner).scalars
            try interpreter.meter.step(text.count / 4)
            return .bool(text.contains { $0.properties.isCased } && titled(text) == text)
        },
        "isidentifier": { interpreter, owner, arguments in
            _ = try arguments.bind("isidentifier", [])
            let text = receiver(owner).scalars
            try interpreter.meter.step(text.count / 4)
            let first = text.first.map { $0 == "_" || $0.properties.isXIDStart } ?? false
            return .bool(first && text.allSatisfy(\.properties.isXIDContinue))
        },
    ]

    private static func isEvery(
        _ name: String, _ interpreter: JinjaInterpreter, _ owner: JinjaValue, _ arguments: JinjaArguments,
        orEmpty: Bool = false, _ holds: (Unicode.Scalar) -> Bool
    ) throws -> JinjaValue {
        _ = try arguments.bind(name, [])
        let text = receiver(owner).scalars
        try interpreter.meter.step(text.count / 4)
        return .bool((orEmpty || !text.isEmpty) && text.allSatisfy(holds))
    }

    private static func isCased(
        _ name: String, _ interpreter: JinjaInterpreter, _ owner: JinjaValue, _ arguments: JinjaArguments,
        _ holds: (Unicode.Scalar) -> Bool
    ) throws -> JinjaValue {
        let hasCase = receiver(owner).scalars.contains { $0.properties.isCased }
        guard case .bool(let isEvery) = try isEvery(name, interpreter, owner, arguments, holds) else { return .null }
        return .bool(isEvery && hasCase)
    }
}
