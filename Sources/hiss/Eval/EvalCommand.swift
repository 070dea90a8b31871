import ArgumentParser

/// Numbers for comparing a model with a reference.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Compute logits or perplexity, for checking a model against a reference.",
        subcommands: [EvalLogitsCommand.self, EvalPerplexityCommand.self])

    func run() throws {
        throw ValidationError("eval needs to know what: logits or perplexity")
    }
}
