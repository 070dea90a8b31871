internal import CLibEdit
internal import Glibc

/// Reads lines as they come: from a pipe, a file, or a terminal where nothing may be redrawn.
///
/// Sends nothing to the terminal, and takes no byte that isn't UTF-8. One thread at a time uses an object.
package nonisolated final class PlainLineReader {
    private let descriptor: Int32
    /// Bytes read and not yet handed out, which start at `offset` in the input.
    private var buffer: [UInt8] = []
    private var offset = 0
    private var isAtEnd = false

    /// - Parameter descriptor: to read from; stays open
    package init(descriptor: Int32 = STDIN_FILENO) {
        self.descriptor = descriptor
    }

    /// Waits for a line; LF and CR LF end one, and so does the end of the input.
    ///
    /// - Throws: `TerminalError` with the place of the first byte that isn't UTF-8; the line is gone then, the next can be
    ///   read
    package func read() throws(TerminalError) -> LineInput {
        var searched = 0
        while true {
            if let newline = buffer[searched...].firstIndex(of: 0x0A) {
                var bytes = buffer[..<newline]
                if bytes.last == 0x0D { bytes = bytes.dropLast() }
                return .line(try take(Array(bytes), consuming: newline + 1))
            }
            searched = buffer.count
            if isAtEnd {
                return buffer.isEmpty ? .end : .line(try take(buffer, consuming: buffer.count))
            }
            if let ending = try fill() { return ending }
        }
    }

    /// Waits for the end of the input and gives all of it, in one `.line`; never `.end`.
    ///
    /// - Throws: `TerminalError` with the place of the first byte that isn't UTF-8
    package func readAll() throws(TerminalError) -> LineInput {
        while !isAtEnd {
            if let ending = try fill() { return ending }
        }
        return .line(try take(buffer, consuming: buffer.count))
    }

    private func take(_ bytes: [UInt8], consuming count: Int) throws(TerminalError) -> String {
        let start = offset
        buffer.removeFirst(count)
        offset += count
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let place = Self.firstInvalidByte(in: bytes)
        let value = String(bytes[place], radix: 16, uppercase: true)
        throw TerminalError(
            .notUTF8,
            "The input is not UTF-8: byte 0x\(value) at offset \(start + place). "
                + "Convert it first, for example with `iconv -t UTF-8`.")
    }

    /// Where the longest part that is UTF-8 ends.
    static func firstInvalidByte(in bytes: [UInt8]) -> Int {
        var place = 0
        while place < bytes.count {
            let lead = bytes[place]
            let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            let end = min(place + length, bytes.count)
            guard end - place == length, String(validating: bytes[place..<end], as: UTF8.self) != nil else { break }
            place = end
        }
        return min(place, bytes.count - 1)
    }

    /// Reads what there is, waiting for the first byte.
    ///
    /// Returns why the read has to end.
    private func fill() throws(TerminalError) -> LineInput? {
        cl_signals_begin()
        var reported: Int32 = 0
        defer { cl_signals_end(reported) }
        while true {
            switch cl_wait(descriptor) {
            case Int32(CL_READABLE): return try readMore()
            case Int32(CL_SUSPEND): cl_stop_process()
            case Int32(CL_RESIZED), Int32(CL_CONTINUED): continue
            case Int32(CL_FAILED): throw failure()
            case SIGINT:
                reported = SIGINT
                // What the terminal held of the line is gone with ^C; the rest of a pipe isn't.
                if isatty(descriptor) == 1 { discardBuffer() }
                return .interrupted
            case let signal:
                reported = signal
                return .terminated(signal: signal)
            }
        }
    }

    private func discardBuffer() {
        offset += buffer.count
        buffer = []
    }

    private func readMore() throws(TerminalError) -> LineInput? {
        var piece = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(descriptor, &piece, piece.count)
        if count > 0 {
            buffer.append(contentsOf: piece[..<count])
        } else if count == 0 {
            isAtEnd = true
        } else if errno != EINTR && errno != EAGAIN {
            throw failure()
        }
        return nil
    }

    private func failure() -> TerminalError {
        let place = offset + buffer.count
        return TerminalError(.read, "Reading the input failed at offset \(place): \(String(cString: strerror(errno))).")
    }
}
