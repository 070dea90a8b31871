import Digests
import Glibc

/// The calls that change files, one each, so that a test can fail any of them, or end the process there.
package protocol FileCalls: Sendable {
    /// Makes a folder for its owner only; one that is there already is fine.
    func makeFolder(_ path: String) throws(FileCallError)
    /// Opens a file, which is made for its owner only, and returns its descriptor.
    func open(_ path: String, flags: Int32) throws(FileCallError) -> Int32
    /// Writes some of the bytes, and returns how many.
    func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String) throws(FileCallError) -> Int
    /// Waits until what was written is on the disk.
    func synchronize(_ descriptor: Int32, path: String) throws(FileCallError)
    /// Gives a file another name; a file that has it already goes.
    func rename(_ path: String, to name: String) throws(FileCallError)
    /// Removes a file; one that isn't there is fine.
    func remove(_ path: String) throws(FileCallError)
}

/// A call about a file that failed.
package struct FileCallError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file or folder.
    package var path: String
    /// The system's number of the reason (`errno`).
    package var code: Int32

    package init(path: String, code: Int32) {
        self.path = path
        self.code = code
    }

    package var description: String { "\(path): \(String(cString: strerror(code)))" }
}

/// The system's own calls.
package struct SystemFileCalls: FileCalls {
    /// Bytes of one write.
    ///
    /// In pieces that the processor's caches hold, 5 MB are in the system's cache in a fraction of the time that one call
    /// takes (1.4 ms and 12.5 ms on Linux 6.18, ext4).
    private static let pieceBytes = 256 << 10

    package init() {}

    package func makeFolder(_ path: String) throws(FileCallError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileCallError(path: path, code: errno) }
    }

    package func open(_ path: String, flags: Int32) throws(FileCallError) -> Int32 {
        while true {
            let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o600)
            if descriptor >= 0 { return descriptor }
            if errno != EINTR { throw FileCallError(path: path, code: errno) }
        }
    }

    package func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String) throws(FileCallError) -> Int {
        while true {
            let piece = bytes.prefix(Self.pieceBytes)
            let count = piece.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { return count }
            if errno != EINTR { throw FileCallError(path: path, code: errno) }
        }
    }

    package func synchronize(_ descriptor: Int32, path: String) throws(FileCallError) {
        guard fsync(descriptor) == 0 else { throw FileCallError(path: path, code: errno) }
    }

    package func rename(_ path: String, to name: String) throws(FileCallError) {
        guard Glibc.rename(path, name) == 0 else { throw FileCallError(path: path, code: errno) }
    }

    package func remove(_ path: String) throws(FileCallError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileCallError(path: path, code: errno) }
    }
}

extension FileCalls {
    /// Makes a folder and those that it lies in, each for its owner only.
    func makeFolders(_ path: String) throws(FileCallError) {
        if access(path, F_OK) == 0 { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeFolders(String(path[..<slash])) }
        try makeFolder(path)
    }

    /// Writes a file that isn't there yet, all of it, and waits until it is on the disk.
    func writeFile(_ path: String, _ pieces: [[UInt8]]) throws(FileCallError) {
        let descriptor = try open(path, flags: O_WRONLY | O_CREAT | O_EXCL)
        defer { close(descriptor) }
        for piece in pieces {
            var rest = piece[...]
            while !rest.isEmpty { rest = rest.dropFirst(try write(rest, to: descriptor, path: path)) }
        }
        try synchronize(descriptor, path: path)
    }

    /// Waits until the names in a folder are on the disk.
    func synchronizeFolder(_ path: String) throws(FileCallError) {
        let descriptor = try open(path, flags: O_RDONLY | O_DIRECTORY)
        defer { close(descriptor) }
        try synchronize(descriptor, path: path)
    }
}

extension FileDigest {
    /// The digest of the whole file at `path` in hexadecimal digits.
    static func text(of path: String) throws(FileCallError) -> String {
        do {
            return try of(path).description
        } catch {
            throw FileCallError(path: path, code: error.code)
        }
    }
}
