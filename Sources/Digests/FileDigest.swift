import Glibc

/// The SHA-256 of files, read piece by piece.
package enum FileDigest {
    /// Why a file can't be read, as the system's error number.
    package struct ReadError: Error {
        package let code: Int32
    }

    /// The digest of the whole file at `path`.
    ///
    /// - Parameter progress: told how many bytes are done, after each piece
    package static func of(_ path: String, progress: (Int) -> Void = { _ in }) throws(ReadError) -> Digest {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ReadError(code: errno) }
        defer { close(descriptor) }
        var hash = SHA256()
        var done = 0
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw ReadError(code: errno) }
            if count == 0 { return hash.finish() }
            hash.update(piece.span.bytes.extracting(first: count))
            done += count
            progress(done)
        }
    }
}
