import Glibc
import Screen
import Testing

@Suite struct TextWidthTests {
    /// Swift's Glibc module leaves `wcwidth` out.
    private static let wcwidth: (@convention(c) (wchar_t) -> Int32)? = dlsym(nil, "wcwidth").map {
        unsafeBitCast($0, to: (@convention(c) (wchar_t) -> Int32).self)
    }

    private static let libraryVersion: String = {
        var buffer = [UInt8](repeating: 0, count: 64)
        let length = buffer.withUnsafeMutableBytes {
            confstr(Int32(_CS_GNU_LIBC_VERSION), $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
        }
        return String(decoding: buffer.prefix(max(0, length - 1)), as: UTF8.self)
    }()

    @Test(.enabled(if: libraryVersion == "glibc 2.36", "the table is glibc 2.36's"))
    func everyScalarIsAsWideAsGlibcSays() throws {
        let wcwidth = try #require(Self.wcwidth)
        let locale = try #require(newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))
        let before = uselocale(locale)
        defer {
            _ = uselocale(before)
            freelocale(locale)
        }
        let wrong = (UInt32(0)...0x10FFFF).compactMap(Unicode.Scalar.init).filter { scalar in
            // NUL has no width of its own there; it is never drawn.
            scalar.value != 0 && TextWidth.of(scalar) != Int(wcwidth(wchar_t(scalar.value)))
        }
        #expect(wrong.isEmpty, "differs at \(wrong.prefix(5).map { String($0.value, radix: 16) })")
    }

    /// UX.md's list of what terminals disagree about.
    @Test(arguments: [
        ("a", "a", 1), ("日", "日", 2), ("e\u{301}", "e\u{301}", 1), ("✅", "✅", 2), ("⚠\u{FE0F}", "⚠", 1),
        ("👩\u{200D}👩\u{200D}👧", "👩", 2), ("👍🏽", "👍", 2), ("🏽", "🏽", 2), ("🇫🇷", "🇫🇷", 2),
        ("1\u{FE0F}\u{20E3}", "1\u{20E3}", 1), ("\u{1FAE9}", "\u{FFFD}", 1), ("\u{301}", " \u{301}", 1),
        ("\u{200B}", "", 0), ("한", "한", 2), ("क्षि", "क्षि", 3),
        ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "🏴", 2), ("\u{1B}", "\u{FFFD}", 1),
    ])
    func clusterIsReducedToWhatAllTerminalsDraw(_ text: String, _ drawn: String, _ columns: Int) {
        let cells = TextWidth.cells(of: text)
        #expect(cells.map(\.text).joined().unicodeScalars.elementsEqual(drawn.unicodeScalars))
        #expect(cells.reduce(0) { $0 + $1.width } == columns)
        #expect(TextWidth.of(text) == columns)
    }

    @Test func cellHasOneSpacingScalarAndAtMostFourMarks() {
        let cells = TextWidth.cells(of: "Z" + String(repeating: "\u{300}", count: 40) + "🇫🇷각\u{1F468}\u{200D}\u{1F4BB}")
        for cell in cells {
            let widths = cell.text.unicodeScalars.map(TextWidth.of)
            #expect(widths.first == cell.width)
            #expect(widths.dropFirst().allSatisfy { $0 == 0 })
            #expect(widths.count <= 5)
        }
    }
}
