import Chat
import Screen

/// The tokens that both models were fed, with what the one that follows would have said where that is another.
struct DifferenceStrip: Widget {
    var tokens: [SampledToken]
    /// Whether more is to come, so that the end is shown; else the first difference is.
    var isOpen: Bool
    var theme: Theme
    var glyphs: Glyphs

    private static let title = " token by token  "

    init(_ prompt: ComparedPrompt?, isOpen: Bool, theme: Theme, glyphs: Glyphs) {
        tokens = prompt?.comparedTokens ?? []
        (self.isOpen, self.theme, self.glyphs) = (isOpen, theme, glyphs)
    }

    /// All of it as a line of text; nil where nothing was compared.
    var line: String? {
        tokens.isEmpty
            ? nil
            : "token by token  " + tokens.map { piece($0) }.map { $0.text + ($0.choice ?? "") }.joined(separator: "  ")
    }

    /// A token that was fed, and what would have been said instead.
    private struct Piece {
        var text: String
        var choice: String?
        var columns: Int
    }

    private func piece(_ token: SampledToken) -> Piece {
        let text = Self.shown(token.text)
        let choice = token.comparison.flatMap { $0.agrees ? nil : glyphs.verticalLine + Self.shown($0.choice.text) }
        return Piece(text: text, choice: choice, columns: TextWidth.of(text) + TextWidth.of(choice ?? "") + 2)
    }

    /// Blanks at a token's beginning stand between tokens anyway.
    private static func shown(_ text: String) -> String {
        let plain = unbroken(text).trimmingBlanks
        return plain.isEmpty ? "\" \"" : plain
    }

    static func quoted(_ text: String) -> String {
        "\"" + unbroken(text) + "\""
    }

    /// A token's text in one line, with its blanks.
    static func unbroken(_ text: String) -> String {
        text.replacing("\n", with: "\\n").replacing("\t", with: "\\t")
    }

    func draw(into frame: inout CellBuffer, in rect: Rect) {
        var place = rect.row
        let indent = TextWidth.of(Self.title)
        frame.put(Self.title, in: rect, style: theme[.dim])
        for row in rows(columns: rect.columns - indent, count: rect.rows) {
            var position = Position(column: rect.column + indent, row: place)
            for piece in row {
                position.column = frame.put(piece.text, at: position, in: rect, style: theme[.text])
                if let choice = piece.choice {
                    position.column = frame.put(choice, at: position, in: rect, style: theme[.warn])
                }
                position.column += 2
            }
            place += 1
        }
    }

    /// The pieces by rows: the last ones that fit, or from the first difference on.
    private func rows(columns: Int, count: Int) -> [[Piece]] {
        let from = isOpen ? 0 : max(0, (tokens.firstIndex { $0.comparison?.agrees == false } ?? 0) - 2)
        // Every piece has three columns at least.
        let most = max(1, columns * count / 3)
        let shown = isOpen ? tokens.suffix(most) : tokens[from...].prefix(most)
        var rows: [[Piece]] = [[]]
        var used = 0
        for piece in shown.map(piece) {
            if used + piece.columns > columns, used > 0 {
                rows.append([])
                used = 0
            }
            rows[rows.count - 1].append(piece)
            used += piece.columns
        }
        return Array(isOpen ? rows.suffix(count) : rows.prefix(count))
    }
}
