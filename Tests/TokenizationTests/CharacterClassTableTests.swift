import Foundation
import Testing
import Tokenization

@Suite struct CharacterClassTableTests {
    /// `RECORD=1` writes the table anew.
    @Test func tableAgreesWithItsSource() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Tokenization/CharacterClassTable.swift")
        let text = CharacterClassTableSource.text()
        let isSame = try Data(contentsOf: file) == Data(text.utf8)
        if ProcessInfo.processInfo.environment["RECORD"] != nil { try Data(text.utf8).write(to: file) }
        #expect(isSame, "The committed table differs from what its source writes.")
    }

    @Test func classesAreThoseOfUnicode() {
        var wrong: [UInt32] = []
        var known = 0
        for codePoint in 0..<0x110000 as Range<UInt32> {
            guard let scalar = Unicode.Scalar(codePoint) else { continue }
            let digit = CharacterClassTableSource.digit(scalar)
            if digit != 8 { known += 1 }
            if CharacterClasses.of(codePoint).rawValue != 1 << UInt16(digit) { wrong.append(codePoint) }
        }
        #expect(wrong.isEmpty)
        // Unicode 16 has 154998 characters; of these 145 are control characters or format characters at least.
        #expect((150_000..<155_000).contains(known))
    }

    @Test(
        arguments: [
            ("A", CharacterClasses.upper), ("ǅ", .upper), ("z", .lower), ("ʕ", .lower), ("ª", .caseless),
            ("中", .caseless),
            ("\u{301}", .mark), ("\u{e0100}", .mark), ("7", .number), ("½", .number), ("Ⅷ", .number),
            ("\u{85}", .space),
            ("\u{3000}", .space), ("\u{180e}", .other), ("_", .punctuation), ("。", .punctuation), ("+", .symbol),
            ("😀", .symbol), ("\u{0}", .other), ("\u{200b}", .other), ("\u{378}", .other), ("\u{10ffff}", .other),
        ] as [(Unicode.Scalar, CharacterClasses)])
    func wellKnownCharactersHaveTheirClass(scalar: Unicode.Scalar, classes: CharacterClasses) {
        #expect(CharacterClasses.of(scalar.value) == classes)
    }
}
