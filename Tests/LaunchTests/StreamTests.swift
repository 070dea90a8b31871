import Chat
import Glibc
import Launch
import Testing

@Suite struct TextInputTests {
    @Test(
        arguments: [
            ([0x61, 0xFF], 1), ([0xC3, 0xA9, 0x80], 2), ([0x61, 0xE2, 0x82], 1), ([0xED, 0xA0, 0x80], 0),
        ] as [([UInt8], Int)])
    func theFirstWrongByteIsNamed(_ bytes: [UInt8], _ offset: Int) throws {
        let error = try #require(throws: LaunchError.self) { try TextInput.text(bytes, from: "standard input") }
        #expect(error.status == .input)
        #expect(error.failure.what == "standard input is not UTF-8")
        #expect(error.failure.why?.hasPrefix("byte \(offset) of \(bytes.count) is 0x") == true)
    }

    @Test func rightTextIsKeptToTheByte() throws {
        let text = "h\u{E9}llo e\u{301} 日本\n\0"
        #expect(Array(try TextInput.text(Array(text.utf8), from: "x").utf8) == Array(text.utf8))
    }

    @Test func missingFilesAreBadInput() throws {
        let error = try #require(throws: LaunchError.self) { try TextInput.file("/nonexistent/text") }
        #expect(error.status == .input)
        #expect(error.failure.what == "cannot read '/nonexistent/text'")
        #expect(throws: LaunchError.self) { try TextInput.file("/") }
    }
}

@Suite struct OutputTests {
    @Test func aFullDeviceIsAnOutputError() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let error = try #require(throws: LaunchError.self) {
            try Output(descriptor: descriptor, name: "standard output").write("text")
        }
        #expect(error.status == .output)
        #expect(error.failure.what == "cannot write to standard output")
    }

    @Test func allBytesArriveThroughASmallPipe() async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        defer { close(reading) }
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        async let received = TextInput.read(descriptor: reading, name: "pipe")
        do {
            defer { close(writing) }
            try Output(descriptor: writing, name: "pipe").write(bytes)
        }
        #expect(try await received == bytes)
    }

    @Test func aReaderThatLeftIsNoMessage() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        let writing = ends[1]
        #expect(throws: ExitStatus.closedPipe) { try Output(descriptor: writing, name: "pipe").write("text") }
    }
}

@Suite struct LaunchErrorTests {
    @Test func errorsHaveThreeIndentedParts() {
        let error = LaunchError(.model, "no model", why: "searched:\n  /a", advice: "hiss -m x")
        #expect(error.description == "hiss: no model\n  searched:\n    /a\n  try: hiss -m x")
        #expect(LaunchError(.failure, "it broke").description == "hiss: it broke")
    }

    @Test func statusesAreThoseOfTheManual() {
        #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6, 7, 129, 130, 141, 143])
    }
}
