package import JSON

/// The options and metrics of turns as JSON: the same in a store and in a session file, and other programs can read it.
extension JSONWriter {
    /// Writes all of an answer's options as an object.
    package mutating func write(_ options: GenerationOptions) {
        beginObject()
        fields(of: options.sampling)
        field("max_tokens", options.maxTokens)
        field("stop", options.stopTexts)
        field("max_key_value_bytes", options.maxKeyValueBytes)
        field("rereads_history", options.rereadsHistory)
        if options.traces { field("traces", true) }
        endObject()
    }

    private mutating func fields(of sampling: SamplingOptions) {
        field("temperature", sampling.temperature)
        field("top_k", sampling.topK)
        field("top_p", sampling.topP)
        field("min_p", sampling.minP)
        field("typical_p", sampling.typicalP)
        field("repeat_penalty", sampling.repeatPenalty)
        field("frequency_penalty", sampling.frequencyPenalty)
        field("presence_penalty", sampling.presencePenalty)
        field("penalty_window", sampling.penaltyWindow)
        // In order, so that equal options are equal texts.
        let biases = sampling.logitBias.sorted { $0.key < $1.key }
        field("bias_tokens", biases.map(\.key))
        field("bias_values", biases.map(\.value))
        // A text: most readers of JSON would round the number.
        field("seed", sampling.seed.map { String($0) })
    }

    /// Writes an answer's metrics as an object; what layers did is shown while it is traced, and kept nowhere.
    package mutating func write(_ metrics: Metrics) {
        beginObject()
        field("prompt_tokens", metrics.promptTokens)
        field("recomputed_tokens", metrics.recomputedTokens)
        field("completion_tokens", metrics.completionTokens)
        field("prefill_seconds", metrics.prefillSeconds)
        field("decode_seconds", metrics.decodeSeconds)
        field("time_to_first_token", metrics.timeToFirstToken)
        field("state_bytes", metrics.stateBytes)
        field("tokens_seen", metrics.tokensSeen)
        endObject()
    }
}

extension GenerationOptions {
    /// Reads what `JSONWriter.write` wrote; what an earlier version did not write is as it was then.
    package init(_ json: JSONValue) {
        self.init()
        sampling = SamplingOptions(json)
        if let value = json["max_tokens"] { maxTokens = value.int }
        stopTexts = json["stop"]?.array?.compactMap(\.string) ?? []
        if let bytes = json["max_key_value_bytes"]?.int { maxKeyValueBytes = bytes }
        rereadsHistory = json["rereads_history"]?.bool ?? false
        traces = json["traces"]?.bool ?? false
    }
}

extension SamplingOptions {
    fileprivate init(_ json: JSONValue) {
        self.init()
        func number(_ name: String, _ value: inout Double) { if let found = json[name]?.double { value = found } }
        func count(_ name: String, _ value: inout Int) { if let found = json[name]?.int { value = found } }
        number("temperature", &temperature)
        count("top_k", &topK)
        number("top_p", &topP)
        number("min_p", &minP)
        number("typical_p", &typicalP)
        number("repeat_penalty", &repeatPenalty)
        number("frequency_penalty", &frequencyPenalty)
        number("presence_penalty", &presencePenalty)
        count("penalty_window", &penaltyWindow)
        let tokens = json["bias_tokens"]?.array ?? []
        let values = json["bias_values"]?.array ?? []
        for (token, value) in zip(tokens, values) {
            guard let token = token.int.flatMap({ Int32(exactly: $0) }) else { continue }
            // Null is minus infinity: a token that is forbidden.
            logitBias[token] = value.double.map { Float($0) } ?? -.infinity
        }
        seed = json["seed"]?.string.flatMap { UInt64($0) }
    }
}

extension Metrics {
    /// Reads what `JSONWriter.write` wrote.
    package init(_ json: JSONValue) {
        self.init()
        promptTokens = json["prompt_tokens"]?.int ?? 0
        recomputedTokens = json["recomputed_tokens"]?.int ?? 0
        completionTokens = json["completion_tokens"]?.int ?? 0
        prefillSeconds = json["prefill_seconds"]?.double ?? 0
        decodeSeconds = json["decode_seconds"]?.double ?? 0
        timeToFirstToken = json["time_to_first_token"]?.double
        stateBytes = json["state_bytes"]?.int ?? 0
        tokensSeen = json["tokens_seen"]?.int ?? 0
    }
}
