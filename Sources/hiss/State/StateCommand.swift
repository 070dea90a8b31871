import ArgumentParser

/// States in files.
struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Look into the states of .hiss files, and of the store's snapshots.",
        subcommands: [StateInfoCommand.self, StateDiffCommand.self, StateProbeCommand.self])

    func run() throws {
        throw ValidationError("state needs to know what: info, diff, probe")
    }
}
