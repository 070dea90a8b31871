import Chat
import Screen

/// Tokens laid out as text, in lines that bars can stand below.
struct TokenBands {
    struct Cell {
        /// The token's index.
        var token: Int
        var text: String
        var column: Int
        var width: Int
        /// Columns of blanks before its first character, below which there is no bar.
        var blanks: Int
    }

    private(set) var lines: [[Cell]] = [[]]

    /// - Parameter breaksLines: whether a line ends where the text's does
    init(_ tokens: [Insight.Token], width: Int, breaksLines: Bool, glyphs: Glyphs) {
        var column = 0
        for (index, token) in tokens.enumerated() {
            var text = token.shown(glyphs)
            var columns = InertText.cells(of: text[...]).reduce(0) { $0 + $1.width }
            if columns > width {
                text = glyphs.truncated(InertText.plain(text), to: width)
                columns = TextWidth.of(text)
            }
            if column + columns > width {
                lines.append([])
                column = 0
            }
            let blanks = text.prefix { $0 == " " }.count
            let cell = Cell(
                token: index, text: text, column: column, width: columns, blanks: blanks < columns ? blanks : 0)
            lines[lines.count - 1].append(cell)
            column += columns
            if breaksLines, token.text.hasSuffix("\n") {
                lines.append([])
                column = 0
            }
        }
        if lines.last?.isEmpty == true, lines.count > 1 { lines.removeLast() }
    }

    /// The line in which a token is.
    func line(of token: Int) -> Int {
        lines.firstIndex { $0.last.map { $0.token >= token } ?? false } ?? lines.count - 1
    }

    /// The lines to show where there is room for so many: the token's is among them, and more before it than after.
    func visible(_ count: Int, around token: Int) -> Range<Int> {
        let line = line(of: token)
        let after = min(lines.count - 1 - line, count / 4)
        let end = min(lines.count, max(line + after + 1, count))
        return max(0, end - count)..<end
    }
}
