import ArgumentParser
import Chat
import Engine
import FoundationEssentials
import Inference
import Launch

/// Measures a model's speed and memory on this machine.
struct BenchCommand: ParsableCommand {
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
        help: ArgumentHelp("Tokens that the state has read before each measurement.", valueName: "n"))
    var depth = 0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How often each speed is measured, after a warm-up.", valueName: "n"))
    var repetitions = 5

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var notes: NoteFlags

    func validate() throws {
        for (flag, value, least) in [
            ("-p", promptTokens, 1), ("-n", decodeTokens, 1), ("--depth", depth, 0), ("--repetitions", repetitions, 1),
        ] where value < least {
            throw ValidationError("\(flag) cannot be \(value): it has to be a whole number, \(least) or more")
        }
    }

    func run() throws {
        let loaded = try Composition(model, notes: notes).planModel(compute).load()
        var runner = ModelRunner(loaded.model)
        notes.note("note: measuring \(loaded.summary.title) with \(loaded.summary.threads) threads")

        try runner.feed(BenchTokens.first(depth, vocabSize: runner.vocabSize), wanting: .none)
        let prefill = try PrefillMeasure(tokens: promptTokens, repetitions: repetitions).run(&runner)
        let decode = try DecodeMeasure(tokens: decodeTokens, repetitions: repetitions).run(&runner)
        // Before the bandwidth's own buffer counts.
        let peakBytes = try PeakMemory.bytes()
        let processors = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let bandwidth = ReadBandwidth.bytesPerSecond(threads: processors)

        let report = BenchReport(
            model: loaded.summary, instructionSet: Model.instructionSet, promptTokens: promptTokens,
            decodeTokens: decodeTokens, depth: depth, repetitions: repetitions, prefill: prefill, decode: decode.speed,
            loadSeconds: loaded.loadSeconds, peakBytes: peakBytes, stateBytes: decode.stateBytes,
            weightBytesPerToken: loaded.model.weightBytesPerToken, stateBytesPerToken: decode.stateTraffic,
            readBandwidth: bandwidth)
        try Output.standardOutput.write(json ? report.json : Array(report.table.utf8))
    }
}
