import Digests
import Glibc
import Launch

extension FileDigest {
    /// Hashes the whole file at `path`, in hexadecimal digits.
    ///
    /// - Parameters:
    ///   - status: what a file that can't be read ends the program with
    ///   - progress: told how many bytes are done
    /// - Throws: `LaunchError`
    static func of(_ path: String, status: ExitStatus, progress: (Int) -> Void = { _ in }) throws -> String {
        do {
            return try of(path, progress: progress).description
        } catch {
            throw LaunchError(status, "cannot read '\(path)'", why: String(cString: strerror(error.code)))
        }
    }
}
