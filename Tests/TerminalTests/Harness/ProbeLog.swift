import Foundation

/// The probe and the file in which it tells what happens.
final class ProbeLog: Sendable {
    /// A folder that goes away with this object.
    let folder: URL
    var path: String { folder.appending(path: "log").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "hiss-terminal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// An executable that was built beside the tests.
    static func executable(_ name: String) -> String {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: name).path
    }

    /// The probe's path.
    static let probe = executable("terminal-probe")

    /// The built program; `HISS_BINARY` names another one.
    static let program = ProcessInfo.processInfo.environment["HISS_BINARY"] ?? executable("hiss")

    /// The lines so far.
    var lines: [String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The lines after the one that says that the probe is ready.
    var events: [String] {
        Array(lines.drop { !$0.hasPrefix("ready") }.dropFirst())
    }

    /// Waits for a line, `times` times in all.
    func waitForLine(_ line: String, times: Int = 1) async throws {
        try await waitUntil("\"\(line)\" in the log", state: { lines.joined(separator: "\n") }) {
            lines.count { $0 == line } >= times
        }
    }

    /// Waits for the first line that begins so, and gives its rest.
    func waitForLine(startingWith start: String) async throws -> String {
        try await waitFor("\"\(start)…\" in the log", state: { lines.joined(separator: "\n") }) {
            lines.first { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
        }
    }
}
