import ArgumentParser
import Chat
import Inference
import JSON
import Launch
import Screen
import UI

/// How two states differ.
struct StateDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two states: how far each layer changed, and what each would say next.")

    @Argument(help: ArgumentHelp("A .hiss file, or a snapshot of the store.", valueName: "file"), completion: .file())
    var from: String
    @Argument(help: ArgumentHelp("Another, or the same.", valueName: "file"), completion: .file())
    var to: String
    @Option(help: ArgumentHelp("A turn of the first (default: where it stands).", valueName: "turn"))
    var fromTurn: String?
    @Option(help: ArgumentHelp("A turn of the second (default: where it stands).", valueName: "turn"))
    var toTurn: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("How many heads and tokens are named.", valueName: "n"))
    var top = 5
    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var options: StateModelOptions

    func validate() throws {
        guard top > 0 else { throw ValidationError("--top cannot be \(top): it has to be 1 or more") }
    }

    func run() async throws {
        let (first, second) = (try StatePlace(from, turn: fromTurn), try StatePlace(to, turn: toTurn))
        guard first.file.model == second.file.model else {
            throw LaunchError(
                .session, "can't compare states of two models",
                why: [first, second].map {
                    "\($0.name) was made by \($0.file.model.name) (\($0.file.model.model.prefix(8))…)"
                }
                .joined(separator: "\n"))
        }
        let engine = try options.engine(for: first)
        let (a, b) = (try await first.checkpoint(engine), try await second.checkpoint(engine))
        var difference = try await engine.difference(from: a, to: b, top: top)
        (difference.from, difference.to) = (first.name, second.name)
        guard json else { return try Output.standardOutput.write(InertText.plain(difference.report) + "\n") }
        var json = JSONWriter()
        json.write(difference)
        json.newline()
        try Output.standardOutput.write(json.drain())
    }
}
