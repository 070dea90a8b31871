import Chat
import Foundation
import Launch

/// A file whose text is to be part of a message.
enum MessageFile {
    /// More is no message: it would take minutes to read, and the model would have forgotten its beginning.
    private static let maximumBytes = 1 << 20

    /// The text of the file at `path`, where `~` is the home directory.
    ///
    /// - Throws: `ChatFailure`: no such file, no regular one, too large, or not UTF-8
    static func text(at path: String) throws -> String {
        let path = (path as NSString).expandingTildeInPath
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ChatFailure(
                what: "there is no file '\(path)'",
                advice: "/file and a path; a relative one begins in "
                    + FileManager.default.currentDirectoryPath)
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard !isFolder.boolValue, let type = attributes?[.type] as? FileAttributeType,
            type == .typeRegular || type == .typeSymbolicLink
        else {
            throw ChatFailure(what: "'\(path)' is no file of text", why: isFolder.boolValue ? "it is a folder" : nil)
        }
        do {
            // A link's own size says nothing.
            let size = try URL(filePath: path).resolvingSymlinksInPath().resourceValues(forKeys: [.fileSizeKey])
                .fileSize
            guard let size, size <= maximumBytes else {
                throw ChatFailure(
                    what: "'\(path)' is too large for a message",
                    why: "it has \(size ?? 0) bytes; at most \(maximumBytes)")
            }
            return try TextInput.text(TextInput.file(path.hasPrefix("-") ? "./" + path : path), from: "'\(path)'")
        } catch let error as LaunchError {
            throw error.failure
        }
    }
}
