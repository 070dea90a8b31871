/// Where the model that ships with the program lies, inside this target's resources.
///
/// The files are found by path (see `ModelLocator`), never through `Bundle.module`, which on Linux holds the
/// build machine's path and traps when the program has been moved.
package enum DefaultModel {
    /// The name users give to `-m` for it, and the session's and title's name for it.
    package static let name = "smolmamba2"
    /// The first shard; the reader finds the others by their numbers.
    package static let fileName = "SmolMamba2-158M-Instruct-Q4_0-00001-of-00002.gguf"
    /// The directory that the package manager makes of this target's resources, beside the executable.
    package static let resourceDirectory = "hiss_DefaultModel.resources"
}
