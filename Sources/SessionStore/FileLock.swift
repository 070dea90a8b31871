import Glibc

/// A lock on a file (flock), held as long as the value is; locks of one process keep each other out as those of two do.
final class FileLock: Sendable {
    /// Seconds to wait for a lock that others hold for long or not at all: a process that this one has just started has
    /// it too, until its own program is loaded.
    static let moment = 0.25

    enum Kind {
        /// Many may hold it together.
        case shared
        /// Nobody else may hold it.
        case exclusive
    }

    /// The file's descriptor.
    let descriptor: Int32

    /// Takes the lock; nil where somebody else has it longer than `seconds`.
    init?(_ path: String, _ kind: Kind, waiting seconds: Double = 0, calls: any FileCalls) throws(FileCallError) {
        descriptor = try calls.open(path, flags: O_RDWR | O_CREAT)
        let operation = (kind == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB
        var waited = 0.0
        while flock(descriptor, operation) != 0 {
            let code = errno
            guard code == EWOULDBLOCK || code == EINTR else {
                close(descriptor)
                throw FileCallError(path: path, code: code)
            }
            guard waited < seconds else {
                close(descriptor)
                return nil
            }
            usleep(5000)
            waited += 0.005
        }
    }

    deinit { close(descriptor) }
}
