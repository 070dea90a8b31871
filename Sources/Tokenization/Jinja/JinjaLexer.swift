/// Cuts a template into words, with white space at tags as Hugging Face sets it up for chat templates.
///
/// The first line feed after a block tag or a comment is dropped (`trim_blocks`), and so are spaces before one that
/// comes first on its line (`lstrip_blocks`). A minus sign inside a tag drops all white space on its side, a plus sign
/// keeps it. One line feed at the end of the template is dropped.
struct JinjaLexer {
    /// What opens a tag.
    private enum Opening {
        case output, block, comment

        var closing: JinjaText.Scalars {
            switch self {
            case .output: ["}", "}"]
            case .block: ["%", "}"]
            case .comment: ["#", "}"]
            }
        }
    }

    private(set) var scalars: JinjaText.Scalars
    var place = 0
    var line = 1
    private var tokens: [JinjaToken] = []
    /// Whether what was read last ends a line, as far as the next text is concerned.
    private var startsLine = true

    /// Returns the words of `source`; the last one is the end.
    static func tokens(of source: String) throws -> [JinjaToken] {
        var lexer = JinjaLexer(source)
        try lexer.readTemplate()
        return lexer.tokens
    }

    private init(_ source: String) {
        scalars = []
        var previous: Unicode.Scalar?
        for scalar in source.unicodeScalars {
            if scalar != "\n" || previous != "\r" { scalars.append(scalar == "\r" ? "\n" : scalar) }
            previous = scalar
        }
        if scalars.last == "\n" { scalars.removeLast() }
    }

    private mutating func readTemplate() throws {
        while let (opening, start) = nextOpening() {
            let text = scalars[place..<start]
            let firstLine = line
            moveForward(to: start + 2)
            let sign = readSign()
            addText(text, before: opening, sign: sign, line: firstLine)
            switch opening {
            case .comment: try skipComment()
            case .output: try readTag(opening, .outputStart, .outputEnd)
            case .block:
                if let body = rawBody() {
                    try readRaw(from: body)
                } else {
                    try readTag(opening, .blockStart, .blockEnd)
                }
            }
        }
        if place < scalars.count {
            tokens.append(JinjaToken(kind: .data(JinjaText(Array(scalars[place...]))), line: line))
        }
        moveForward(to: scalars.count)
        tokens.append(JinjaToken(kind: .end, line: line))
    }

    // MARK: - Between tags

    private func nextOpening() -> (Opening, Int)? {
        var index = place
        while index + 1 < scalars.count {
            if scalars[index] == "{" {
                switch scalars[index + 1] {
                case "{": return (.output, index)
                case "%": return (.block, index)
                case "#": return (.comment, index)
                default: break
                }
            }
            index += 1
        }
        return nil
    }

    private mutating func readSign() -> Unicode.Scalar? {
        guard let sign = peek(), sign == "-" || sign == "+" else { return nil }
        place += 1
        return sign
    }

    private mutating func addText(
        _ text: ArraySlice<Unicode.Scalar>, before opening: Opening, sign: Unicode.Scalar?, line: Int
    ) {
        var text = text
        if sign == "-" {
            while text.last?.isPythonSpace == true { text.removeLast() }
        } else if sign == nil, opening != .output {
            let lineStart = text.lastIndex(of: "\n").map { $0 + 1 }
            if lineStart != nil || startsLine, text[(lineStart ?? text.startIndex)...].allSatisfy(\.isPythonSpace) {
                text = text[..<(lineStart ?? text.startIndex)]
            }
        }
        if !text.isEmpty { tokens.append(JinjaToken(kind: .data(JinjaText(Array(text))), line: line)) }
    }

    private mutating func skipComment() throws {
        let start = line
        guard let end = scalars.places(of: ["#", "}"], limit: 1, from: place).first else {
            throw JinjaFault("a comment has no end ('#}')", line: start)
        }
        let sign = end > place ? scalars[end - 1] : nil
        moveForward(to: end + 2)
        finishTag(.comment, sign: sign)
    }

    /// Drops the white space that a tag's end takes with it.
    private mutating func finishTag(_ opening: Opening, sign: Unicode.Scalar?) {
        let start = place
        if sign == "-" {
            while peek()?.isPythonSpace == true { moveForward(to: place + 1) }
        } else if opening != .output, sign != "+", peek() == "\n" {
            moveForward(to: place + 1)
        }
        startsLine = place > start && scalars[place - 1] == "\n"
    }

    /// The place after `raw %}` if that comes next, with the white space that the tag's end takes.
    private func rawBody() -> Int? {
        var copy = self
        copy.skipSpace()
        guard copy.readWord() == "raw" else { return nil }
        copy.skipSpace()
        let strips = copy.peek() == "-"
        if strips { copy.place += 1 }
        guard copy.peek() == "%", copy.peek(1) == "}" else { return nil }
        copy.place += 2
        if strips { copy.skipSpace() }
        return copy.place
    }

    /// Reads text that is taken as it is, up to its `endraw`.
    private mutating func readRaw(from body: Int) throws {
        let start = line
        moveForward(to: body)
        startsLine = scalars[place - 1] == "\n"
        for end in scalars.places(of: ["{", "%"], from: place) {
            var tag = self
            tag.moveForward(to: end + 2)
            let sign = tag.readSign()
            tag.skipSpace()
            guard tag.readWord() == "endraw" else { continue }
            tag.skipSpace()
            let endSign = tag.readSign()
            guard tag.peek() == "%", tag.peek(1) == "}" else { continue }
            tag.place += 2
            addText(scalars[place..<end], before: .block, sign: sign, line: line)
            (place, line) = (tag.place, tag.line)
            finishTag(.block, sign: endSign)
            return
        }
        throw JinjaFault("a raw block has no end ('{% endraw %}')", line: start)
    }

    // MARK: - Inside tags

    private mutating func readTag(_ opening: Opening, _ start: JinjaToken.Kind, _ end: JinjaToken.Kind) throws {
        let firstLine = line
        tokens.append(JinjaToken(kind: start, line: line))
        var brackets: [Unicode.Scalar] = []
        while true {
            skipSpace()
            guard let scalar = peek() else { throw JinjaFault("a tag has no end", line: firstLine) }
            if brackets.isEmpty {
                let sign = scalar == "-" || (scalar == "+" && opening == .block) ? scalar : nil
                let offset = sign == nil ? 0 : 1
                if peek(offset) == opening.closing[0], peek(offset + 1) == opening.closing[1] {
                    tokens.append(JinjaToken(kind: end, line: line))
                    place += offset + 2
                    finishTag(opening, sign: sign)
                    return
                }
            }
            let token = JinjaToken(kind: try readToken(), line: line)
            switch token.kind {
            case .symbol("("): brackets.append(")")
            case .symbol("["): brackets.append("]")
            case .symbol("{"): brackets.append("}")
            case .symbol(")"), .symbol("]"), .symbol("}"):
                guard let expected = brackets.popLast() else {
                    throw JinjaFault("\(token.description) closes nothing", line: line)
                }
                guard token.kind == .symbol(String(expected)) else {
                    throw JinjaFault("\(token.description) stands where '\(expected)' is expected", line: line)
                }
            default: break
            }
            tokens.append(token)
        }
    }

    // MARK: - Moving

    func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        place + offset < scalars.count ? scalars[place + offset] : nil
    }

    /// Goes to `end` and counts the lines in between.
    mutating func moveForward(to end: Int) {
        for index in place..<end where scalars[index] == "\n" { line += 1 }
        place = end
    }

    private mutating func skipSpace() {
        while peek()?.isPythonSpace == true { moveForward(to: place + 1) }
    }

    /// Reads letters, digits and underscores.
    mutating func readWord() -> String {
        let start = place
        while peek()?.isWord == true { place += 1 }
        return Array(scalars[start..<place]).string
    }
}
