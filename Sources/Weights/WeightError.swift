/// What went wrong with a weight file, for programs and for people.
package struct WeightError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure a caller may want to tell apart.
    package enum Code: String, Sendable, Equatable {
        /// No file lies at the path.
        case notFound
        /// The path can't be read: no permission, a directory, a device, an input error.
        case unreadable
        /// A file can't be written: no permission, a full disk, an output error.
        case unwritable
        /// The file is of no format in ``WeightFormats``.
        case unknownFormat
        /// The file ends before what its header promises.
        case truncated
        /// The file contradicts itself or its format.
        case damaged
        /// The file may be fine, but uses something that this program does not read.
        case unsupported
        /// A tensor that the model needs is not in the file.
        case missingTensor
        /// A metadata key that the model needs is not in the file.
        case missingKey
        /// A metadata value is of another type than the model needs.
        case wrongType
        /// A tensor has another shape than the model needs.
        case wrongShape
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
