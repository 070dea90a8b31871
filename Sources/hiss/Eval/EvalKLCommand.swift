import ArgumentParser
import Chat
import Engine
import Inference
import JSON
import Launch
import Tokenization

/// How far one model's predictions are from another's, on a text.
struct EvalKLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kl",
        abstract: "Print how far the predictions of two models, or of one model's two precisions, are apart.",
        discussion: """
            With --against, A is the model and B the other one, both in --precision. Without it A is the model in \
            exact precision and B the same model in fast precision.
            """)

    @OptionGroup var model: ModelOptions
    @OptionGroup var compute: ComputeOptions

    @Option(help: ArgumentHelp("The other model, of the same vocabulary.", valueName: "path|name"))
    var against: String?

    @Option(help: ArgumentHelp("The text; '-' is standard input.", valueName: "file|-"))
    var file: String

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var notes: NoteFlags

    func run() throws {
        let text = EvalText(file: file)
        let content = try text.read()
        let (first, second) = try load()
        guard first.model.architecture.vocabSize == second.model.architecture.vocabSize else {
            throw LaunchError(
                .model, "the two models can't be compared",
                why: "\(first.summary.title) has \(first.model.architecture.vocabSize) tokens, "
                    + "\(second.summary.title) \(second.model.architecture.vocabSize)")
        }
        let tokens = try text.tokens(of: content, first.tokenizer)
        guard tokens == second.tokenizer.encode(content, specialTokens: true, addSpecial: true) else {
            throw LaunchError(
                .model, "the two models can't be compared", why: "their tokenizers give the text different tokens")
        }
        let divergence = try PredictionDivergence(of: tokens, first.model, second.model)
        let tally = divergence.tally
        let mean = tally.meanDivergence ?? 0
        let agreement = tally.agreement ?? 0
        let perplexities = (a: tally.leaderPerplexity ?? 1, b: tally.followerPerplexity ?? 1)
        if json {
            var json = JSONWriter()
            json.beginObject()
            json.field("tokens", tokens.count)
            json.field("kl_mean", mean)
            json.field("kl_p99", divergence.percentile99)
            json.field("top1_agree", agreement)
            json.field("ppl_a", perplexities.a)
            json.field("ppl_b", perplexities.b)
            json.endObject()
            json.newline()
            try Output.standardOutput.write(json.drain())
        } else {
            try Output.standardOutput.write(
                """
                KL(A‖B)      \(mean) nats over \(tokens.count) tokens (99th percentile \(divergence.percentile99))
                same choice  \(agreement)
                perplexity   A \(perplexities.a)   B \(perplexities.b)

                """)
        }
    }

    /// Loads A and B.
    private func load() throws -> (LoadedModel, LoadedModel) {
        if let against {
            let first = try Composition(model, notes: notes).planModel(compute).load()
            let other = try Composition(
                model: against, tokenizer: model.tokenizer, config: model.config, notes: notes)
            return (first, try other.planModel(compute).load())
        }
        guard compute.precision == nil else {
            throw LaunchError(
                .usage, "--precision needs --against", why: "without it the two precisions of one model are compared",
                advice: "hiss eval kl --file FILE")
        }
        let composition = try Composition(model, notes: notes)
        var (exact, fast) = (compute, compute)
        exact.precision = "exact"
        fast.precision = "fast"
        return (try composition.planModel(exact).load(), try composition.planModel(fast).load())
    }
}
