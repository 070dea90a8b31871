/// What the program's exit status says to scripts.
package enum ExitStatus: Int32, Error, Sendable, CaseIterable {
    case done = 0
    /// Something went wrong while running.
    case failure = 1
    /// The command line, an environment variable or the configuration file is wrong.
    case usage = 2
    /// The model is missing, unreadable or of the wrong kind.
    case model = 3
    /// A session is damaged or does not fit the model.
    case session = 4
    /// The input is not UTF-8, is empty, or can't be read.
    case input = 5
    /// A limit was reached, and the user asked to fail on it.
    case limit = 6
    /// Output could not be written.
    case output = 7
    /// The terminal went away (128 + SIGHUP).
    case hangup = 129
    /// The user stopped the program (128 + SIGINT).
    case interrupted = 130
    /// The reader closed the pipe (128 + SIGPIPE); nothing is printed.
    case closedPipe = 141
    /// The program was asked to end (128 + SIGTERM).
    case terminated = 143
}

extension ExitStatus {
    /// What it says, in a few words.
    package var meaning: String {
        switch self {
        case .done: "done"
        case .failure: "something went wrong while running"
        case .usage: "wrong command line, environment variable or configuration file"
        case .model: "model missing, unreadable or of the wrong kind"
        case .session: "session damaged, or it does not fit the model"
        case .input: "input not UTF-8, empty, or unreadable"
        case .limit: "a limit was reached, with --fail-on-limit"
        case .output: "output could not be written"
        case .hangup: "the terminal went away"
        case .interrupted: "stopped by ^C"
        case .closedPipe: "the reader closed the pipe"
        case .terminated: "asked to end"
        }
    }
}
