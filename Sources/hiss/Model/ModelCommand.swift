import ArgumentParser

/// Models on disk.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "List models, say what one is, check every byte of it, or fetch one.",
        subcommands: [ModelListCommand.self, ModelInfoCommand.self, ModelVerifyCommand.self, ModelPullCommand.self])

    func run() throws {
        throw ValidationError("model needs to know what: list, info, verify or pull")
    }
}

/// Which model a command is about, as its argument.
struct ModelArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The model's file, its directory or its name (default: as for a chat).", valueName: "path|name"))
    var model: String?

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Flag(help: "JSON.")
    var json = false

    @OptionGroup var notes: NoteFlags

    /// The path of the model.
    func locate() throws -> String {
        try Composition(model: model, config: config, notes: notes).locateModel().path
    }
}
