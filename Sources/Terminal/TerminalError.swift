/// What keeps a terminal from being used.
package nonisolated struct TerminalError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds a caller may want to tell apart.
    package enum Code: Sendable {
        /// Standard input or output is a file or a pipe.
        case notATerminal
        /// The machine describes neither this terminal nor the common one.
        case unknownTerminal
        /// A screen is open already, or there is no memory for one.
        case unavailable
        /// Bytes that aren't UTF-8.
        case notUTF8
        /// Reading failed.
        case read
    }

    package var code: Code
    /// A whole sentence: what, why with the values, what to do.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
