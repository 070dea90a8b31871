import Glibc

/// A file that comes in pieces, and gets its name when it is whole.
///
/// It stays as `NAME.part` when the program ends before that, and the next one goes on with it.
struct PartialFile: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private var hash = RunningIdentity()

    var byteCount: Int { hash.byteCount }

    /// What it is so far.
    var identity: FileIdentity { hash.value }

    /// Opens what is there of the file at `path`, and reads it.
    ///
    /// - Throws: `DownloadError`, also where another program is fetching the same file.
    init(for path: String) throws(DownloadError) {
        self.path = path + ".part"
        descriptor = open(self.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .system("can't write \(self.path)", errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw DownloadError(.file, "another program is writing \(self.path)")
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw .system("can't read \(self.path)", errno) }
            guard count > 0 else { break }
            hash.update(Array(buffer[..<count]))
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Forgets all that came.
    mutating func clear() throws(DownloadError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw .system("can't write \(path)", errno)
        }
        hash = RunningIdentity()
    }

    mutating func append(_ bytes: [UInt8]) throws(DownloadError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system("can't write \(path)", errno) }
            done += count
        }
        hash.update(bytes)
    }

    /// Gives it its name, once it is on the disk.
    func finish(as path: String) throws(DownloadError) {
        guard fsync(descriptor) == 0, rename(self.path, path) == 0 else {
            throw .system("can't write \(path)", errno)
        }
    }

    /// Deletes it.
    func remove() { unlink(path) }
}
