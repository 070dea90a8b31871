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

    /// Exports a conversation to a file, whole or not at all, and returns how many bytes that are.
    ///
    /// - Throws: `ChatFailure` that says why not, such as that it is there already
    static func export(_ chat: ChatSession, to path: String, replacing: Bool) async throws -> Int {
        try checkFree(path, replacing: replacing)
        let temporary = "\(path).\(getpid()).tmp"
        try await chat.export(to: temporary)
        guard rename(temporary, path) == 0 else {
            let why = String(cString: strerror(errno))
            unlink(temporary)
            throw ChatFailure(what: "can't write '\(path)'", why: why, advice: "another place")
        }
        return (try? URL(filePath: path).resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
    }

    /// Exports a conversation through a file that is gone afterwards, piece by piece.
    static func export(_ chat: ChatSession, to output: Output) async throws {
        let temporary = FileManager.default.temporaryDirectory.appending(path: "hiss-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: temporary) }
        try await SessionPlace.reportingErrors { try await chat.export(to: temporary.path) }
        let file = try FileHandle(forReadingFrom: temporary)
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { try output.write(Array(piece)) }
    }

    private static func checkFree(_ path: String, replacing: Bool) throws {
        guard replacing || !FileManager.default.fileExists(atPath: path) else {
            throw ChatFailure(
                what: "can't write '\(path)'", why: "it is there already, and nothing is written over",
                advice: "another name")
        }
    }

    /// Writes a file whole, or not at all.
    ///
    /// - Throws: `ChatFailure` that says why not, such as that it is there already
    static func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws {
        try checkFree(path, replacing: replacing)
        do {
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            let why = cause.map { String(cString: strerror(Int32($0.code))) } ?? error.localizedDescription
            throw ChatFailure(what: "can't write '\(path)'", why: why, advice: "another place")
        }
    }
}
