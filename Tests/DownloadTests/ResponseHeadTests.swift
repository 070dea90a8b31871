import Testing

@testable import Downloads

@Suite struct ResponseHeadTests {
    private let last = "HTTP/2 206 \r\nContent-Range: bytes 5-9/10\r\nETag:\t\"x: y\"\r\n\r\n"

    @Test func aHeadMayComeInAnyPieces() throws {
        let bytes = Array((last + "body\r\n\r\nof it").utf8)
        for size in 1...bytes.count {
            var head = ResponseHead()
            var (place, isWhole) = (0, false)
            while !isWhole, place < bytes.count {
                isWhole = try head.add(Array(bytes[place..<min(place + size, bytes.count)]))
                place += size
            }
            #expect(isWhole && head.status == 206)
            #expect(head["content-range"] == "bytes 5-9/10" && head["etag"] == "\"x: y\"")
            #expect(head.rest + bytes.dropFirst(place) == Array("body\r\n\r\nof it".utf8))
        }
    }

    @Test(arguments: [
        "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 302 Found\r\nlocation: /there\r\nContent-Length: 9\r\n\r\n",
    ])
    func headsThatLeadOnAreLeftOut(_ first: String) throws {
        var head = ResponseHead()
        #expect(try !head.add(Array(first.utf8)))
        #expect(try head.add(Array(last.utf8)))
        #expect(head.status == 206 && head["content-length"] == nil && head.rest == [])
    }

    @Test func aRedirectionToNowhereIsAnAnswer() throws {
        var head = ResponseHead()
        #expect(try head.add(Array("HTTP/1.1 304 Not Modified\r\n\r\n".utf8)))
        #expect(head.status == 304)
    }

    @Test func whatIsNotHTTPIsRefused() {
        var head = ResponseHead()
        #expect(throws: DownloadError(.refused, "what the server sent is not an answer of HTTP")) {
            for _ in 0..<20 where try head.add([UInt8](repeating: 65, count: 1 << 16)) { Issue.record("a whole head") }
        }
    }
}
