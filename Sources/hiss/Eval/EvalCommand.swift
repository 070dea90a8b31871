import ArgumentParser

/// Numbers for comparing a model with a reference.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract:
            "Compute logits, perplexity or divergence, to check a model against a reference, and probe its memory.",
        subcommands: [EvalLogitsCommand.self, EvalPerplexityCommand.self, EvalKLCommand.self, EvalProbesCommand.self])

    func run() throws {
        throw ValidationError("eval needs to know what: logits, perplexity, kl or probes")
    }
}
