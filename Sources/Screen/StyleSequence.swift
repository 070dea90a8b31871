/// Frames as text with colours, for terminals that are written to line by line.
public enum StyleSequence {
    /// The rows of a frame with SGR sequences (ECMA-48 §8.3.117), each ended by a reset and a line break.
    public static func text(of frame: CellBuffer, depth: ColorDepth) -> String {
        (0..<frame.size.rows).map { row in
            var text = ""
            var last: Style?
            for column in 0..<frame.size.columns {
                let cell = frame[column, row]
                guard !cell.text.isEmpty else { continue }
                let style = cell.style.reduced(to: depth)
                if style != last { text += sequence(style) }
                last = style
                text += cell.text
            }
            return text + "\u{1B}[0m\n"
        }.joined()
    }

    private static func sequence(_ style: Style) -> String {
        let attributes: [(Style.Attributes, String)] = [
            (.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"),
        ]
        let parts =
            ["0"] + attributes.filter { style.attributes.contains($0.0) }.map(\.1)
            + code(style.foreground, base: 30) + code(style.background, base: 40)
        return "\u{1B}[\(parts.joined(separator: ";"))m"
    }

    private static func code(_ color: Color, base: Int) -> [String] {
        switch color {
        case .terminal: []
        case .indexed(let index) where index < 8: [String(base + Int(index))]
        case .indexed(let index) where index < 16: [String(base + 52 + Int(index))]
        case .indexed(let index): ["\(base + 8);5;\(index)"]
        case .rgb(let red, let green, let blue): ["\(base + 8);2;\(red);\(green);\(blue)"]
        }
    }
}
