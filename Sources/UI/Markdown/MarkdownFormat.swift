import Screen

/// Draws an answer's Markdown line by line: headings, lists, quotes, emphasis and blocks of code.
///
/// What a line is shows in its first characters and in the lines before, never in what follows; so a line that is drawn
/// stays as it is while the answer grows. What isn't known here, such as tables, is drawn as it was written.
struct MarkdownFormat: LineFormat {
    /// Columns before the lines of a block of code.
    static let codeIndent = 2
    private static let ruleColumns = 20

    private let glyphs: Glyphs
    private let wrapsCode: Bool
    /// The number of the next block of code in the conversation.
    private var nextBlock: Int
    private var fence: CodeFence?
    /// Whether the open block has something in it: a fence at an answer's end may be a slip.
    private var hasCode = false

    init(glyphs: Glyphs, codeBlocksBefore: Int = 0, wrapsCode: Bool = true) {
        self.glyphs = glyphs
        self.wrapsCode = wrapsCode
        nextBlock = codeBlocksBefore + 1
    }

    mutating func format(_ line: Substring, isOpen: Bool) -> FormattedLine? {
        if let fence {
            guard fence.isClosed(by: line) else {
                if line.contains(where: { $0 != " " }) { hasCode = true }
                return FormattedLine(
                    cells: Self.marked(InertText.cells(of: fence.code(of: line)), .code), indent: Self.codeIndent,
                    hanging: Self.codeIndent, breaks: wrapsCode)
            }
            self.fence = nil
            nextBlock += 1
            return copyLabel(nextBlock - 1)
        }
        if let opening = CodeFence(line) {
            guard !isOpen else { return FormattedLine(cells: Self.marked(InertText.cells(of: line), .marker)) }
            (fence, hasCode) = (opening, false)
            return nil
        }
        return text(line, isOpen: isOpen)
    }

    func ending() -> [FormattedLine] {
        fence == nil || !hasCode ? [] : [copyLabel(nextBlock)]
    }

    private func copyLabel(_ number: Int) -> FormattedLine {
        let text = "[\(number)] copy: /copy code \(number)"
        return FormattedLine(cells: Self.marked(TextWidth.cells(of: text), .marker), alignsRight: true)
    }

    private func text(_ line: Substring, isOpen: Bool) -> FormattedLine {
        let body = line.drop { $0 == " " }
        let blanks = line.count - body.count
        if let heading = Self.heading(body) {
            return FormattedLine(cells: InlineMarkup.cells(of: heading, base: .heading, isOpen: isOpen))
        }
        if !isOpen, Self.isRule(body) {
            let rule = String(repeating: glyphs.horizontalLine, count: Self.ruleColumns)
            return FormattedLine(cells: Self.marked(TextWidth.cells(of: rule), .marker))
        }
        guard let (marker, rest, base) = item(body) else {
            let cells = InertText.cells(of: line.prefix(blanks)) + InlineMarkup.cells(of: body, isOpen: isOpen)
            return FormattedLine(cells: cells, hanging: blanks)
        }
        let first = InertText.cells(of: line.prefix(blanks)) + Self.marked(TextWidth.cells(of: marker), .marker)
        return FormattedLine(
            cells: first + InlineMarkup.cells(of: rest, base: base, isOpen: isOpen), hanging: blanks + marker.count)
    }

    /// The text of a heading, once there is some.
    private static func heading(_ body: Substring) -> Substring? {
        let marks = body.prefix { $0 == "#" }
        let rest = body.dropFirst(marks.count)
        guard (1...6).contains(marks.count), rest.first == " " else { return nil }
        let text = rest.drop { $0 == " " }
        return text.isEmpty ? nil : text
    }

    /// Whether the line is `---`, `***` or `___`, with blanks between.
    private static func isRule(_ body: Substring) -> Bool {
        guard let mark = body.first, "-*_".contains(mark) else { return false }
        return body.allSatisfy { $0 == mark || $0 == " " } && body.filter { $0 == mark }.count >= 3
    }

    /// The marker of a list item or a quote, what follows it, and how that looks.
    private func item(_ body: Substring) -> (marker: String, rest: Substring, base: TextFace)? {
        guard let first = body.first else { return nil }
        let digits = body.prefix { $0.isASCII && $0.isNumber }
        let markLength = digits.isEmpty ? 1 : digits.count + 1
        let rest = body.dropFirst(markLength)
        guard rest.first == " ", !rest.allSatisfy({ $0 == " " }) else { return nil }
        let text = rest.drop { $0 == " " }
        let blanks = String(repeating: " ", count: rest.count - text.count)
        switch first {
        case "-", "*", "+": return (glyphs.bullet + blanks, text, .plain)
        case ">": return (">" + blanks, text, .quote)
        default:
            guard (1...9).contains(digits.count), let end = body.dropFirst(digits.count).first, ".)".contains(end)
            else { return nil }
            return (String(body.prefix(markLength)) + blanks, text, .plain)
        }
    }

    private static func marked(_ cells: [TextCell], _ face: TextFace) -> [TextCell] {
        cells.map { $0.face == .plain ? TextCell(text: $0.text, width: $0.width, face: face) : $0 }
    }
}
