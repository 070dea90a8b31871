import Screen

/// Tokens that a model was fed, with what it would have said itself, where that is another, between bars behind them.
///
/// For example `You| Room| said room 412.`
///
/// The text is shown as it came, since a choice may stand anywhere in it, inside of markup too.
struct ChoiceFormat: LineFormat {
    /// Around a choice in the text; no text that is shown has them.
    private static let begin: Character = "\u{2}"
    private static let end: Character = "\u{3}"

    let glyphs: Glyphs

    /// A token's part of the text.
    ///
    /// - Parameter choice: what would have been said in its place; nil is the same
    static func piece(_ text: String, choice: String?) -> String {
        func plain(_ text: String) -> String { text.filter { $0 != begin && $0 != end } }
        guard let choice else { return plain(text) }
        return plain(text) + String(begin) + plain(DifferenceStrip.unbroken(choice)) + String(end)
    }

    func format(_ line: Substring, isOpen: Bool) -> FormattedLine? {
        var cells: [TextCell] = []
        var rest = line
        while let start = rest.firstIndex(of: Self.begin) {
            cells += InertText.cells(of: rest[..<start])
            let choice = rest[rest.index(after: start)...]
            let stop = choice.firstIndex(of: Self.end) ?? choice.endIndex
            cells += Self.marked(glyphs.verticalLine + choice[..<stop] + glyphs.verticalLine)
            rest = stop < choice.endIndex ? choice[choice.index(after: stop)...] : choice[stop...]
        }
        return FormattedLine(cells: cells + InertText.cells(of: rest))
    }

    func ending() -> [FormattedLine] { [] }

    private static func marked(_ text: String) -> [TextCell] {
        InertText.cells(of: text[...]).map { cell in
            cell.face == .plain ? TextCell(text: cell.text, width: cell.width, face: .choice) : cell
        }
    }
}
