/// What went wrong with a tokenizer or a chat template, for programs and for people.
package struct TokenizationError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure a caller may want to tell apart.
    package enum Code: String, Sendable, Equatable {
        /// The description contradicts itself or its format.
        case damaged
        /// The description may be fine, but uses something that this program does not do.
        case unsupported
        /// There is no tokenizer.
        case absent
        /// The chat template refuses the conversation.
        case template
    }

    /// The kind of failure.
    package let code: Code
    /// Whole sentences: what is wrong, where, what was found and expected, what to do.
    package let message: String
    /// The failure underneath, if there is one.
    package let cause: (any Error)?

    /// Makes an error.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message, followed by the messages of the causes.
    package var description: String {
        guard let cause else { return message }
        return "\(message) Cause: \(cause)"
    }
}
