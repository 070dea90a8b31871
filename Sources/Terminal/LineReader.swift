internal import CLibEdit
internal import CNCurses
internal import Glibc

/// Reads entries from a terminal with libedit: editing, history, completion, pastes of many lines.
///
/// Enter sends; Ctrl-J and Alt-Enter make a new line. `read` blocks its thread, which may be any, but one and the same
/// object is used from one thread at a time. Between two reads the terminal is as the program found it.
package nonisolated final class LineReader {
    /// Gives, for the text before the cursor, all texts it can be completed to.
    package typealias Completer = (String) -> [String]

    private let history: HistoryFile
    private let editor: OpaquePointer
    private let completion: Completion

    /// - Parameters:
    ///   - program: the name for which `~/.editrc` may hold lines
    ///   - history: entries are added to it as they are read
    ///   - usesVi: edits with vi's keys, unless `~/.editrc` says otherwise
    ///   - completer: asked when Tab is pressed
    /// - Throws: when standard input or output is no terminal: use `PlainLineReader` there
    package init(
        program: String = "hiss", history: HistoryFile, usesVi: Bool = false,
        completer: @escaping Completer = { _ in [] }
    ) throws(TerminalError) {
        _ = cn_set_locale()
        let completion = Completion(completer)
        let context = Unmanaged.passUnretained(completion).toOpaque()
        guard let editor = cl_open(program, history.handle, usesVi, Completion.answer, context) else {
            if errno == ENOTTY {
                throw TerminalError(
                    .notATerminal, "Line editing needs a terminal for input and output; input is read as it comes.")
            }
            throw TerminalError(.unavailable, "There is not enough memory for line editing.")
        }
        self.history = history
        self.editor = editor
        self.completion = completion
    }

    deinit {
        cl_close(editor)
    }

    /// Shows the prompt and waits for an entry.
    ///
    /// - Parameter prompt: escape sequences in it have to stand between two U+0001
    package func read(prompt: String) -> LineInput {
        cl_prompt(editor, prompt)
        // Registered before the editor switches modes on.
        if cn_guard_begin() { cn_guard_arm(CN_GUARD_LINE) }
        defer { cn_guard_end() }
        var text: UnsafeMutablePointer<CChar>?
        var signal: Int32 = 0
        switch cl_gets(editor, &text, &signal) {
        case CL_LINE:
            guard let text else { return .end }
            defer { cl_free(text) }
            let line = String(cString: text)
            history.add(line)
            return .line(line)
        case CL_INTERRUPTED: return .interrupted
        case CL_TERMINATED: return .terminated(signal: signal)
        default: return .end
        }
    }
}

/// Answers libedit when Tab is pressed.
private nonisolated final class Completion {
    let completer: LineReader.Completer

    init(_ completer: @escaping LineReader.Completer) {
        self.completer = completer
    }

    static let answer: cl_complete = { context, text in
        guard let context, let text else { return cl_completion() }
        let completion = Unmanaged<Completion>.fromOpaque(context).takeUnretainedValue()
        let before = String(cString: text)
        let (insertion, listing) = completion.complete(before)
        return cl_completion(insertion: insertion.flatMap { strdup($0) }, listing: listing.flatMap { strdup($0) })
    }

    /// What all candidates have in common is inserted; when that adds nothing, they are listed.
    func complete(_ before: String) -> (insertion: String?, listing: String?) {
        let candidates = completer(before).filter { $0.hasPrefix(before) }
        guard let first = candidates.first else { return (nil, nil) }
        let common = candidates.dropFirst().reduce(first) { common, candidate in
            String(zip(common, candidate).prefix { $0 == $1 }.map(\.0))
        }
        let insertion = String(common.dropFirst(before.count))
        if !insertion.isEmpty { return (insertion, nil) }
        return candidates.count > 1 ? (nil, candidates.joined(separator: "  ")) : (nil, nil)
    }
}
