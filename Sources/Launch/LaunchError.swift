package import Chat

/// Why the program can't go on, and the status it leaves with.
package struct LaunchError: Error, Equatable, CustomStringConvertible {
    package var status: ExitStatus
    package var failure: ChatFailure

    package init(_ status: ExitStatus, _ failure: ChatFailure) {
        self.status = status
        self.failure = failure
    }

    package init(_ status: ExitStatus, _ what: String, why: String? = nil, advice: String? = nil) {
        self.init(status, ChatFailure(what: what, why: why, advice: advice))
    }

    /// The lines for standard error: what, why with the real values, what to type.
    package var description: String {
        var lines = ["hiss: " + failure.what]
        if let why = failure.why {
            lines.append(contentsOf: why.split(separator: "\n").map { "  " + $0 })
        }
        if let advice = failure.advice {
            lines.append("  try: " + advice)
        }
        return lines.joined(separator: "\n")
    }
}
