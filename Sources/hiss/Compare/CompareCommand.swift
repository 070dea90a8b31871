import ArgumentParser
import Chat
import Downloads
import Engine
import Inference
import Launch

/// Two models on the same prompts.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Ask two models the same, and say how they differ.",
        discussion: """
            A is the model that comes with hiss and B its attention teacher, smollm2 (hiss model pull smollm2), unless \
            others are named. Without a prompt a set of them is asked that comes with hiss. Each prompt begins a \
            conversation of its own.

            In lock-step, which takes two models with the same tokens, both are fed A's answer, a token at a time: \
            KL(A||B), the same first choice and perplexity are of those tokens. Without it each says its own.
            """)

    @Argument(help: ArgumentHelp("The model A.", valueName: "a"))
    var a = ModelLocator.defaultName

    @Argument(help: ArgumentHelp("The model B.", valueName: "b"))
    var b = "smollm2"

    @Argument(help: "The prompt; '-' reads it from standard input.")
    var prompt: String?

    @Option(help: ArgumentHelp("A file with a prompt a line; '#' begins a comment.", valueName: "file|-"))
    var prompts: String?

    @Flag(help: "Feed both models A's tokens.")
    var lockstep = false

    @OptionGroup(title: "Report") var report: ReportOptions

    @Option(
        name: [.customShort("n"), .long], parsing: .unconditional,
        help: ArgumentHelp("The most tokens of each answer.", valueName: "n"))
    var maxTokens = 128

    @Option(help: ArgumentHelp("A system prompt instead of the models' own.", valueName: "text"))
    var system: String?

    @OptionGroup(title: "Model") var compute: ComputeOptions
    @OptionGroup(title: "Sampling") var sampling: SamplingFlags
    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?
    @OptionGroup(title: "Notes") var notes: NoteFlags

    func validate() throws {
        if prompt != nil, prompts != nil { throw ValidationError("a prompt and --prompts can't be had together") }
        if maxTokens < 1 { throw ValidationError("-n cannot be \(maxTokens): it has to be 1 or more") }
    }

    func run() async throws {
        let interrupts = Interrupts()
        let set = try PromptSet(prompt: prompt, file: prompts)
        let plans = (try plan(a), try plan(b))
        var options = GenerationOptions()
        options.sampling = try sampling.options(plans.0.composition)
        options.maxTokens = maxTokens
        let pool = WorkerPool(workers: plans.0.model.options.threads)
        let (first, second) = (try plans.0.model.load(on: pool), try plans.1.model.load(on: pool))
        let mode: ChatPair.Mode = lockstep ? .lockstep : .free
        var result = ComparisonReport(
            [.a: first.summary, .b: second.summary], mode: mode, sampling: options.sampling)
        let comparison = PromptComparison(
            a: first, b: second, system: system, mode: mode, options: options, interrupts: interrupts)
        let progress = ProgressLine(isShown: !notes.quiet)
        // What follows, an error too, stands on a line of its own.
        defer { progress.finish() }
        for (index, text) in set.prompts.enumerated() {
            progress.show("prompt \(index + 1) of \(set.prompts.count): \(text.prefix(48))")
            result.prompts.append(try await comparison.run(text))
        }
        progress.finish()
        try Output.standardOutput.write(report.form.bytes(of: result))
    }

    private func plan(_ reference: String) throws -> (composition: Composition, model: ModelPlan) {
        let composition = try Composition(model: reference, config: config, notes: notes)
        do {
            return (composition, try composition.planModel(compute))
        } catch let error as LaunchError where error.status == .model {
            guard let published = PublishedModel.all.first(where: { $0.name == reference.lowercased() }) else {
                throw error
            }
            throw LaunchError(
                .model, "'\(reference)' is not on this machine",
                why: "\(published.about); \(published.licence), \(published.package.byteCount / 1_000_000) MB",
                advice: "hiss model pull \(published.name)")
        }
    }
}

/// In which form a comparison is written.
struct ReportOptions: ParsableArguments {
    @Flag(help: "One JSON object.")
    var json = false

    @Flag(help: "Markdown, to paste into a text.")
    var markdown = false

    @Flag(help: "A drawing (SVG).")
    var svg = false

    func validate() throws {
        if [json, markdown, svg].count(where: { $0 }) > 1 {
            throw ValidationError("only one of --json, --markdown and --svg can be had")
        }
    }

    var form: ReportForm { json ? .json : markdown ? .markdown : svg ? .svg : .text }
}

enum ReportForm {
    case text, json, markdown, svg

    func bytes(of report: ComparisonReport) -> [UInt8] {
        switch self {
        case .text: Array(report.text.utf8)
        case .json: report.json
        case .markdown: Array(report.markdown.utf8)
        case .svg: Array(report.svg.utf8)
        }
    }
}
