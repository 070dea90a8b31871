import ArgumentParser
import Engine
import Inference
import Launch

/// Logits, likelihoods and greedy continuation of a sequence of token ids.
struct EvalLogitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logits", abstract: "Print the logits that the model gives after token ids.")

    @OptionGroup var model: ModelOptions
    @OptionGroup var compute: ComputeOptions

    @Option(help: ArgumentHelp("A JSON array of token ids; '-' is standard input.", valueName: "file|-"))
    var ids: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Positions whose logits to print (default: the last).", valueName: "0,8,…"))
    var positions: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Go on with the n likeliest tokens.", valueName: "n"))
    var greedy = 0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Feed the ids in pieces of this many tokens.", valueName: "n"))
    var chunk = ModelRunner.defaultChunkSize

    @Flag(help: "Also describe the state after the ids.")
    var states = false

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var notes: NoteFlags

    func validate() throws {
        for (flag, value, least) in [("--greedy", greedy, 0), ("--chunk", chunk, 1)] where value < least {
            throw ValidationError("\(flag) cannot be \(value): it has to be a whole number, \(least) or more")
        }
    }

    func run() throws {
        let source = ids == "-" ? "standard input" : "'\(ids)'"
        let tokens = try TokenIDs.parse(TextInput.file(ids), from: source)
        guard !tokens.isEmpty else {
            throw LaunchError(.input, "\(source) has no token ids", advice: "[1, 2, 3]")
        }
        let wanted = try readPositions(count: tokens.count)
        let model = try Composition(model, notes: notes).planModel(compute).loadModel()
        try TokenIDs.check(tokens, vocabSize: model.architecture.vocabSize, from: source)

        var evaluation = LogitsEvaluation(ModelRunner(model, chunkSize: chunk), positions: wanted)
        if json {
            try evaluation.writeJSON(tokens, greedy: greedy, states: states, to: .standardOutput)
        } else {
            try evaluation.writeText(tokens, greedy: greedy, states: states, to: .standardOutput)
        }
    }

    /// The positions that were asked for, in order.
    private func readPositions(count: Int) throws -> Set<Int> {
        guard let positions else { return [count - 1] }
        return try Set(
            positions.split(separator: ",", omittingEmptySubsequences: false).map { word in
                guard let position = Int(word), (0..<count).contains(position) else {
                    throw LaunchError(
                        .usage, "--positions cannot have '\(word)'",
                        why: "there are \(count) ids, so positions go from 0 to \(count - 1)",
                        advice: "--positions 0,\(count - 1)")
                }
                return position
            })
    }
}
