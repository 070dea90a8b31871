import ArgumentParser
import Chat
import Glibc
import Launch

/// One question, one answer.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Answer one prompt: the answer on standard output, notes on standard error.")

    @Argument(help: "The prompt; '-' reads it from standard input, as does none where that is no terminal.")
    var prompt: String?

    @OptionGroup(title: "Answer") var answer: AnswerOptions
    @OptionGroup(title: "Session") var session: SessionOptions
    @Option(
        name: .customLong("save"),
        help: ArgumentHelp("Keep the conversation as a new session of this name.", valueName: "name"))
    var newName: String?
    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Model") var compute: ComputeOptions
    @OptionGroup(title: "Conversation") var conversation: ConversationOptions
    @OptionGroup(title: "Sampling") var sampling: SamplingFlags
    @OptionGroup(title: "Notes") var notes: NoteFlags

    func validate() throws {
        if newName != nil, session.session != nil || session.continuesLast {
            throw ValidationError("--save begins a new session: it can't be had with --session or --continue")
        }
    }

    func run() async throws {
        let job = OneAnswer(
            prompt: prompt, answer: answer, session: session, newName: newName, model: model, compute: compute,
            conversation: conversation,
            sampling: sampling, notes: notes)
        try await job.perform()
    }
}

/// In which form the answer is written, and when it ends.
struct AnswerOptions: ParsableArguments {
    @Flag(help: "One JSON object with the answer and its measures.")
    var json = false

    @Flag(help: "A JSON object a line: init, then each token, then the result.")
    var jsonl = false

    @Flag(help: "The answer's bytes as they are; not to a terminal, which they could control.")
    var raw = false

    @Option(
        name: [.customShort("n"), .long], parsing: .unconditional,
        help: ArgumentHelp("The most tokens of the answer; 0 is no limit.", valueName: "n"))
    var maxTokens = GenerationOptions.defaultMaxTokens

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A text that ends the answer; may be given more than once.", valueName: "text"))
    var stop: [String] = []

    @Flag(help: "Exit with 6 when the answer was ended by -n.")
    var failOnLimit = false

    /// One of these flags that was given, if any.
    var given: String? {
        let flags = [
            ("--json", json), ("--jsonl", jsonl), ("--raw", raw),
            ("-n", maxTokens != GenerationOptions.defaultMaxTokens),
            ("--stop", !stop.isEmpty), ("--fail-on-limit", failOnLimit),
        ]
        return flags.first { $0.1 }?.0
    }

    func validate() throws {
        if [json, jsonl, raw].count(where: { $0 }) > 1 {
            throw ValidationError("only one of --json, --jsonl and --raw can be had")
        }
        if maxTokens < 0 {
            throw ValidationError("-n cannot be \(maxTokens): it has to be a whole number, 0 (no limit) or more")
        }
        if stop.contains("") {
            throw ValidationError("--stop cannot be empty: every text contains the empty one")
        }
        if raw, Output.standardOutput.isTerminal {
            throw ValidationError("--raw cannot write to a terminal: send the output to a file or a pipe")
        }
    }

    /// A fresh writer of the form that was asked for.
    var writer: any AnswerWriter {
        if json { return ObjectWriter(output: .standardOutput) }
        if jsonl { return LinesWriter(output: .standardOutput) }
        return TextWriter(output: .standardOutput, raw: raw)
    }
}
