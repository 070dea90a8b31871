import Screen
import Testing

@Suite struct InertTextTests {
    @Test(arguments: [
        ("\u{1B}[2J", "<ESC>[2J"), ("a\u{0}b", "a<NUL>b"), ("\u{7F}", "<DEL>"), ("\u{9B}31m", "<U+009B>31m"),
        ("\u{202E}x\u{2069}", "<U+202E>x<U+2069>"), ("\r\n", "<CR>\n"),
        ("\u{1B}]52;c;Zm9v\u{7}", "<ESC>]52;c;Zm9v<BEL>"),
        ("tab\tand\nline", "tab\tand\nline"), ("日本 é 👩\u{200D}👧", "日本 é 👩\u{200D}👧"),
    ])
    func controlCharactersBecomeVisible(_ text: String, _ inert: String) {
        #expect(InertText.plain(text).unicodeScalars.elementsEqual(inert.unicodeScalars))
    }

    @Test func onlyNewlineAndTabAreLeftOfTheControlCharacters() {
        let all = String(String.UnicodeScalarView((UInt32(0)...0x2100).compactMap(Unicode.Scalar.init)))
        let left = InertText.plain(all).unicodeScalars.filter {
            $0.properties.generalCategory == .control || (0x202A...0x202E).contains($0.value)
                || (0x2066...0x2069).contains($0.value)
        }
        #expect(left.map(\.value) == [9, 10])
    }

    @Test func escapesAreMarkedAndTheRestIsNot() {
        let cells = InertText.cells(of: "a\u{1B}b")
        #expect(cells.map(\.text).joined() == "a<ESC>b")
        #expect(cells.map { $0.face == .escape } == [false, true, true, true, true, true, false])
    }

    @Test(arguments: [("\tx", 4), ("ab\tx", 2), ("日\tx", 2), ("abcd\tx", 4)])
    func tabFillsToTheNextMultipleOfFour(_ text: String, _ blanks: Int) {
        #expect(InertText.cells(of: text[...]).filter { $0.text == " " }.count == blanks)
    }
}
