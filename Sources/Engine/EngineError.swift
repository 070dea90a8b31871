/// Why a model can't be built from a file, or a sequence can't go on.
package struct EngineError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of trouble, to branch on.
    package enum Code: Sendable {
        case unknownFamily, missing, wrongShape, badValue, unsupported, badToken
    }

    package var code: Code
    /// Whole sentences: what is wrong where, with the values, and what to do.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
