/// How many columns text takes, and what of it a terminal can be trusted to draw.
///
/// Terminals and ncurses disagree about joined emoji, flags and newer characters. What these functions hand out is
/// reduced to what all of them draw alike; the text itself stays as it is for copying and saving.
public enum TextWidth {
    /// ncurses holds one spacing character and four marks a cell.
    static let maximumMarks = 4
    static let replacement = TextCell(text: "\u{FFFD}", width: 1)

    /// The columns that a scalar takes, as glibc says: 0 for marks, 2 for wide characters, −1 for what can't be drawn.
    public static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value >= 0x20 && value < 0x300 { return value >= 0x7F && value < 0xA0 ? -1 : 1 }
        return WidthRanges.shared.width(of: value)
    }

    /// The columns that `text` takes when it is drawn.
    public static func of(_ text: String) -> Int {
        cells(of: text).reduce(0) { $0 + $1.width }
    }

    /// The cells that draw `text`, with control characters replaced and nothing escaped.
    public static func cells(of text: String) -> [TextCell] {
        var cells: [TextCell] = []
        for character in text { append(character, to: &cells) }
        return cells
    }

    /// Appends the cells that draw one grapheme cluster.
    ///
    /// Joiners, variation selectors, skin tones and other format characters are dropped, of a joined emoji only the
    /// first is drawn, regional indicators stay single letters, marks stay on their base, and what glibc doesn't know
    /// becomes U+FFFD.
    public static func append(_ character: Character, to cells: inout [TextCell]) {
        if let ascii = character.asciiValue, ascii >= 0x20, ascii < 0x7F {
            cells.append(TextCell(text: String(character), width: 1))
            return
        }
        let first = cells.count
        var marks = 0
        var afterEmoji = false
        var joined = false
        for scalar in character.unicodeScalars {
            if scalar == "\u{200D}" {
                joined = true
                continue
            }
            if isInvisible(scalar) || (afterEmoji && isSkinTone(scalar)) { continue }
            let width = of(scalar)
            if width == 0 {
                guard scalar.properties.generalCategory != .format else { continue }
                if cells.count == first { cells.append(TextCell(text: " ", width: 1)) }
                guard marks < maximumMarks else { continue }
                cells[cells.count - 1].text.unicodeScalars.append(scalar)
                marks += 1
                continue
            }
            if joined && afterEmoji { break }
            cells.append(width < 0 ? replacement : TextCell(text: String(scalar), width: width))
            marks = 0
            joined = false
            afterEmoji = isEmoji(scalar)
        }
    }

    /// Selectors, and the soft hyphen: it has a column for glibc, and none for most terminals.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0xAD || (0xFE00...0xFE0F).contains(scalar.value) || (0xE0100...0xE01EF).contains(scalar.value)
    }

    private static func isSkinTone(_ scalar: Unicode.Scalar) -> Bool {
        (0x1F3FB...0x1F3FF).contains(scalar.value)
    }

    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0xFF && scalar.properties.isEmoji
    }
}

/// What one cell, or the two of a wide character, shows.
public struct TextCell: Sendable, Hashable {
    /// One spacing scalar and the zero-width marks on it; a newline ends a paragraph and takes no column.
    public var text: String
    public var width: Int
    public var face: TextFace

    public init(text: String, width: Int, face: TextFace = .plain) {
        self.text = text
        self.width = width
        self.face = face
    }
}

/// How a cell stands out from the text around it.
public enum TextFace: UInt8, Sendable, Hashable, CaseIterable {
    case plain
    /// Part of a visible escape such as `<ESC>`.
    case escape
    /// A mark that isn't text itself: a bullet, the backticks around code.
    case marker
    /// What a model would have said in the place of what it was fed.
    case choice
    case strong, emphasis, strongEmphasis, heading, quote, code
}

/// The ranges of `TextWidthTable`, sorted for a binary search.
private struct WidthRanges: Sendable {
    static let shared = WidthRanges()

    private let ranges: [(first: UInt32, last: UInt32, width: Int)]

    private init() {
        let classes = [(TextWidthTable.zero, 0), (TextWidthTable.two, 2), (TextWidthTable.none, -1)]
        ranges = classes.flatMap { text, width in
            text.split(whereSeparator: \.isWhitespace).compactMap { range in
                let ends = range.split(separator: "-").compactMap { UInt32($0, radix: 16) }
                guard let first = ends.first, let last = ends.last else { return nil }
                return (first, last, width)
            }
        }
        .sorted { $0.first < $1.first }
    }

    func width(of value: UInt32) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].last < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].first <= value ? ranges[low].width : 1
    }
}
