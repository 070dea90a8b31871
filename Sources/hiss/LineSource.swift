import Chat
import Glibc
import Launch
import Terminal

/// Where the line loop's entries come from: libedit on a terminal, plain lines everywhere else.
@MainActor
struct LineSource {
    private enum Reader {
        case editing(LineReader)
        case plain(PlainLineReader, showsPrompt: Bool)
    }

    private let reader: Reader
    /// What Tab completes.
    let completion: LineCompletion
    /// What the user should be told once.
    let notes: [String]
    /// What plain mode says first, so that a screen reader's user knows why.
    let banner: String?

    /// Whether lines are edited on a terminal, where what is entered is seen already.
    var isEditing: Bool {
        if case .editing = reader { true } else { false }
    }

    /// - Throws: when the history has no memory
    init(_ frontEnd: FrontEnd) throws {
        let completion = LineCompletion()
        self.completion = completion
        let onTerminal = isatty(STDIN_FILENO) == 1 && Output.standardOutput.isTerminal
        guard onTerminal, !frontEnd.plain.value else {
            reader = .plain(PlainLineReader(), showsPrompt: onTerminal)
            notes = []
            banner = frontEnd.plain.value ? "[plain mode: on via \(frontEnd.plain.origin)]" : nil
            return
        }
        let (history, problem) = try History.open(frontEnd.historyFile)
        reader = .editing(
            try LineReader(
                history: history, usesVi: frontEnd.editMode == .vi, completer: completion.candidates(for:)))
        notes = [problem].compactMap { $0 }
        banner = nil
    }

    /// Waits for the next entry.
    func next() throws -> LineInput {
        switch reader {
        case .editing(let reader): return reader.read(prompt: "> ")
        case .plain(let reader, let showsPrompt):
            if showsPrompt { try Output.standardOutput.write("you: ") }
            do {
                return try reader.read()
            } catch {
                throw LaunchError(.input, "can't read the input", why: error.description)
            }
        }
    }
}

/// The line history that both front ends share.
enum History {
    /// Opens the history, making its folder if need be, and says what is wrong with it, if anything.
    static func open(_ path: String) throws -> (history: HistoryFile, problem: String?) {
        let problem = Directories.makeFolder(of: path)
        let history = try HistoryFile(path: problem == nil ? path : nil)
        return (history, problem ?? history.problem)
    }
}
