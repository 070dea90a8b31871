import Glibc

/// Why a file could not be fetched.
package struct DownloadError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// The other side can't be reached, or broke off; asking again may help.
        case network
        /// The other side answered that it doesn't have it.
        case refused
        /// What came is not what was asked for.
        case mismatch
        /// The disk, or a file of this machine.
        case file
        /// The program that fetches is not there.
        case program
    }

    package var kind: Kind
    /// What went wrong, with the real values.
    package var why: String

    package init(_ kind: Kind, _ why: String) {
        self.kind = kind
        self.why = why
    }

    package var description: String { why }

    static func system(_ what: String, _ code: Int32) -> DownloadError {
        DownloadError(.file, "\(what): \(String(cString: strerror(code)))")
    }
}
