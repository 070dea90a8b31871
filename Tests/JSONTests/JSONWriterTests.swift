import JSON
import Testing

@Suite struct JSONWriterTests {
    private func json(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(decoding: json.drain(), as: UTF8.self)
    }

    @Test func membersAndElementsAreSeparatedByCommas() {
        let text = json {
            $0.beginObject()
            $0.field("a", 1)
            $0.field("b", [true, false])
            $0.key("c")
            $0.beginArray()
            $0.beginObject()
            $0.endObject()
            $0.value(Float?.none)
            $0.endArray()
            $0.field("d", "x")
            $0.endObject()
            $0.newline()
            $0.value([Int]())
        }
        #expect(text == #"{"a":1,"b":[true,false],"c":[{},null],"d":"x"}"# + "\n[]")
    }

    @Test func drainingInBetweenLosesNothing() {
        var json = JSONWriter()
        json.beginArray()
        json.value(1)
        var bytes = json.drain()
        json.value(2)
        json.endArray()
        bytes += json.drain()
        #expect(String(decoding: bytes, as: UTF8.self) == "[1,2]")
        #expect(json.drain().isEmpty)
    }

    @Test func nothingThatATerminalObeysIsWrittenAsItIs() {
        let text = "\u{1B}[2J\u{0}\u{7F}\u{9B}\u{202E}\u{2066}\"\\\n\r\té😀"
        #expect(
            json { $0.value(text) }
                == #""\u001b[2J\u0000\u007f\u009b\u202e\u2066\"\\\n\r\té😀""#)
    }

    @Test(
        arguments: [
            0, -0.0, 1, 0.1, 1.0 / 3, 16_777_216, 3.4028235e38, 1.1754944e-38, .leastNonzeroMagnitude, -2.5e-7,
            123456.79,
        ] as [Float])
    func floatsReadBackAsTheyWere(_ value: Float) throws {
        let text = json { $0.value(value) }
        #expect(try #require(Float(text)).bitPattern == value.bitPattern)
        #expect(text.filter(\.isNumber).count <= 12)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func whatJSONCannotSayIsNull(_ value: Float) {
        #expect(json { $0.value(value) } == "null")
        #expect(json { $0.value(Double(value)) } == "null")
    }
}
