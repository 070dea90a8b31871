import Glibc

/// Reads bytes and text whose every byte counts.
package enum TextInput {
    /// Reads standard input to its end.
    package static func standardInput() throws -> [UInt8] {
        try read(descriptor: STDIN_FILENO, name: "standard input")
    }

    /// Reads the file at `path`, or standard input for `-`.
    package static func file(_ path: String) throws -> [UInt8] {
        guard path != "-" else { return try standardInput() }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable("'\(path)'", errno) }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, name: "'\(path)'")
    }

    /// Returns `bytes` as text.
    ///
    /// - Parameter name: what the message calls the source: `standard input`, or a quoted path
    /// - Throws: `LaunchError` with status `.input` that names the first byte that is not UTF-8.
    package static func text(_ bytes: [UInt8], from name: String) throws -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes.span))
        } catch {
            let offset = error.byteOffsets.lowerBound
            throw LaunchError(
                .input, "\(name) is not UTF-8",
                why: "byte \(offset) of \(bytes.count) is 0x\(hex(bytes[offset])), which doesn't belong there",
                advice: "iconv -f ISO-8859-1 -t UTF-8, if the text is Latin-1")
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    /// Reads an open descriptor to its end.
    package static func read(descriptor: Int32, name: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes.append(contentsOf: chunk[..<count])
            } else if count == 0 {
                return bytes
            } else if errno != EINTR {
                throw unreadable(name, errno)
            }
        }
    }

    private static func unreadable(_ name: String, _ code: Int32) -> LaunchError {
        LaunchError(.input, "cannot read \(name)", why: String(cString: strerror(code)))
    }
}
