import Foundation
import Glibc
import TestSupport

/// A file that each input is written to, since weights are mapped, in a folder with others that stay as they are.
///
/// In memory when TMPDIR lies there.
final class InputFile: Sendable {
    let path: String
    private let directory: TemporaryDirectory

    /// The folder's path.
    var folder: String { directory.url.path }

    init(_ name: String, beside others: [(name: String, bytes: [UInt8])] = []) throws {
        directory = try TemporaryDirectory()
        path = directory.path(name)
        for other in others { _ = try directory.write(other.bytes, other.name) }
    }

    /// Replaces the file's content, and returns whether that worked.
    func write(_ bytes: [UInt8]) -> Bool { InputFile.write(bytes, to: path) }

    /// Writes a file.
    static func write(_ bytes: [UInt8], to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) } == bytes.count
    }
}
