/// Writes `CharacterClassTable.swift` from what Swift's standard library knows of Unicode.
///
/// Characters younger than the table's Unicode version count as unassigned, so a later library writes the same table
/// as long as no character changes its category. The version is the one of the reference implementation
/// (Hugging Face's tokenizers 0.23 with oniguruma), whose goldens we have to meet.
enum CharacterClassTableSource {
    static let version = (major: 16, minor: 0)

    private static let blockBits = 7
    /// Behind the planes with scripts there are only the variation selectors, which are marks.
    private static let limit: UInt32 = 0x40000
    private static let lineLength = 112

    /// Returns the class of a character as a digit; the order is that of `CharacterClasses`.
    static func digit(_ scalar: Unicode.Scalar) -> UInt8 {
        let properties = scalar.properties
        guard let age = properties.age, (age.major, age.minor) <= version else { return 8 }
        if properties.isWhitespace { return 5 }
        // Unicode 17 made it a letter without case.
        if scalar == "\u{295}" { return 1 }
        return switch properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: 0
        case .lowercaseLetter: 1
        case .modifierLetter, .otherLetter: 2
        case .nonspacingMark, .spacingMark, .enclosingMark: 3
        case .decimalNumber, .letterNumber, .otherNumber: 4
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            6
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: 7
        default: 8
        }
    }

    /// Returns the file's text.
    static func text() -> String {
        var numbers: [[UInt8]: Int] = [:]
        var blocks: [UInt8] = []
        var blockNumbers: [UInt8] = []
        for start in stride(from: UInt32(0), to: limit, by: 1 << blockBits) {
            let block = (start..<start + 1 << blockBits).map { codePoint in
                UInt8(ascii: "0") + (Unicode.Scalar(codePoint).map { digit($0) } ?? 8)
            }
            if numbers[block] == nil {
                numbers[block] = numbers.count
                blocks += block
            }
            let number = UInt8(numbers[block] ?? 0)
            blockNumbers += [UInt8(ascii: "A") + number >> 4, UInt8(ascii: "a") + number & 15]
        }
        let laterMarks = (limit..<0x110000).filter { Unicode.Scalar($0).map { digit($0) } == 3 }
        let hex = [laterMarks.first, laterMarks.last].map { String($0 ?? 0, radix: 16) }
        return """
            // Written by the test tableAgreesWithItsSource: RECORD=1 swift test --filter tableAgreesWithItsSource

            /// The classes of all characters as of Unicode \(version.major).\(version.minor), in two stages.
            enum CharacterClassTable {
                /// Code points are cut into blocks of two to this power.
                static let blockBits = \(blockBits)
                /// The blocks go up to here.
                static let limit: UInt32 = 0x\(String(limit, radix: 16))
                /// The marks that come after them; all else there is unassigned.
                static let laterMarks: ClosedRange<UInt32> = 0x\(hex[0])...0x\(hex[1])
                /// For every block the number of the block with the same classes, in two letters for four bits each.
                static let blockNumbers: StaticString = \"\"\"
            \(lines(blockNumbers))
                    \"\"\"
                /// The blocks, with a digit for each class: its place among the `CharacterClasses`.
                static let blocks: StaticString = \"\"\"
            \(lines(blocks))
                    \"\"\"
            }

            """
    }

    private static func lines(_ characters: [UInt8]) -> String {
        stride(from: 0, to: characters.count, by: lineLength - 1).map { start in
            let end = min(start + lineLength - 1, characters.count)
            return "        " + String(decoding: characters[start..<end], as: UTF8.self)
                + (end < characters.count ? "\\" : "")
        }.joined(separator: "\n")
    }
}
