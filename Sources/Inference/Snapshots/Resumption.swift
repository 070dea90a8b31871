import Chat
import Engine
import JSON

/// What going on from a place takes beside state, logits and what was said.
struct Resumption: Sendable, Equatable {
    var tokenCount = 0
    var sampler: Sampler.Position?
    var seed: UInt64?
    var overrun = ""
    var cutOff: CutOffAnswer?
    var question: String?
    /// Whether the turn read the conversation from its beginning, so that nothing before it counts.
    var startsOver = false
    /// How the numbers were drawn that chose the answer's tokens.
    var draws = DrawLog()

    init() {}

    init(_ snapshot: ConversationSnapshot) {
        tokenCount = snapshot.tokenCount
        sampler = snapshot.sampler
        seed = snapshot.seed
        overrun = snapshot.overrun
        cutOff = snapshot.cutOff
        question = snapshot.question
    }

    /// Reads a line of JSON that `json` wrote.
    init(parsing line: String) throws {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: Array(line.utf8))
        } catch {
            throw ChatFailure(what: "can't go on from a turn", why: "what it keeps to go on from is no JSON: \(error)")
        }
        try self.init(value) { ChatFailure(what: "can't go on from a turn", why: $0) }
    }

    init(_ value: JSONValue, wrong: (String) -> ChatFailure) throws {
        guard let tokenCount = value["tokens"]?.int, tokenCount >= 0 else {
            throw wrong("its conversation has no number of tokens")
        }
        self.tokenCount = tokenCount
        overrun = value["overrun"]?.string ?? ""
        question = value["question"]?.string
        seed = value["seed"]?.string.flatMap { UInt64($0) }
        startsOver = value["starts_over"]?.bool ?? false
        draws.runs = try (value["draws"]?.array ?? []).map { run in
            guard let index = run["index"]?.int, let generator = run["generator"]?.string.flatMap({ UInt64($0) }) else {
                throw wrong("it does not say how its answer's random numbers were drawn")
            }
            return DrawLog.Run(index: index, generator: generator, takesNumbers: run["takes"]?.bool)
        }
        if let entry = value["sampler"], !entry.isNull {
            let window = entry["window"]?.array?.compactMap { $0.int.flatMap { Int32(exactly: $0) } }
            guard let generator = entry["generator"]?.string.flatMap({ UInt64($0) }), let window,
                window.count == entry["window"]?.array?.count
            else { throw wrong("its sampler has no generator or no window") }
            sampler = Sampler.Position(generator: generator, window: window)
        }
        if let entry = value["cut_off"], !entry.isNull {
            guard let bytes = entry["pending"]?.array?.compactMap({ $0.int.flatMap { UInt8(exactly: $0) } }),
                bytes.count <= 3, let held = entry["held"]?.string, let shown = entry["shown"]?.string,
                let lead = entry["lead"]?.string
            else { throw wrong("its last answer was cut off, and it does not say where") }
            cutOff = CutOffAnswer(pending: bytes, held: held, shown: shown, lead: lead)
        }
    }

    /// The whole as a line of JSON.
    var json: String {
        var json = JSONWriter()
        json.beginObject()
        json.fields(of: self)
        json.endObject()
        return String(decoding: json.drain(), as: UTF8.self)
    }
}

extension JSONWriter {
    /// Writes the members of a resumption; 64-bit numbers are texts, since most readers of JSON would round them.
    mutating func fields(of resumption: Resumption) {
        field("tokens", resumption.tokenCount)
        field("overrun", resumption.overrun)
        field("seed", resumption.seed.map { String($0) })
        if let question = resumption.question { field("question", question) }
        if resumption.startsOver { field("starts_over", true) }
        if !resumption.draws.runs.isEmpty {
            key("draws")
            beginArray()
            for run in resumption.draws.runs {
                beginObject()
                field("index", run.index)
                field("generator", String(run.generator))
                field("takes", run.takesNumbers)
                endObject()
            }
            endArray()
        }
        if let sampler = resumption.sampler {
            key("sampler")
            beginObject()
            field("generator", String(sampler.generator))
            field("window", sampler.window)
            endObject()
        }
        if let cutOff = resumption.cutOff {
            key("cut_off")
            beginObject()
            field("pending", cutOff.pending.map { Int($0) })
            field("held", cutOff.held)
            field("shown", cutOff.shown)
            field("lead", cutOff.lead)
            endObject()
        }
    }
}
