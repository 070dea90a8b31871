import ArgumentParser
import Launch
import Screen

/// How much is said beside the answer.
struct NoteFlags: ParsableArguments {
    @Flag(name: .shortAndLong, help: "No notes.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Also say where each setting comes from.")
    var verbose = false

    /// Flags that say nothing, for commands that have none.
    static var none: NoteFlags {
        var flags = NoteFlags()
        flags.quiet = true
        flags.verbose = false
        return flags
    }

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose contradict each other") }
    }

    /// Writes a note on standard error, unless there are to be none.
    func note(_ text: String) {
        guard !quiet else { return }
        // A note that can't be written is no reason to stop.
        try? Output.standardError.write(InertText.plain(text) + "\n")
    }

    /// Writes a note that only the curious want.
    func detail(_ text: String) {
        if verbose { note(text) }
    }
}
