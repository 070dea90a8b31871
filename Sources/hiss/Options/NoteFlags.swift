import ArgumentParser
import Foundation
import Glibc
import Launch
import Screen

/// How much is said beside the answer.
struct NoteFlags: ParsableArguments {
    @Flag(name: .shortAndLong, help: "No notes.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Also say where each setting comes from.")
    var verbose = false

    @Option(
        name: .customLong("log"),
        help: ArgumentHelp("Also write what is said beside the chat to the end of this file.", valueName: "file"))
    var logFile: String?

    /// Flags that say nothing, for commands that have none.
    static var none: NoteFlags {
        var flags = NoteFlags()
        flags.quiet = true
        flags.verbose = false
        flags.logFile = nil
        return flags
    }

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose contradict each other") }
    }

    /// Says at once if the log can't be written.
    ///
    /// - Throws: `LaunchError` with status `.output`
    func checkLog() throws {
        guard let logFile else { return }
        let descriptor = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw LaunchError(
                .output, "cannot write the log '\(logFile)'", why: String(cString: strerror(errno)),
                advice: "--log and a file in a folder that can be written")
        }
        close(descriptor)
    }

    /// Writes a line with its time to the end of the log, if there is one.
    func log(_ text: String) {
        guard let logFile else { return }
        let descriptor = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        // A line that can't be written is no reason to stop.
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let line = Array("\(WallClockText.text(Date().timeIntervalSince1970)) \(InertText.plain(text))\n".utf8)
        _ = write(descriptor, line, line.count)
    }

    /// Writes a note on standard error, unless there are to be none.
    func note(_ text: String) {
        log(text)
        guard !quiet else { return }
        // A note that can't be written is no reason to stop.
        try? Output.standardError.write(InertText.plain(text) + "\n")
    }

    /// Writes a note that only the curious want.
    func detail(_ text: String) {
        if verbose { note(text) }
    }
}
