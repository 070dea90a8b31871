/// Makes the text of models and users harmless for a terminal.
///
/// Control characters (but newline and tab) and the characters that turn the reading direction are shown as visible
/// escapes: `<ESC>`, `<U+202E>`.
public enum InertText {
    static let tabWidth = 4

    /// `text` with visible escapes, to be written to a terminal.
    public static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { escape(for: $0) != nil }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let escape = escape(for: scalar) {
                result.append(contentsOf: escape.unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The cells that draw one paragraph: escapes marked, tabs as spaces up to the next multiple of four columns.
    public static func cells(of paragraph: Substring) -> [TextCell] {
        var cells: [TextCell] = []
        cells.reserveCapacity(paragraph.utf8.count)
        var column = 0
        for character in paragraph {
            let first = cells.count
            if character == "\t" {
                let blanks = tabWidth - column % tabWidth
                cells.append(contentsOf: repeatElement(TextCell(text: " ", width: 1), count: blanks))
            } else if character.unicodeScalars.contains(where: { escape(for: $0) != nil }) {
                appendEscaped(character, to: &cells)
            } else {
                TextWidth.append(character, to: &cells)
            }
            for index in first..<cells.count { column += cells[index].width }
        }
        return cells
    }

    /// The visible escape of a scalar that could act on the terminal; nil for one that may be drawn.
    static func escape(for scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x09, 0x0A: nil
        case 0x00..<0x20: "<\(controlNames[Int(scalar.value)])>"
        case 0x7F: "<DEL>"
        case 0x80...0x9F, 0x202A...0x202E, 0x2066...0x2069: "<U+\(hexadecimal(scalar.value))>"
        default: nil
        }
    }

    private static func appendEscaped(_ character: Character, to cells: inout [TextCell]) {
        for scalar in character.unicodeScalars {
            guard let escape = escape(for: scalar) else {
                TextWidth.append(Character(scalar), to: &cells)
                continue
            }
            for letter in escape { cells.append(TextCell(text: String(letter), width: 1, face: .escape)) }
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static let controlNames = [
        "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI",
        "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
    ]
}
