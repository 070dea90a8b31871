import FoundationEssentials
import Launch
import UI

/// The user's file of keys.
enum KeyFiles {
    /// The keys as the file in `directories` has them; it need not exist.
    ///
    /// - Throws: `LaunchError` with status `.usage` that names file and line
    static func keys(_ directories: Directories = .current) throws -> KeyMap {
        let path = directories.keyFile
        guard FileManager.default.fileExists(atPath: path) else { return .standard }
        do {
            return try KeyMap(file: try TextInput.text(TextInput.file(path), from: "'\(path)'"))
        } catch let error as KeyFileError {
            let place = error.line.map { "\(path):\($0)" } ?? path
            throw LaunchError(
                .usage, "\(place): \(error.what)", why: error.why, advice: "hiss keys --standard, which prints all")
        } catch let error as LaunchError {
            throw LaunchError(.usage, error.failure)
        }
    }
}
