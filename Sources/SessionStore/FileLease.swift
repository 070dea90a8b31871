package import Chat
import Foundation
import Glibc

/// The right to write a session: an exclusive lock on a file that says who has it.
package final class FileLease: SessionLease {
    package let session: SessionID
    private let lock: FileLock

    /// Takes the session's lock.
    ///
    /// - Throws: `ChatFailure` that names the process which has it
    init(_ session: SessionID, name: String, in folder: StoreFolder, at time: Double, calls: any FileCalls) throws {
        self.session = session
        let path = folder.lock(of: session.description)
        guard let lock = try FileLock(path, .exclusive, waiting: FileLock.moment, calls: calls) else {
            throw Self.taken(name, path: path)
        }
        self.lock = lock
        // For messages only: what can't be written here is no reason to refuse.
        ftruncate(lock.descriptor, 0)
        let holder = [String(getpid()), String(time), CommandLine.arguments.joined(separator: " ")]
        _ = try? calls.write(
            Array(holder.joined(separator: "\n").utf8.prefix(1000))[...], to: lock.descriptor, path: path)
    }

    private static func taken(_ name: String, path: String) -> ChatFailure {
        let lines = ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(
            separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        let what = "can't write the session '\(name)'"
        guard lines.count == 3, let process = Int32(lines[0]), let time = Double(lines[1]) else {
            return ChatFailure(
                what: what, why: "another process has it open",
                advice: "fuser '\(path)' to see which, and close it there")
        }
        if process == getpid() {
            return ChatFailure(
                what: what, why: "it is open in this program already",
                advice: "/fork there, or another session: hiss -s NAME")
        }
        let since = Date(timeIntervalSince1970: time).formatted(.iso8601)
        return ChatFailure(
            what: what, why: "process \(process) has had it open since \(since): \(lines[2])",
            advice: "close it there, kill \(process), or another session: hiss -s NAME")
    }
}
