import ArgumentParser
import Chat
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
            others are named. On a terminal, without a prompt and a form of report, both are asked on the whole screen, \
            in two panes (F7 in the chat does the same). Else each prompt begins a conversation of its own; without one \
            a set of them is asked that comes with hiss.

            In lock-step, which takes two models with the same tokens, both are fed A's answer, a token at a time: \
            KL(A||B), the same first choice and perplexity are of those tokens. Without it each says its own.

            --probes measures what is left of a long context: a needle that was said once (needle), copying random words \
            (copy), pairs of words (association), perplexity by position (perplexity), and rate and memory by depth, with \
            made-up keys and values (depth). Prompts are asked beside them only where some are named, or with --lockstep.

            With --time-invariant B's state-space layers take, instead of what a token selects for Δ, B and C, the mean \
            over all tokens so far: a model that was trained to select, as a linear time-invariant system.
            """)

    @Argument(help: ArgumentHelp("The model A.", valueName: "a"))
    var a = ModelLocator.defaultName

    @Argument(
        help: ArgumentHelp("The model B (default: \(ComparedModel.baseline); A with --time-invariant).", valueName: "b")
    )
    var b: String?

    @Argument(help: "The prompt; '-' reads it from standard input.")
    var prompt: String?

    @Option(help: ArgumentHelp("A file with a prompt a line; '#' begins a comment.", valueName: "file|-"))
    var prompts: String?

    @Flag(help: "Feed both models A's tokens.")
    var lockstep = false

    @Flag(help: "Keep B's Δ, B and C at their running mean: what does it owe to selecting them?")
    var timeInvariant = false

    @OptionGroup(title: "Probes") var probes: ProbeOptions
    @OptionGroup(title: "Report") var report: ReportOptions

    @Option(
        name: [.customShort("n"), .long], parsing: .unconditional,
        help: ArgumentHelp(
            "The most tokens of each answer (default: 128, on the whole screen as in a chat).", valueName: "n"))
    var maxTokens: Int?

    @Option(help: ArgumentHelp("A system prompt instead of the models' own.", valueName: "text"))
    var system: String?

    @OptionGroup(title: "Model") var compute: ComputeOptions
    @OptionGroup(title: "Sampling") var sampling: SamplingFlags
    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?
    @OptionGroup(title: "On the whole screen") var pane: PairOptions
    @OptionGroup(title: "Notes") var notes: NoteFlags

    func validate() throws {
        if prompt != nil, prompts != nil { throw ValidationError("a prompt and --prompts can't be had together") }
        if let maxTokens, maxTokens < 1 { throw ValidationError("-n cannot be \(maxTokens): it has to be 1 or more") }
    }

    func run() async throws {
        if opensScreen { return try await openScreen() }
        if let flag = pane.given {
            throw LaunchError(
                .usage, "\(flag) is for a comparison on the whole screen", why: "there is a prompt, or no terminal",
                advice: "hiss compare \(flag)")
        }
        let interrupts = Interrupts()
        let probePlan = try probes.plan(seed: sampling.seed.flatMap { UInt64($0) })
        let asksPrompts = probePlan == nil || prompt != nil || prompts != nil || lockstep
        let set = asksPrompts ? try PromptSet(prompt: prompt, file: prompts).prompts : []
        var plans = (try plan(a), try plan(b(beside: a)))
        if timeInvariant { plans.1.model.options.selection = .runningMean }
        var options = GenerationOptions()
        options.sampling = try sampling.options(plans.0.composition)
        options.maxTokens = maxTokens ?? 128
        let pool = WorkerPool(workers: plans.0.model.options.threads)
        let first = try plans.0.model.load(on: pool)
        let second = try plans.1.model.load(on: pool, sharing: first)
        let mode: ChatPair.Mode = lockstep ? .lockstep : .free
        var result = ComparisonReport(
            [.a: first.summary, .b: second.summary], mode: mode, sampling: options.sampling)
        let comparison = PromptComparison(
            a: first, b: second, system: system, mode: mode, options: options, interrupts: interrupts)
        let progress = ProgressLine(isShown: !notes.quiet)
        // What follows, an error too, stands on a line of its own.
        defer { progress.finish() }
        for (index, text) in set.enumerated() {
            progress.show("prompt \(index + 1) of \(set.count): \(text.prefix(48))")
            result.prompts.append(try await comparison.run(text))
        }
        if let probePlan {
            result.probes = try ProbeRun(plan: probePlan, models: [first, second], progress: progress.show).run()
        }
        progress.finish()
        try report.write(result)
    }

    /// The model B where none is named: in a time-invariant comparison A itself.
    func b(beside a: String) -> String { b ?? (timeInvariant ? a : ComparedModel.baseline) }

    private func plan(_ reference: String) throws -> (composition: Composition, model: ModelPlan) {
        let composition = try Composition(model: reference, config: config, notes: notes)
        return (composition, try ComparedModel.plan(reference, composition, compute))
    }
}
