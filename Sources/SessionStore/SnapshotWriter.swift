import Chat
import Digests
import Glibc

/// Writes snapshots' files; nobody removes files as long as it lives, so that what it found or wrote stays until its row
/// is committed.
struct SnapshotWriter {
    private let folder: StoreFolder
    private let calls: any FileCalls
    private let lock: FileLock
    /// Folders whose names have to reach the disk.
    private var folders: Set<String> = []

    /// Whether files that are there are read and compared with their digests, and not only their sizes.
    var comparesContents = false

    /// A file that is kept, and how many bytes it has.
    struct KeptFile {
        var digest: String
        var bytes: Int
    }

    /// Waits up to `seconds` for one who removes files.
    init(_ folder: StoreFolder, calls: any FileCalls, waiting seconds: Double) throws {
        self.folder = folder
        self.calls = calls
        guard let lock = try FileLock(folder.snapshotLock, .shared, waiting: seconds, calls: calls) else {
            throw ChatFailure(
                what: "can't write a snapshot",
                why: "another process has been removing snapshots for \(Int(seconds)) s (\(folder.snapshotLock))",
                advice: "the same again, when it has ended")
        }
        self.lock = lock
    }

    /// Sees to it that the file of some bytes is there.
    ///
    /// - Parameters:
    ///   - digest: the bytes' SHA-256
    ///   - known: how many bytes the store knows it to have, if it knows it
    ///   - make: makes the bytes, in pieces; not called where the file is there
    mutating func keep(_ digest: String, known: Int?, _ make: () -> [[UInt8]]) throws -> KeptFile {
        let path = folder.file(digest)
        let found = Self.size(path)
        if let known {
            if found == known && (!comparesContents || (try? FileDigest.text(of: path)) == digest) {
                return KeptFile(digest: digest, bytes: known)
            }
            // Damaged: kept for whoever wants to look at it, and the right bytes are written beside it.
            if found != nil { try calls.rename(path, to: path + ".damaged") }
        }
        let pieces = make()
        let parent = folder.folder(of: digest)
        if access(parent, F_OK) != 0 {
            try calls.makeFolder(parent)
            folders.insert(folder.snapshots)
        }
        let temporary = "\(parent)/.\(digest).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
        do {
            try calls.writeFile(temporary, pieces)
            try calls.rename(temporary, to: path)
        } catch {
            try? calls.remove(temporary)
            throw error
        }
        folders.insert(parent)
        return KeptFile(digest: digest, bytes: pieces.reduce(0) { $0 + $1.count })
    }

    /// Waits until the files' names are on the disk: a row may name them after that.
    mutating func finish() throws {
        for folder in folders.sorted() { try calls.synchronizeFolder(folder) }
        folders = []
    }

    /// The bytes of a file; nil if there is none.
    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }
}
