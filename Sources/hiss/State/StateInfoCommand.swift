import ArgumentParser
import Chat
import Digests
import Inference
import JSON
import Launch
import Screen
import UI

/// What a state is.
struct StateInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say which model a state belongs to, what it holds and how large it is.",
        discussion: "Needs no model: only the file's header is read, and all of it for its SHA-256.")

    @Argument(help: ArgumentHelp("A .hiss file, or a snapshot of the store.", valueName: "file"), completion: .file())
    var file: String
    @Option(help: ArgumentHelp("A turn, bookmark or branch (default: where it stands).", valueName: "turn"))
    var turn: String?
    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        let place = try StatePlace(file, turn: turn)
        let report = StateReport(
            place: place, state: try place.state(), digest: try FileDigest.of(file, status: .session))
        try Output.standardOutput.write(json ? report.json : Array(InertText.plain(report.table).utf8))
    }
}

/// All that `hiss state info` says.
struct StateReport {
    let place: StatePlace
    let state: StateFile.State
    /// SHA-256 of the whole file.
    let digest: String

    private var file: StateFile { place.file }

    /// Numbers of the turns in the file; what a session begins with is none.
    private var turns: [Int] { file.turns.indices.filter { file.turns[$0].parent != nil } }

    /// Turns whose states are in the file.
    private var states: Int { turns.count { file.states[$0] != nil } }

    /// Layers with the same parts, such as `24 × conv_state F32 [3, 1792], ssm_state F32 [24, 128, 64]`.
    private var layerKinds: [(text: String, count: Int)] {
        var kinds: [(text: String, count: Int)] = []
        for layer in state.layers {
            let text = layer.parts.map { "\($0.name) \($0.type) \($0.shape)" }.joined(separator: ", ")
            if let known = kinds.firstIndex(where: { $0.text == text }) {
                kinds[known].count += 1
            } else {
                kinds.append((text, 1))
            }
        }
        return kinds
    }

    var table: String {
        var rows = [
            ("file", file.path), ("kind", "\(file.kind.rawValue) (\(file.format)), \(ByteText.long(file.byteCount))"),
            ("sha-256", digest), ("model", file.model.name), ("fingerprint", file.model.model),
            ("tokenizer", file.model.tokenizer),
        ]
        if let label = place.label {
            rows.append(
                ("session", "\(file.sessionName): \(CountText.of(turns.count, "turn")), \(states) with their states"))
            rows.append(("turn", label))
        }
        rows += [
            (
                "tokens seen",
                "\(state.tokensSeen) in \(CountText.of(state.messages, "message"))"
                    + (state.isCutOff ? ", cut off" : "")
            ),
            ("state", "\(ByteText.long(state.byteCount)) in \(CountText.of(state.layers.count, "layer"))"),
        ]
        rows += layerKinds.map { ("", "\($0.count) x \($0.text)") }
        return rows.map { name, text in
            name + String(repeating: " ", count: max(1, 13 - name.count)) + text + "\n"
        }.joined()
    }

    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("path", file.path)
        json.field("kind", file.kind.rawValue)
        json.field("format", file.format)
        json.field("bytes", file.byteCount)
        json.field("sha256", digest)
        json.field("model", file.model.name)
        json.field("model_digest", file.model.model)
        json.field("tokenizer_digest", file.model.tokenizer)
        if let label = place.label {
            json.field("session", file.sessionName)
            json.field("turns", turns.count)
            json.field("states", states)
            json.field("turn", label)
        }
        json.field("tokens_seen", state.tokensSeen)
        json.field("messages", state.messages)
        json.field("cut_off", state.isCutOff)
        json.field("state_bytes", state.byteCount)
        json.key("layers")
        json.beginArray()
        for layer in state.layers {
            json.beginObject()
            json.field("layer", layer.index)
            json.key("parts")
            json.beginArray()
            for part in layer.parts {
                json.beginObject()
                json.field("name", part.name)
                json.field("type", part.type)
                json.field("shape", part.shape)
                json.field("bytes", part.byteCount)
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.newline()
        return json.drain()
    }
}
