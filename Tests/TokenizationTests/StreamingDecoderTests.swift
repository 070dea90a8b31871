import Testing
import Tokenization

@Suite struct StreamingDecoderTests {
    @Test func incompleteCharactersAreHeldBack() {
        var decoder = StreamingDecoder()
        #expect(decoder.append([0x61, 0xf0, 0x9f]) == "a")
        #expect(decoder.pending == [0xf0, 0x9f])
        #expect(decoder.append([0x98]) == "")
        #expect(decoder.append([0x80, 0x62]) == "😀b")
        #expect(decoder.pending.isEmpty)
        #expect(decoder.finish() == "")
    }

    @Test func finishingShowsWhatWasHeldBack() {
        var decoder = StreamingDecoder()
        #expect(decoder.append([0xe2, 0x82]) == "")
        #expect(decoder.finish() == "\u{fffd}")
        #expect(decoder.pending.isEmpty)
        #expect(decoder.append([0x61]) == "a")
    }

    @Test(
        arguments: [
            ([0x61, 0xff, 0x62], "a\u{fffd}b"),
            ([0xc0, 0x80], "\u{fffd}\u{fffd}"),
            ([0xe2, 0x82, 0x41], "\u{fffd}A"),
            ([0xf0, 0x90, 0x81, 0x41], "\u{fffd}A"),
            ([0xed, 0xa0, 0x80], "\u{fffd}\u{fffd}\u{fffd}"),
            ([0xf4, 0x90, 0x80, 0x80], "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            ([0xe0, 0x9f, 0xbf], "\u{fffd}\u{fffd}\u{fffd}"),
            ([0xf8, 0x88, 0x80], "\u{fffd}\u{fffd}\u{fffd}"),
            ([0xe1, 0x80, 0xe2, 0x82, 0xac], "\u{fffd}€"),
            ([0x80, 0x80], "\u{fffd}\u{fffd}"),
            ([0xc3, 0xa9], "é"),
        ] as [([UInt8], String)])
    func invalidBytesBecomeReplacementsHoweverTheyAreCut(bytes: [UInt8], expected: String) {
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var decoder = StreamingDecoder()
                var text = decoder.append(Array(bytes[..<first]))
                text += decoder.append(Array(bytes[first..<second]))
                text += decoder.append(Array(bytes[second...]))
                #expect(sameBytes(text + decoder.finish(), expected), "\(bytes) cut at \(first) and \(second)")
            }
        }
    }
}
