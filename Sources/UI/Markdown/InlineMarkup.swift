import Screen

/// Emphasis and code within one line of Markdown.
///
/// A mark counts from the moment it can be one: what streams in is drawn as it will be when the line is complete, so
/// that nothing drawn moves. The backticks around code stay, so that it is told from text without colour.
struct InlineMarkup {
    /// A part of the line: text, or marks that may open or close something.
    private struct Part {
        var text: String
        var face = TextFace.plain
        var isMark = false
    }

    /// Marks that wait for their partner.
    private struct Opener {
        var part: Int
        var mark: Character
        var count: Int
    }

    private let characters: [Character]
    private let isOpen: Bool
    private var parts: [Part] = []
    private var openers: [Opener] = []
    private var place = 0

    /// The cells of a line's text.
    ///
    /// - Parameters:
    ///   - base: How the text looks where nothing else is said.
    ///   - isOpen: Whether more of the line may come.
    static func cells(of text: Substring, base: TextFace = .plain, isOpen: Bool) -> [TextCell] {
        var markup = InlineMarkup(text, isOpen: isOpen)
        markup.read()
        return markup.parts.flatMap { part in
            InertText.cells(of: part.text[...]).map { cell in
                guard cell.face == .plain else { return cell }
                return TextCell(text: cell.text, width: cell.width, face: part.face == .plain ? base : part.face)
            }
        }
    }

    private init(_ text: Substring, isOpen: Bool) {
        characters = Array(text)
        self.isOpen = isOpen
    }

    private mutating func read() {
        while place < characters.count {
            switch characters[place] {
            case "`": readCode()
            case "*", "_": readMark()
            case "\\" where place + 1 < characters.count && "*_`#".contains(characters[place + 1]):
                append(String(characters[place + 1]))
                place += 2
            default:
                append(String(characters[place]))
                place += 1
            }
        }
        guard isOpen else { return }
        // Its partner may still come.
        for opener in openers.reversed() { emphasize(from: opener, count: opener.count, to: parts.count) }
    }

    private mutating func append(_ text: String) {
        if let last = parts.indices.last, !parts[last].isMark, parts[last].face == .plain {
            parts[last].text += text
        } else {
            parts.append(Part(text: text))
        }
    }

    /// Reads `code` up to as many backticks as it began with.
    private mutating func readCode() {
        let count = run(at: place)
        let start = place + count
        var end = start
        while end < characters.count, characters[end] != "`" || run(at: end) != count {
            end += characters[end] == "`" ? run(at: end) : 1
        }
        let isClosed = end < characters.count
        let ticks = String(repeating: "`", count: count)
        guard isClosed || (isOpen && end > start) else {
            append(ticks)
            place = start
            return
        }
        parts.append(Part(text: ticks, face: .marker))
        parts.append(Part(text: String(characters[start..<end]), face: .code))
        if isClosed { parts.append(Part(text: ticks, face: .marker)) }
        place = end + (isClosed ? count : 0)
    }

    private mutating func readMark() {
        let mark = characters[place]
        let count = run(at: place)
        let before = place > 0 ? characters[place - 1] : nil
        let after = place + count < characters.count ? characters[place + count] : nil
        defer { place += count }
        let isWordBefore = before.map { $0.isLetter || $0.isNumber } ?? false
        let isWordAfter = after.map { $0.isLetter || $0.isNumber } ?? false
        var rest = count
        if let before, !before.isWhitespace, mark == "*" || !isWordAfter {
            rest = close(mark, count: count, isLast: after == nil)
        }
        guard rest > 0 else { return }
        parts.append(Part(text: String(repeating: mark, count: rest), isMark: true))
        guard rest == count, count <= 3, let after, !after.isWhitespace, !isWordBefore else { return }
        openers.append(Opener(part: parts.count - 1, mark: mark, count: count))
    }

    /// Closes what is open, innermost first, and returns how many marks are left.
    private mutating func close(_ mark: Character, count: Int, isLast: Bool) -> Int {
        var rest = count
        while rest > 0, let top = openers.last(where: { $0.mark == mark }),
            let index = openers.lastIndex(where: { $0.mark == mark })
        {
            // Half of a closing pair, whose other half may still come.
            if isOpen && isLast && top.count > rest { break }
            let closed = min(top.count, rest)
            emphasize(from: top, count: closed, to: parts.count)
            rest -= closed
            openers.removeSubrange((index + 1)...)
            openers[index].count -= closed
            if openers[index].count == 0 { openers.remove(at: index) }
        }
        return rest
    }

    /// Marks the parts after an opener, and hides so many of its marks.
    private mutating func emphasize(from opener: Opener, count: Int, to end: Int) {
        parts[opener.part].text.removeLast(min(count, parts[opener.part].text.count))
        let added: TextFace = count == 1 ? .emphasis : count == 2 ? .strong : .strongEmphasis
        for index in (opener.part + 1)..<max(opener.part + 1, end) {
            parts[index].face = Self.union(parts[index].face, added)
        }
    }

    private static func union(_ face: TextFace, _ added: TextFace) -> TextFace {
        switch face {
        case .plain: added
        case .emphasis where added != .emphasis, .strong where added != .strong: .strongEmphasis
        default: face
        }
    }

    private func run(at start: Int) -> Int {
        characters[start...].prefix { $0 == characters[start] }.count
    }
}
