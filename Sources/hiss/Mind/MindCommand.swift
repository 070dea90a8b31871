import ArgumentParser
import Chat
import Inference
import Launch
import Screen
import UI

/// What a token reads from.
struct MindCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mind",
        abstract: "See what a token of a text or session reads from, layer by layer.",
        discussion: """
            For a token and a layer: the hidden attention |alpha[t,s]| of state-space models (Ali et al. 2024, \
            arXiv 2403.01590) and the softmax rows of attention, both as shares; what is left of what each token wrote, \
            exp(A x sum of delta); the step size delta with which it was written. For every layer: delta, half-life, how \
            many of the nearest tokens hold 90 % of what is read, and the logit lens. A text is read as it is, without a \
            chat template; of a session the last turns are read again on a copy, and nothing of it changes.

            It is the state's path alone: convolution, gate, skip and values carry more, and a large share is no cause.
            """)

    @Argument(help: ArgumentHelp("The text; '-' or nothing reads standard input.", valueName: "text"))
    var text: String?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("A session instead of a text.", valueName: "name"),
        completion: SessionNames.completion)
    var session: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The token, from 0 (default: the last one).", valueName: "n"))
    var token: Int?

    @Option(parsing: .unconditional, help: ArgumentHelp("The layer, from 0 (default: the middle one).", valueName: "n"))
    var layer: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("One head, from 0; a channel of Mamba-1 (default: the mean of all).", valueName: "n"))
    var head: Int?

    @Flag(help: "One JSON object.")
    var json = false

    @Flag(help: "A drawing (SVG).")
    var svg = false

    @OptionGroup var options: SessionModelOptions

    func validate() throws {
        if json && svg { throw ValidationError("only one of --json and --svg can be had") }
        if session != nil && text != nil { throw ValidationError("a text and --session can't be had together") }
    }

    func run() async throws {
        let query = InsightQuery(position: token, layer: layer, head: head)
        let report: InsightReport
        if let session {
            report = try await look(insideSession: session, query)
        } else {
            report = try await look(inside: text, query)
        }
        let bytes =
            json
            ? report.json : Array((svg ? report.svg : InertText.plain(report.insight.report) + "\n").utf8)
        try Output.standardOutput.write(bytes)
    }

    private func look(inside text: String?, _ query: InsightQuery) async throws -> InsightReport {
        let text = try PromptText.read(text, example: "hiss mind \"The capital of France is\"")
        let composition = try Composition(options.model, notes: options.notes)
        let engine = try composition.planConversation(options.compute, options.conversation).start()
        do {
            try await engine.observe(text: text)
            return InsightReport(try await engine.insight(query), of: engine.summary)
        } catch let failure as ChatFailure {
            throw LaunchError(.usage, failure)
        }
    }

    private func look(insideSession session: String, _ query: InsightQuery) async throws -> InsightReport {
        var argument = SessionArgument()
        argument.session = session
        let chat = try await options.open(argument).chat
        do {
            return InsightReport(try await chat.insight(query), of: chat.engine.summary)
        } catch let failure as ChatFailure {
            throw LaunchError(.usage, failure)
        }
    }
}
