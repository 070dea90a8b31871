/// Walks over a TOML text's brackets and bare values, past strings and comments, for what TOMLKit's parser can't take.
struct TOMLOutline {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    /// Whether no `=` stands before `place` in its line.
    private var isBeforeValue = true
    private var open: [UInt8] = []
    /// Whether a value may begin at `place`.
    private var expectsValue = false

    private init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The first bracket that closes no open one of its kind, or the first table's name that is none.
    static func problem(in text: String) -> TOMLProblem? {
        var outline = TOMLOutline(text)
        return outline.problem()
    }

    private mutating func problem() -> TOMLProblem? {
        while place < bytes.count {
            let byte = bytes[place]
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                isBeforeValue = true
                if open.isEmpty { expectsValue = false }
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
            case UInt8(ascii: "="):
                isBeforeValue = false
                expectsValue = true
            case UInt8(ascii: ","): expectsValue = open.last == UInt8(ascii: "[")
            case UInt8(ascii: "["):
                guard isBeforeValue, open.isEmpty else {
                    open.append(byte)
                    expectsValue = true
                    break
                }
                guard skipHeader() else {
                    return TOMLProblem(
                        line: line,
                        message: "a line that begins with [ has to be a table's name in brackets, such as [sampler]")
                }
            case UInt8(ascii: "{"):
                open.append(byte)
                expectsValue = false
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                let opening = byte == UInt8(ascii: "]") ? UInt8(ascii: "[") : UInt8(ascii: "{")
                guard open.popLast() == opening else {
                    let bracket = Character(Unicode.Scalar(byte))
                    return TOMLProblem(line: line, message: "\(bracket) closes nothing that is open")
                }
                expectsValue = false
            case UInt8(ascii: "#"):
                while place + 1 < bytes.count, bytes[place + 1] != UInt8(ascii: "\n") { place += 1 }
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                skipString(byte)
                expectsValue = false
            default:
                guard expectsValue else { break }
                let value = skipBareValue()
                guard Self.isNumberOrTruth(value) else {
                    return TOMLProblem(
                        line: line, message: "\(value) is no number, true or false; texts stand in quotes: \"\(value)\""
                    )
                }
                expectsValue = false
            }
            place += 1
        }
        return nil
    }

    /// Moves to the last byte of what stands at `place` up to a blank, comma, bracket or comment, and returns it.
    private mutating func skipBareValue() -> String {
        let end = bytes[place...].firstIndex { " \t\r\n,]}#".utf8.contains($0) } ?? bytes.count
        defer { place = end - 1 }
        return String(decoding: bytes[place..<end], as: UTF8.self)
    }

    /// Dates, which TOML has too, are none: no setting is one.
    private static func isNumberOrTruth(_ text: String) -> Bool {
        let number = /[+-]?([0-9][0-9_]*(\.[0-9_]+)?([eE][+-]?[0-9_]+)?|0[xob][0-9A-Fa-f_]+|inf|nan)/
        return text == "true" || text == "false" || text.wholeMatch(of: number) != nil
    }

    /// Moves from a string's first quote to its last, or to the end of what can belong to it.
    private mutating func skipString(_ quote: UInt8) {
        let isLong = bytes[place...].starts(with: [quote, quote, quote])
        let end = [UInt8](repeating: quote, count: isLong ? 3 : 1)
        place += end.count
        while place < bytes.count, !bytes[place...].starts(with: end) {
            if bytes[place] == UInt8(ascii: "\n") {
                guard isLong else {
                    // A short string ends with its line.
                    place -= 1
                    return
                }
                line += 1
            } else if bytes[place] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                place += 1
                if place < bytes.count, bytes[place] == UInt8(ascii: "\n") { line += 1 }
            }
            place += 1
        }
        place += end.count - 1
    }

    /// Whether a table's name stands at `place`: `[a.b]` or `[[a.b]]`; moves to its last bracket.
    private mutating func skipHeader() -> Bool {
        let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        let depth = bytes[place..<end].prefix { $0 == UInt8(ascii: "[") }.count
        guard depth <= 2 else { return false }
        let text = String(decoding: bytes[(place + depth)..<end], as: UTF8.self)
        var name = Substring(text)
        while true {
            name = name.drop { $0 == " " || $0 == "\t" }
            guard let rest = Self.droppingKey(name)?.drop(while: { $0 == " " || $0 == "\t" }) else { return false }
            guard rest.first == "." else {
                name = rest
                break
            }
            name = rest.dropFirst()
        }
        guard name.prefix(while: { $0 == "]" }).count == depth else { return false }
        place = end - name.utf8.count + depth - 1
        return true
    }

    /// What follows a bare or quoted key; nil if there is none.
    private static func droppingKey(_ text: Substring) -> Substring? {
        guard let first = text.first else { return nil }
        if first == "\"" || first == "'" {
            var rest = text.dropFirst()
            while let character = rest.first {
                rest = rest.dropFirst()
                if character == first { return rest }
                if character == "\\", first == "\"" { rest = rest.dropFirst() }
            }
            return nil
        }
        let rest = text.drop { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        return rest.startIndex == text.startIndex ? nil : rest
    }
}
