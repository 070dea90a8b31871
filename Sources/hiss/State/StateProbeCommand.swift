import ArgumentParser
import Chat
import Engine
import Inference
import JSON
import Launch
import Screen
import UI

/// What a state says.
struct StateProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Say what a state would say next, and how large each layer's memory is; or ask it a question.",
        discussion: "Everything happens on a copy: the file stays as it is.")

    @Argument(help: ArgumentHelp("A .hiss file, or a snapshot of the store.", valueName: "file"), completion: .file())
    var file: String
    @Argument(help: ArgumentHelp("A question that is answered from there.", valueName: "question"))
    var question: String?
    @Option(help: ArgumentHelp("A turn, bookmark or branch (default: where it stands).", valueName: "turn"))
    var turn: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("How many tokens are named.", valueName: "n"))
    var top = 8
    @Option(
        name: [.customShort("n"), .long], parsing: .unconditional,
        help: ArgumentHelp("The most tokens of an answer.", valueName: "n"))
    var maxTokens = 64
    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var options: StateModelOptions

    func validate() throws {
        guard top > 0 else { throw ValidationError("--top cannot be \(top): it has to be 1 or more") }
        guard maxTokens > 0 else { throw ValidationError("-n cannot be \(maxTokens): it has to be 1 or more") }
    }

    func run() async throws {
        let place = try StatePlace(file, turn: turn)
        _ = try place.state()
        let engine = try options.engine(for: place)
        let checkpoint = try await place.checkpoint(engine)
        let probe = try await engine.probe(checkpoint, top: top)
        let answer = try await answer(from: checkpoint, engine)
        try Output.standardOutput.write(
            json ? Self.json(place, probe, answer) : Array(InertText.plain(Self.text(place, probe, answer)).utf8))
    }

    /// The greedy answer to the question, if there is one.
    private func answer(from checkpoint: Checkpoint, _ engine: LocalEngine) async throws -> String? {
        guard let question else { return nil }
        try await engine.go(to: checkpoint)
        var options = GenerationOptions()
        (options.sampling, options.maxTokens) = (.greedy, maxTokens)
        var text = ""
        for await event in engine.ask(question, options: options) {
            switch event {
            case .token(let token, _): text += token.text
            case .text(let more): text += more
            case .failed(let failure): throw failure
            case .prefill, .finished: break
            }
        }
        return text
    }

    private static func text(_ place: StatePlace, _ probe: StateProbe, _ answer: String?) -> String {
        var lines = [
            "\(place.name): \(CountText.of(probe.tokensSeen, "token")) seen",
            "next token: entropy \(DecimalText.fixed(probe.next.entropy, places: 2)) bit",
        ]
        lines += probe.next.top.map { "  \($0.shown)" }
        lines.append("memory of each layer, |h| and its largest value:")
        lines += probe.layers.enumerated().map { index, parts in
            (["  L\(index < 10 ? "0" : "")\(index)"]
                + parts.map {
                    "\($0.name) \(DecimalText.fixed($0.l2, places: 2)) (\(DecimalText.fixed($0.maxAbs, places: 2)))"
                }).joined(separator: "  ")
        }
        if let answer { lines += ["answer:", answer] }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func json(_ place: StatePlace, _ probe: StateProbe, _ answer: String?) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("path", place.file.path)
        json.field("turn", place.label)
        json.field("tokens_seen", probe.tokensSeen)
        json.key("next")
        json.write(probe.next)
        json.key("layers")
        json.beginArray()
        for (index, parts) in probe.layers.enumerated() {
            json.beginObject()
            json.field("layer", index)
            json.key("parts")
            json.beginArray()
            for part in parts {
                json.beginObject()
                json.field("name", part.name)
                json.field("shape", part.shape)
                json.field("norm", part.l2)
                json.field("mean_abs", part.absMean)
                json.field("max_abs", part.maxAbs)
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        if let answer { json.field("answer", answer) }
        json.endObject()
        json.newline()
        return json.drain()
    }
}
