import ArgumentParser

/// Numbers for comparing a model with a reference.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Compute logits, perplexity or divergence, for checking a model against a reference.",
        subcommands: [EvalLogitsCommand.self, EvalPerplexityCommand.self, EvalKLCommand.self])

    func run() throws {
        throw ValidationError("eval needs to know what: logits, perplexity or kl")
    }
}
