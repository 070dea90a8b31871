import Foundation
import Glibc

/// Removes snapshots' files that no row names.
///
/// Whoever writes files holds a shared lock from the first file to the commit of the row; the sweep needs the lock for
/// itself, so what has no row then has none that is still to come.
struct SnapshotSweep {
    let folder: StoreFolder
    let calls: any FileCalls

    /// Removes what is left over; returns false, with nothing done, while somebody writes.
    ///
    /// - Parameter kept: reads the digests of all files that rows name
    func run(kept: () throws -> Set<String>) throws -> Bool {
        guard let lock = try FileLock(folder.snapshotLock, .exclusive, waiting: FileLock.moment, calls: calls) else {
            return false
        }
        return try withExtendedLifetime(lock) {
            let start = Date()
            let kept = try kept()
            for file in try Self.files(of: folder, butNot: kept) where file.isOurs {
                try remove(file.path, before: start)
            }
            return true
        }
    }

    /// Removes certain files; returns false, with nothing done, while somebody writes.
    ///
    /// - Parameter isKept: whether a row names a file, after all
    func remove(_ digests: [String], unless isKept: (String) throws -> Bool) throws -> Bool {
        guard let lock = try FileLock(folder.snapshotLock, .exclusive, calls: calls) else { return false }
        return try withExtendedLifetime(lock) {
            for digest in digests where try !isKept(digest) { try calls.remove(folder.file(digest)) }
            return true
        }
    }

    /// The files in the snapshots' folders that are not among `kept`, and whether they are ours to remove.
    static func files(of folder: StoreFolder, butNot kept: Set<String>) throws -> [(path: String, isOurs: Bool)] {
        var files: [(path: String, isOurs: Bool)] = []
        for parent in try FileManager.default.contentsOfDirectory(atPath: folder.snapshots).sorted() {
            let path = "\(folder.snapshots)/\(parent)"
            guard path != folder.snapshotLock else { continue }
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue,
                parent.utf8.count == 2
            else {
                files.append((path, false))
                continue
            }
            for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted() {
                let isOurs = isOurs(name)
                if !isOurs || !kept.contains(digest(name)) { files.append(("\(path)/\(name)", isOurs)) }
            }
        }
        return files
    }

    private func remove(_ path: String, before start: Date) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        let changed = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
        // No lock is needed for this; it guards against file systems on which locks do nothing.
        guard changed < start.timeIntervalSince1970 else { return }
        try calls.remove(path)
    }

    private static func digest(_ name: String) -> String { String(name.prefix(64)) }

    /// Whether a file is a snapshot's, or what a write that was cut off left; anything else is not ours to remove.
    private static func isOurs(_ name: String) -> Bool {
        name == digest(name) + ".safetensors" || (name.hasPrefix(".") && name.hasSuffix(".tmp"))
    }
}
