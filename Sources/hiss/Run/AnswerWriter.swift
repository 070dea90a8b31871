import Chat
import JSON
import Launch
import Screen

/// Writes one answer in one form, as it comes.
protocol AnswerWriter {
    /// Whether a line about speed and state belongs on standard error, because the form doesn't hold it.
    var wantsNotes: Bool { get }
    mutating func begin(_ beginning: AnswerBeginning) throws
    mutating func token(_ token: SampledToken, _ metrics: Metrics) throws
    /// Text that was held back and belongs to no token of its own.
    mutating func text(_ text: String) throws
    mutating func finish(_ reason: FinishReason, _ metrics: Metrics) throws
    mutating func fail(_ failure: ChatFailure) throws
}

/// What is known before the first token.
struct AnswerBeginning {
    var model: ModelSummary
    var seed: UInt64?
    /// The session that keeps it, if one does.
    var session: String?
    /// Tokens that were read again to go on.
    var recomputedTokens: Int
}

/// The answer's text, and nothing else.
struct TextWriter: AnswerWriter {
    let output: Output
    /// Whether control characters are written as they are, and no line end is added.
    let raw: Bool
    private var endsLine = true

    init(output: Output, raw: Bool) {
        self.output = output
        self.raw = raw
    }

    var wantsNotes: Bool { true }

    func begin(_ beginning: AnswerBeginning) {}

    mutating func token(_ token: SampledToken, _ metrics: Metrics) throws {
        try text(token.text)
    }

    mutating func text(_ text: String) throws {
        guard let last = text.utf8.last else { return }
        try output.write(raw ? text : InertText.plain(text))
        endsLine = last == UInt8(ascii: "\n")
    }

    func finish(_ reason: FinishReason, _ metrics: Metrics) throws {
        if !endsLine, !raw { try output.write("\n") }
    }

    func fail(_ failure: ChatFailure) throws {
        if !endsLine, !raw { try output.write("\n") }
    }
}

/// One JSON object, when the answer is complete.
struct ObjectWriter: AnswerWriter {
    let output: Output
    private var answer = AnswerRecord()

    init(output: Output) {
        self.output = output
    }

    var wantsNotes: Bool { false }

    mutating func begin(_ beginning: AnswerBeginning) {
        answer.beginning = beginning
    }

    mutating func token(_ token: SampledToken, _ metrics: Metrics) {
        answer.add(token)
    }

    mutating func text(_ text: String) {
        answer.text += text
    }

    func finish(_ reason: FinishReason, _ metrics: Metrics) throws {
        var json = JSONWriter()
        json.beginObject()
        answer.write(to: &json, reason, metrics)
        json.endObject()
        json.newline()
        try output.write(json.drain())
    }

    func fail(_ failure: ChatFailure) {}
}

/// A JSON object a line: `init`, each `token`, then `result` or `error`.
struct LinesWriter: AnswerWriter {
    let output: Output
    private var answer = AnswerRecord()
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant

    init(output: Output) {
        self.output = output
        start = clock.now
    }

    var wantsNotes: Bool { false }

    mutating func begin(_ beginning: AnswerBeginning) throws {
        answer.beginning = beginning
        try line("init") { json in
            json.field("session", beginning.session)
            json.field("model", beginning.model.name)
            json.field("precision", beginning.model.precision)
            json.field("threads", beginning.model.threads)
            json.field("seed", beginning.seed)
            json.field("recomputed", beginning.recomputedTokens)
        }
    }

    mutating func token(_ token: SampledToken, _ metrics: Metrics) throws {
        let index = answer.ids.count
        answer.add(token)
        try line("token") { json in
            json.field("i", index)
            json.field("id", token.id)
            json.field("text", token.text)
            json.field("p", token.probability)
            json.field("ms", milliseconds)
        }
    }

    mutating func text(_ text: String) throws {
        answer.text += text
        try line("text") { $0.field("text", text) }
    }

    func finish(_ reason: FinishReason, _ metrics: Metrics) throws {
        try line("result") { answer.write(to: &$0, reason, metrics) }
    }

    func fail(_ failure: ChatFailure) throws {
        try line("error") { json in
            json.field("what", failure.what)
            json.field("why", failure.why)
            json.field("advice", failure.advice)
        }
    }

    /// Milliseconds since the question, to the microsecond.
    private var milliseconds: Double {
        let (seconds, attoseconds) = (clock.now - start).components
        return Double(seconds * 1_000_000 + attoseconds / 1_000_000_000_000) / 1000
    }

    private func line(_ event: String, _ fields: (inout JSONWriter) -> Void) throws {
        var json = JSONWriter()
        json.beginObject()
        json.field("event", event)
        fields(&json)
        json.endObject()
        json.newline()
        try output.write(json.drain())
    }
}

/// What the JSON forms say of an answer.
private struct AnswerRecord {
    var beginning: AnswerBeginning?
    var text = ""
    var ids: [Int32] = []

    mutating func add(_ token: SampledToken) {
        text += token.text
        ids.append(token.id)
    }

    func write(to json: inout JSONWriter, _ reason: FinishReason, _ metrics: Metrics) {
        json.field("text", text)
        json.field("ids", ids)
        json.field("prompt_tokens", metrics.promptTokens)
        json.field("recomputed", metrics.recomputedTokens + (beginning?.recomputedTokens ?? 0))
        json.field("completion_tokens", metrics.completionTokens)
        json.field("prompt_tokens_per_second", metrics.promptTokensPerSecond)
        json.field("tokens_per_second", metrics.tokensPerSecond)
        json.field("time_to_first_token_seconds", metrics.timeToFirstToken)
        json.field("state_bytes", metrics.stateBytes)
        json.field("tokens_seen", metrics.tokensSeen)
        json.field("stop_reason", reason.rawValue)
        json.field("session", beginning?.session)
        json.field("model", beginning?.model.name)
        json.field("seed", beginning?.seed)
    }
}
