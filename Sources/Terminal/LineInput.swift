/// What a line reader came back with.
package nonisolated enum LineInput: Sendable, Equatable {
    /// An entry, without its last newline; one that was edited or pasted may hold newlines.
    case line(String)
    /// ^C: nothing was entered, the program goes on.
    case interrupted
    /// ^D on an empty line, or the end of the input.
    case end
    /// The signal asks the program to end.
    case terminated(signal: Int32)
}
