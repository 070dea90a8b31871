import Digests
import Foundation
import Glibc
import Launch

/// The SHA-256 of files, read piece by piece.
enum FileHash {
    /// Hashes the whole file at `path`, in hexadecimal digits.
    ///
    /// - Parameters:
    ///   - status: what a file that can't be read ends the program with
    ///   - progress: told how many bytes are done
    /// - Throws: `LaunchError`
    static func of(_ path: String, status: ExitStatus, progress: (Int) -> Void = { _ in }) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw LaunchError(status, "cannot read '\(path)'", why: String(cString: strerror(errno)))
        }
        defer { try? handle.close() }
        var hash = SHA256()
        var done = 0
        do {
            while let bytes = try handle.read(upToCount: 1 << 22), !bytes.isEmpty {
                hash.update([UInt8](bytes))
                done += bytes.count
                progress(done)
            }
        } catch {
            throw LaunchError(status, "cannot read '\(path)'", why: error.localizedDescription)
        }
        return hash.finish().description
    }
}
