import Glibc

/// A file descriptor that is written with every error noticed.
package struct Output: Sendable {
    package let descriptor: Int32
    /// What messages call it.
    package let name: String

    package init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    package static let standardOutput = Output(descriptor: STDOUT_FILENO, name: "standard output")
    package static let standardError = Output(descriptor: STDERR_FILENO, name: "standard error")

    package var isTerminal: Bool { isatty(descriptor) == 1 }

    package func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    /// Writes all of `bytes`, waiting where the reader is slow.
    ///
    /// - Throws: `ExitStatus.closedPipe` when the reader has gone; `LaunchError` with status `.output` otherwise.
    package func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
                if count >= 0 {
                    done += count
                    continue
                }
                switch errno {
                case EINTR: continue
                case EAGAIN:
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&wait, 1, -1)
                case EPIPE: throw ExitStatus.closedPipe
                case let code:
                    throw LaunchError(
                        .output, "cannot write to \(name)", why: String(cString: strerror(code)),
                        advice: "another place for the output, with > FILE")
                }
            }
        }
    }
}
