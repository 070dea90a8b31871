/// What the terminal's cursor looks like, where it can look otherwise.
public enum CursorShape: Sendable, Equatable {
    /// As the user has it.
    case usual
    case block
    case underline
    case bar
}
