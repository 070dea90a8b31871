import Inference
import Testing

@Suite struct StopTextFilterTests {
    /// Feeds `text` in pieces of `size` scalars.
    private func run(_ text: String, stops: [String], size: Int) -> (shown: String, stopped: Bool) {
        var filter = StopTextFilter(stops)
        var shown = ""
        let scalars = Array(text.unicodeScalars)
        for start in stride(from: 0, to: scalars.count, by: size) {
            var piece = String.UnicodeScalarView()
            piece.append(contentsOf: scalars[start..<min(start + size, scalars.count)])
            let (text, dropped) = filter.push(String(piece))
            shown += text
            if dropped != nil { return (shown, true) }
        }
        return (shown + filter.finish(), false)
    }

    @Test(arguments: 1...7)
    func textBeforeTheStopIsShownWhateverThePieces(size: Int) {
        #expect(run("one two\n\nUser: three", stops: ["\nUser:"], size: size) == ("one two\n", true))
        #expect(run("aaab", stops: ["aab"], size: size) == ("a", true))
        #expect(run("x END y STOP", stops: ["STOP", "END"], size: size) == ("x ", true))
        #expect(run("one\r\nUser: two", stops: ["\nUser:"], size: size) == ("one\r", true))
        #expect(run("é日本 stop", stops: ["本 s"], size: size) == ("é日", true))
    }

    @Test(arguments: 1...7)
    func nothingIsLostWithoutAStop(size: Int) {
        #expect(run("the end is near: EN", stops: ["END"], size: size) == ("the end is near: EN", false))
        #expect(run("abc", stops: [], size: size) == ("abc", false))
        #expect(run("abc", stops: [""], size: size) == ("abc", false))
    }

    @Test func whatCannotBeAStopIsShownAtOnce() {
        var filter = StopTextFilter(["END"])
        #expect(filter.push("abc").text == "abc")
        #expect(filter.push("dE").text == "d")
        #expect(filter.push("x").text == "Ex")
    }
}
