import ArgumentParser

/// How the conversation begins.
struct ConversationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A system prompt instead of the model's own.", valueName: "text"))
    var system: String?
}
