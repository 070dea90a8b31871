internal import CLibEdit
internal import CNCurses
internal import Glibc

/// Lines the user has entered, kept in a file from run to run.
///
/// Both front ends use the same file. It is in libedit's format, readable by its owner only, and holds 5000 entries at
/// most; lines that start with a space, blank lines and repetitions are left out. Each change writes a new file that
/// takes the old one's place. A file that can't be read, or that is no history, is never written.
package nonisolated final class HistoryFile {
    /// Why the file isn't read or written, for the user; nil when all is well.
    package private(set) var problem: String?
    let handle: OpaquePointer
    private let path: String?

    /// Reads the file.
    ///
    /// - Parameter path: in a folder that exists; nil keeps the history in memory
    /// - Throws: only when there is no memory
    package init(path: String?) throws(TerminalError) {
        _ = cn_set_locale()
        var error: Int32 = 0
        guard let handle = cl_history_open(path, 5000, &error) else {
            throw TerminalError(.unavailable, "There is not enough memory for the history of lines.")
        }
        self.handle = handle
        self.path = path
        if error != 0 { problem = Self.sentence("is not used", path, error) }
    }

    deinit {
        cl_history_close(handle)
    }

    /// All entries, oldest first.
    package var entries: [String] {
        var collected: [String] = []
        withUnsafeMutablePointer(to: &collected) { pointer in
            cl_history_each(
                handle,
                { context, text in
                    guard let context, let text else { return }
                    context.assumingMemoryBound(to: [String].self).pointee.append(String(cString: text))
                }, pointer)
        }
        return collected
    }

    /// Adds an entry and writes the file; a failure is found in `problem`.
    package func add(_ entry: String) {
        let error = cl_history_add(handle, entry)
        if error != 0 { problem = Self.sentence("can't be written", path, error) }
    }

    private static func sentence(_ what: String, _ path: String?, _ error: Int32) -> String {
        let reason = error == EILSEQ ? "it is not in the format of a history" : String(cString: strerror(error))
        return "The history \(path ?? "in memory") \(what): \(reason). Lines of this run are not kept; "
            + "check the file and its folder, or remove it."
    }
}
