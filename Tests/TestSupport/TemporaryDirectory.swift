package import Foundation

/// A directory of its own for one test, removed when the last reference goes.
package final class TemporaryDirectory: Sendable {
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "hiss-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Returns the path of a file in the directory.
    package func path(_ name: String) -> String { url.appending(path: name).path }

    /// Writes a file and returns its path.
    package func write(_ bytes: [UInt8], _ name: String = "model.gguf") throws -> String {
        try Data(bytes).write(to: url.appending(path: name))
        return path(name)
    }

    /// Removes a file.
    package func remove(_ name: String) throws { try FileManager.default.removeItem(at: url.appending(path: name)) }
}
