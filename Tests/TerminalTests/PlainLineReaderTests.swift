import Foundation
import Terminal
import Testing

extension InTerminal {
    @Suite struct PlainLineReaderTests {
        /// A reader on a file with this content.
        private func withReader<Result>(_ bytes: [UInt8], _ body: (PlainLineReader) throws -> Result) throws -> Result {
            let folder = try ProbeLog()
            try Data(bytes).write(to: URL(fileURLWithPath: folder.path))
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder.path))
            defer { try? file.close() }
            return try body(PlainLineReader(descriptor: file.fileDescriptor))
        }

        private func lines(_ text: String) throws -> [LineInput] {
            try withReader(Array(text.utf8)) { reader in
                var lines: [LineInput] = []
                while true {
                    lines.append(try reader.read())
                    if lines.last == .end { return lines }
                }
            }
        }

        @Test func linesEndWithEitherEnd() throws {
            #expect(try lines("a\nb\r\n\n日本") == [.line("a"), .line("b"), .line(""), .line("日本"), .end])
            #expect(try lines("") == [.end])
            #expect(try lines("a\n") == [.line("a"), .end])
            #expect(try lines("a\rb\u{0}") == [.line("a\rb\u{0}"), .end])
        }

        @Test func longInputIsWhole() throws {
            let long = String(repeating: "日本", count: 50_000)
            #expect(try lines("\(long)\n\(long)") == [.line(long), .line(long), .end])
            #expect(try withReader(Array(long.utf8)) { try $0.readAll() } == .line(long))
        }

        @Test func allOfItIsTakenAsItIs() throws {
            #expect(try withReader(Array("a\r\nb\n".utf8)) { try $0.readAll() } == .line("a\r\nb\n"))
            #expect(try withReader([]) { try $0.readAll() } == .line(""))
        }

        @Test(
            arguments: [
                (Array("abc\nd".utf8) + [0xFF, 0x0A], 5, "FF"), ([0x61, 0x0A, 0xC3, 0x0A], 2, "C3"),
                ([0x61, 0x0A, 0x80], 2, "80"), (Array("é\nxé".utf8) + [0xED, 0xA0, 0x80], 6, "ED"), ([0xF5], 0, "F5"),
                ([0xC0, 0xAF], 0, "C0"),
            ] as [([UInt8], Int, String)])
        func theFirstWrongByteIsNamed(bytes: [UInt8], offset: Int, value: String) throws {
            let error = #expect(throws: TerminalError.self) {
                try withReader(bytes) { reader in
                    while try reader.read() != .end {}
                }
            }
            #expect(error?.code == .notUTF8)
            #expect(error?.message.contains("0x\(value) at offset \(offset)") == true, "\(error?.message ?? "")")
            let whole = #expect(throws: TerminalError.self) { try withReader(bytes) { try $0.readAll() } }
            #expect(whole?.message.contains("0x\(value) at offset \(offset)") == true)
        }

        @Test func theLineAfterAWrongOneCanBeRead() throws {
            try withReader([0xFF, 0x0A, 0x61, 0x0A]) { reader in
                #expect(throws: TerminalError.self) { try reader.read() }
                let next = try reader.read()
                #expect(next == .line("a"))
            }
        }

        @Test func nothingIsSentToTheTerminal() async throws {
            let log = try ProbeLog()
            let pty = try PseudoTerminal(ProbeLog.probe, ["plain", log.path])
            try await log.waitForLine("reading")
            pty.send("hello\n")
            try await log.waitForLine("line hello")
            try await log.waitForLine("reading", times: 2)
            pty.send("\u{3}")
            try await log.waitForLine("interrupted")
            try await log.waitForLine("reading", times: 3)
            pty.send("\u{4}")
            #expect(try await pty.waitForEnd() == 0)
            #expect(!pty.output.contains(0x1B))
        }

        @Test(arguments: [SIGTERM, SIGHUP])
        func aSignalToEndIsReturned(signal: Int32) async throws {
            let log = try ProbeLog()
            let pty = try PseudoTerminal(ProbeLog.probe, ["plain", log.path])
            try await log.waitForLine("reading")
            // Until the wait has begun the signal does what it does by default.
            let status = try await waitFor("the end") {
                kill(pty.process, signal)
                return pty.status
            }
            #expect(status == 128 + signal || status == -signal)
        }
    }
}
