import ArgumentParser
import Engine
import Glibc
import Inference
import JSON
import Launch

/// How well the model predicts a text.
struct EvalPerplexityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perplexity", abstract: "Print how well the model predicts a text.")

    @OptionGroup var model: ModelOptions
    @OptionGroup var compute: ComputeOptions

    @Option(help: ArgumentHelp("The text; '-' is standard input.", valueName: "file|-"))
    var file: String

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var notes: NoteFlags

    func run() throws {
        let text = EvalText(file: file)
        let content = try text.read()
        let loaded = try Composition(model, notes: notes).planModel(compute).load()
        let tokens = try text.tokens(of: content, loaded.tokenizer)
        let mean = try Self.meanLikelihood(of: tokens, ModelRunner(loaded.model))
        if json {
            var json = JSONWriter()
            json.beginObject()
            json.field("tokens", tokens.count)
            json.field("nll_mean", mean)
            json.field("perplexity", exp(mean))
            json.endObject()
            json.newline()
            try Output.standardOutput.write(json.drain())
        } else {
            try Output.standardOutput.write(
                "perplexity \(exp(mean)) over \(tokens.count) tokens (mean negative log-likelihood \(mean))\n")
        }
    }

    /// The mean of −log p over all tokens but the first.
    private static func meanLikelihood(of tokens: [Int32], _ runner: ModelRunner) throws -> Double {
        var runner = runner
        var sum = 0.0
        for start in stride(from: 0, to: tokens.count - 1, by: runner.chunkSize) {
            let end = min(start + runner.chunkSize, tokens.count - 1)
            try runner.feed(Array(tokens[start..<end]), wanting: .all)
            for position in start..<end {
                sum += Double(runner.negativeLogLikelihood(of: tokens[position + 1], row: position - start))
            }
        }
        return sum / Double(tokens.count - 1)
    }
}
