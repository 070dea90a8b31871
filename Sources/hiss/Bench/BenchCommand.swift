import ArgumentParser
import Chat
import Engine
import FoundationEssentials
import Inference
import Launch

/// Measures a model's speed and memory on this machine.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure speed and memory, beside the machine's own limit.")

    @OptionGroup var model: ModelOptions
    @OptionGroup var compute: ComputeOptions

    @Option(
        name: [.customShort("p"), .long], parsing: .unconditional,
        help: ArgumentHelp("Tokens of the prompt.", valueName: "n"))
    var promptTokens = 512

    @Option(
        name: [.customShort("n"), .long], parsing: .unconditional,
        help: ArgumentHelp("Tokens that are decoded.", valueName: "n"))
    var decodeTokens = 128

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Tokens that the state has read before each measurement; several numbers measure after each.",
            valueName: "n,…"))
    var depth = Depths([0])

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How often each speed is measured, after a warm-up.", valueName: "n"))
    var repetitions = 5

    @Flag(help: "Tell how long each class of operations takes.")
    var profile = false

    @Flag(help: "Tell how fast products with the model's matrices are, in the caches and from memory.")
    var kernels = false

    @Flag(help: "Tell what an answer takes beside decoding: choosing tokens, and keeping places to go back to.")
    var answer = false

    @Flag(help: "Tell how fast two sessions of the model decode at the same time, beside one alone.")
    var sideBySide = false

    @Flag(
        help: "Tell how long keeping a chat takes, going elsewhere in it and coming back, after the largest --depth.")
    var sessions = false

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var notes: NoteFlags

    func validate() throws {
        for (flag, value, least) in [
            ("-p", promptTokens, 1), ("-n", decodeTokens, 1), ("--repetitions", repetitions, 1),
        ] where value < least {
            throw ValidationError("\(flag) cannot be \(value): it has to be a whole number, \(least) or more")
        }
    }

    func run() async throws {
        let timer = profile ? OperationTimer() : nil
        let composition = try Composition(model, notes: notes)
        let loaded = try composition.planModel(compute).load(observer: timer)
        notes.note("note: measuring \(loaded.summary.title) with \(loaded.summary.threads) threads")

        let speeds = try DepthMeasure(
            depths: depth.values, promptTokens: promptTokens, decodeTokens: decodeTokens, repetitions: repetitions
        ).run(loaded.model)
        let times = try timer.map { timer in
            var runner = ModelRunner(loaded.model)
            return try ProfileMeasure(
                promptTokens: promptTokens, decodeTokens: decodeTokens, repetitions: repetitions
            ).run(&runner, timer: timer)
        }
        let answers =
            answer ? try AnswerMeasure(tokens: decodeTokens, repetitions: repetitions).run(loaded.model) : nil
        let pair =
            sideBySide
            ? try SideBySideMeasure(tokens: decodeTokens, repetitions: repetitions).run(loaded.model) : nil
        let sessionTimes: SessionMeasure.Outcome? =
            if sessions {
                try await SessionMeasure(
                    depth: depth.values.max() ?? 0, repetitions: repetitions,
                    folder: "\(composition.directories.data)/bench-\(ProcessInfo.processInfo.processIdentifier)"
                ).run(loaded)
            } else { nil }
        // Before the buffers of what follows count.
        let peakBytes = try PeakMemory.bytes()
        let rows = kernels ? KernelMeasure.run(loaded.model) : []
        let processors = max(1, ProcessInfo.processInfo.activeProcessorCount)

        let report = BenchReport(
            model: loaded.summary, instructionSet: Model.instructionSet, promptTokens: promptTokens,
            decodeTokens: decodeTokens, repetitions: repetitions, speeds: speeds, loadSeconds: loaded.loadSeconds,
            peakBytes: peakBytes, weightBytesPerToken: loaded.model.weightBytesPerToken,
            multiplyAdds: MultiplyAdds(loaded.model), readBandwidth: ReadBandwidth.bytesPerSecond(threads: processors),
            profile: times, answer: answers, sideBySide: pair, sessions: sessionTimes, kernels: rows,
            kernelPeak: KernelMeasure.prefillPeak(rows, of: loaded.model))
        try Output.standardOutput.write(json ? report.json : Array(report.table.utf8))
    }
}
