import Chat
import JSON

/// The options and metrics of turns as JSON, which other programs can read as well.
enum OptionsCoding {
    static func encode(_ options: GenerationOptions) -> String {
        text { json in
            json.beginObject()
            write(options.sampling, to: &json)
            json.field("max_tokens", options.maxTokens)
            json.field("stop", options.stopTexts)
            json.field("max_key_value_bytes", options.maxKeyValueBytes)
            json.field("rereads_history", options.rereadsHistory)
            json.endObject()
        }
    }

    private static func write(_ sampling: SamplingOptions, to json: inout JSONWriter) {
        json.field("temperature", sampling.temperature)
        json.field("top_k", sampling.topK)
        json.field("top_p", sampling.topP)
        json.field("min_p", sampling.minP)
        json.field("typical_p", sampling.typicalP)
        json.field("repeat_penalty", sampling.repeatPenalty)
        json.field("frequency_penalty", sampling.frequencyPenalty)
        json.field("presence_penalty", sampling.presencePenalty)
        json.field("penalty_window", sampling.penaltyWindow)
        // In order, so that equal options are equal texts.
        let biases = sampling.logitBias.sorted { $0.key < $1.key }
        json.field("bias_tokens", biases.map(\.key))
        json.field("bias_values", biases.map(\.value))
        // A text: most readers of JSON would round the number.
        json.field("seed", sampling.seed.map { String($0) })
    }

    static func options(_ text: String) throws -> GenerationOptions {
        let json = try JSONValue(parsing: Array(text.utf8))
        var options = GenerationOptions()
        read(json, into: &options.sampling)
        if let value = json["max_tokens"] { options.maxTokens = value.int }
        options.stopTexts = json["stop"]?.array?.compactMap(\.string) ?? []
        if let bytes = json["max_key_value_bytes"]?.int { options.maxKeyValueBytes = bytes }
        options.rereadsHistory = json["rereads_history"]?.bool ?? false
        return options
    }

    private static func read(_ json: JSONValue, into sampling: inout SamplingOptions) {
        func number(_ name: String, _ value: inout Double) { if let found = json[name]?.double { value = found } }
        func count(_ name: String, _ value: inout Int) { if let found = json[name]?.int { value = found } }
        number("temperature", &sampling.temperature)
        count("top_k", &sampling.topK)
        number("top_p", &sampling.topP)
        number("min_p", &sampling.minP)
        number("typical_p", &sampling.typicalP)
        number("repeat_penalty", &sampling.repeatPenalty)
        number("frequency_penalty", &sampling.frequencyPenalty)
        number("presence_penalty", &sampling.presencePenalty)
        count("penalty_window", &sampling.penaltyWindow)
        let tokens = json["bias_tokens"]?.array ?? []
        let values = json["bias_values"]?.array ?? []
        for (token, value) in zip(tokens, values) {
            guard let token = token.int.flatMap({ Int32(exactly: $0) }) else { continue }
            // Null is minus infinity: a token that is forbidden.
            sampling.logitBias[token] = value.double.map { Float($0) } ?? -.infinity
        }
        sampling.seed = json["seed"]?.string.flatMap { UInt64($0) }
    }

    static func encode(_ metrics: Metrics) -> String {
        text { json in
            json.beginObject()
            json.field("prompt_tokens", metrics.promptTokens)
            json.field("recomputed_tokens", metrics.recomputedTokens)
            json.field("completion_tokens", metrics.completionTokens)
            json.field("prefill_seconds", metrics.prefillSeconds)
            json.field("decode_seconds", metrics.decodeSeconds)
            json.field("time_to_first_token", metrics.timeToFirstToken)
            json.field("state_bytes", metrics.stateBytes)
            json.field("tokens_seen", metrics.tokensSeen)
            json.endObject()
        }
    }

    static func metrics(_ text: String) throws -> Metrics {
        let json = try JSONValue(parsing: Array(text.utf8))
        var metrics = Metrics()
        metrics.promptTokens = json["prompt_tokens"]?.int ?? 0
        metrics.recomputedTokens = json["recomputed_tokens"]?.int ?? 0
        metrics.completionTokens = json["completion_tokens"]?.int ?? 0
        metrics.prefillSeconds = json["prefill_seconds"]?.double ?? 0
        metrics.decodeSeconds = json["decode_seconds"]?.double ?? 0
        metrics.timeToFirstToken = json["time_to_first_token"]?.double
        metrics.stateBytes = json["state_bytes"]?.int ?? 0
        metrics.tokensSeen = json["tokens_seen"]?.int ?? 0
        return metrics
    }

    static func encode(_ settings: [String: String]) -> String {
        text { json in
            json.beginObject()
            for (name, value) in settings.sorted(by: { $0.key < $1.key }) { json.field(name, value) }
            json.endObject()
        }
    }

    static func settings(_ text: String) throws -> [String: String] {
        let members = try JSONValue(parsing: Array(text.utf8)).object ?? []
        return Dictionary(members.map { ($0.name, $0.value.string ?? "") }) { $1 }
    }

    private static func text(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(decoding: json.drain(), as: UTF8.self)
    }
}
