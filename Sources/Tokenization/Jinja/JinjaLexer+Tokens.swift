import Foundation

/// Words inside tags.
extension JinjaLexer {
    /// The longest come first.
    private static let symbols: [JinjaText.Scalars] = [
        "**", "//", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=",
        ".", ":", "|", ",", ";",
    ].map { Array($0.unicodeScalars) }

    /// Reads the word that starts here.
    mutating func readToken() throws -> JinjaToken.Kind {
        guard let scalar = peek() else { return .end }
        if scalar == "'" || scalar == "\"" { return .text(JinjaText(try readString(quote: scalar))) }
        if ("0"..."9").contains(scalar) { return try readNumber() }
        if scalar.isWord { return .name(readWord()) }
        for symbol in Self.symbols where scalars[place...].starts(with: symbol) {
            place += symbol.count
            return .symbol(symbol.string)
        }
        throw JinjaFault("'\(scalar)' has no meaning inside a tag", line: line)
    }

    // MARK: - Numbers

    private mutating func readNumber() throws -> JinjaToken.Kind {
        if peek() == "0",
            let radix = [("b", 2), ("o", 8), ("x", 16)].first(where: { mark, _ in
                peek(1).map { Character($0).lowercased() } == mark
            })?.1
        {
            place += 2
            return .int(try integer(readDigits { $0.properties.isASCIIHexDigit }, radix: radix))
        }
        let start = place
        let digits = readDigits { ("0"..."9").contains($0) }
        var isFloat = false
        // After a dot, digits are an index: `pair.0.1`.
        let followsDot = start > 0 && scalars[start - 1] == "."
        if !followsDot, peek() == ".", peek(1).map({ ("0"..."9").contains($0) }) == true {
            place += 1
            _ = readDigits { ("0"..."9").contains($0) }
            isFloat = true
        }
        if !followsDot, peek() == "e" || peek() == "E" {
            let sign = peek(1) == "+" || peek(1) == "-" ? 1 : 0
            if peek(1 + sign).map({ ("0"..."9").contains($0) }) == true {
                place += 1 + sign
                _ = readDigits { ("0"..."9").contains($0) }
                isFloat = true
            }
        }
        guard isFloat else {
            guard digits.first != "0" || digits.allSatisfy({ $0 == "0" }) else {
                throw JinjaFault("the number '\(digits)' starts with 0", line: line)
            }
            return .int(try integer(digits, radix: 10))
        }
        let text = Array(scalars[start..<place]).string.filter { $0 != "_" }
        guard let value = Double(text) else { throw JinjaFault("'\(text)' is no number", line: line) }
        return .float(value)
    }

    /// Reads digits that may have underscores between them, and leaves those out.
    private mutating func readDigits(_ isDigit: (Unicode.Scalar) -> Bool) -> String {
        var digits: JinjaText.Scalars = []
        while let scalar = peek() {
            if isDigit(scalar) {
                digits.append(scalar)
                place += 1
            } else if scalar == "_", let next = peek(1), isDigit(next) {
                place += 1
            } else {
                break
            }
        }
        return digits.string
    }

    private func integer(_ digits: String, radix: Int) throws -> Int {
        guard let value = Int(digits, radix: radix) else {
            throw JinjaFault(
                digits.isEmpty
                    ? "a number has no digits" : "the number '\(digits)' has wrong digits or too many of them",
                line: line)
        }
        return value
    }

    // MARK: - Strings

    private mutating func readString(quote: Unicode.Scalar) throws -> JinjaText.Scalars {
        let start = line
        place += 1
        var text: JinjaText.Scalars = []
        while let scalar = peek() {
            moveForward(to: place + 1)
            if scalar == quote { return text }
            if scalar == "\\" {
                try readEscape(into: &text)
            } else {
                text.append(scalar)
            }
        }
        throw JinjaFault("a string has no end (\(quote))", line: start)
    }

    /// Reads what follows a backslash, as in Python.
    private mutating func readEscape(into text: inout JinjaText.Scalars) throws {
        guard let scalar = peek() else { return }
        moveForward(to: place + 1)
        switch scalar {
        case "\n": break
        case "n": text.append("\n")
        case "t": text.append("\t")
        case "r": text.append("\r")
        case "a": text.append("\u{07}")
        case "b": text.append("\u{08}")
        case "f": text.append("\u{0C}")
        case "v": text.append("\u{0B}")
        case "\\", "'", "\"": text.append(scalar)
        case "x": text.append(try readCode(digits: 2))
        case "u": text.append(try readCode(digits: 4))
        case "U": text.append(try readCode(digits: 8))
        case "N": throw JinjaFault("characters by name ('\\N{…}') can't be read", line: line)
        case "0"..."7":
            var value = scalar.value - 0x30
            for _ in 0..<2 {
                guard let next = peek(), ("0"..."7").contains(next) else { break }
                value = value * 8 + next.value - 0x30
                place += 1
            }
            text.append(try character(value))
        default: text += ["\\", scalar]
        }
    }

    private mutating func readCode(digits: Int) throws -> Unicode.Scalar {
        let code = Array(scalars[place..<min(place + digits, scalars.count)])
        guard code.count == digits, code.allSatisfy(\.properties.isASCIIHexDigit),
            let value = UInt32(code.string, radix: 16)
        else { throw JinjaFault("a character's code needs \(digits) hexadecimal digits", line: line) }
        place += digits
        return try character(value)
    }

    private func character(_ code: UInt32) throws -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(code) else {
            throw JinjaFault("there is no character with the code \(String(code, radix: 16))", line: line)
        }
        return scalar
    }
}
