import ArgumentParser
import Chat

/// How the conversation begins, how it is laid out, and how long it may become.
struct ConversationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A system prompt instead of the model's own.", valueName: "text"))
    var system: String?

    @Option(
        help: ArgumentHelp(
            "A chat template instead of the model's own: a Jinja file, or one of \(TemplateLocator.names).",
            valueName: "name|file"))
    var template: String?

    @Flag(help: "Read the whole conversation again with each turn, as the template renders it then.")
    var rerender = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The most MiB for the keys and values of attention layers; a turn that needs more is refused (default: "
                + "\(GenerationOptions.defaultMaxKeyValueBytes >> 20)).",
            valueName: "n"))
    var kvMaxMb: String?
}
