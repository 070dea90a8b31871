import Chat
import Foundation
import Glibc
import Launch

/// Files that sessions are exported to.
enum SessionFiles {
    /// A file's name for a session: what folders can't have is replaced.
    static func name(for session: String, _ format: TranscriptFormat) -> String {
        let plain = String(session.map { "/\\\0".contains($0) || $0.isNewline ? "-" : $0 })
        return (plain.hasPrefix(".") || plain.hasPrefix("-") ? "session" : "") + plain + "." + format.rawValue
    }

    /// Writes a file whole, or not at all.
    ///
    /// - Throws: `ChatFailure` that says why not, such as that it is there already
    static func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws {
        guard replacing || !FileManager.default.fileExists(atPath: path) else {
            throw ChatFailure(
                what: "can't write '\(path)'", why: "it is there already, and nothing is written over",
                advice: "another name")
        }
        do {
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            let why = cause.map { String(cString: strerror(Int32($0.code))) } ?? error.localizedDescription
            throw ChatFailure(what: "can't write '\(path)'", why: why, advice: "another place")
        }
    }
}
