import Digests
import Glibc

/// The SHA-256 of files, read piece by piece.
enum FileDigest {
    /// Returns the digest in hexadecimal digits.
    static func of(_ path: String) throws(FileCallError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileCallError(path: path, code: errno) }
        defer { close(descriptor) }
        var hash = SHA256()
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileCallError(path: path, code: errno) }
            if count == 0 { return hash.finish().description }
            hash.update(piece.span.bytes.extracting(first: count))
        }
    }
}
