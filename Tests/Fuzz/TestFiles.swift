import Foundation

/// The tests' own files, which seeds are made of.
enum TestFiles {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// Returns the bytes of a file; the path is relative to `Tests`.
    static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: tests.appending(path: path))) }

    /// Returns the files of a folder whose names end with `ending` and that are at most `limit` bytes long.
    static func read(
        _ folder: String, ending: String, limit: Int = 1 << 16
    ) throws -> [(name: String, bytes: [UInt8])] {
        let names = try FileManager.default.contentsOfDirectory(atPath: tests.appending(path: folder).path)
        return try names.filter { $0.hasSuffix(ending) }.sorted().map { ($0, try bytes("\(folder)/\($0)")) }
            .filter { $0.1.count <= limit }
    }

    /// Returns the names of the folders in a folder.
    static func folders(_ folder: String) throws -> [String] {
        let url = tests.appending(path: folder)
        return try FileManager.default.contentsOfDirectory(atPath: url.path).sorted().filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: url.appending(path: name).path, isDirectory: &isFolder)
                && isFolder.boolValue
        }
    }
}
