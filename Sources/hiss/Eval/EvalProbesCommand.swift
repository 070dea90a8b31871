import ArgumentParser
import Chat
import Inference
import JSON
import Launch
import UI

/// What is left of a long context in one model.
struct EvalProbesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probes",
        abstract: "Measure what a model still knows of a long context, and what that costs.",
        discussion: """
            The probes of hiss compare --probes, on one model: a needle, copying, association, perplexity by position, and \
            rate and memory by depth.
            """)

    @OptionGroup var model: ModelOptions
    @OptionGroup var compute: ComputeOptions
    @OptionGroup(title: "Probes") var probes: ProbeOptions

    @Option(parsing: .unconditional, help: ArgumentHelp("The same seed makes the same trials.", valueName: "n"))
    var seed: UInt64 = 1

    @OptionGroup(title: "Report") var report: ReportOptions
    @OptionGroup(title: "Notes") var notes: NoteFlags

    func run() throws {
        guard let plan = try probes.plan(seed: seed, defaults: .all) else { return }
        let loaded = try Composition(model, notes: notes).planModel(compute).load()
        let progress = ProgressLine(isShown: !notes.quiet)
        // What follows, an error too, stands on a line of its own.
        defer { progress.finish() }
        let result = try ProbeRun(plan: plan, models: [loaded], progress: progress.show).run()
        progress.finish()
        try report.write(result)
    }
}

extension ProbeReport: WrittenReport {
    var text: String { ([title, ""] + textLines).map { $0 + "\n" }.joined() }

    var markdown: String { ([title, ""] + markdownLines).map { $0 + "\n" }.joined() }

    var svg: String { LinePlot.document(plots) }

    var json: [UInt8] {
        var json = JSONWriter()
        write(to: &json)
        json.newline()
        return json.drain()
    }

    private var title: String {
        zip(labels, models).map { "\($0)  \($1.title), \($1.family), \($1.precision)" }.joined(separator: "\n")
    }
}
