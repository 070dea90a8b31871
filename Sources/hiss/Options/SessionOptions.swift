import ArgumentParser

/// Which session a conversation goes on with.
struct SessionOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Go on with this session, or begin one of this name.", valueName: "name"),
        completion: SessionNames.completion)
    var session: String?

    @Flag(name: [.customShort("c"), .customLong("continue")], help: "Go on with the last session.")
    var continuesLast = false

    func validate() throws {
        if session != nil, continuesLast {
            throw ValidationError("--session and --continue name two sessions: only one can be gone on with")
        }
        if session == "" { throw ValidationError("--session cannot be empty") }
    }
}

/// Whether a chat is kept.
struct SavingFlags: ParsableArguments {
    @Flag(name: .customLong("no-autosave"), help: "Keep nothing of this chat on disk.")
    var keepsNothing = false
}
