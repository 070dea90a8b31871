import Chat
import JSON

extension JSONWriter {
    /// Writes a turn; `snapshot` is the number of its place in the file.
    mutating func write(_ turn: PortableSession.Turn, snapshot: Int?) {
        let content = turn.content
        beginObject()
        field("parent", turn.parent)
        field("kind", content.kind.rawValue)
        field("question", content.question)
        field("answer", content.answer)
        field("reason", content.reason.rawValue)
        field("branch", turn.branch)
        field("bookmark", turn.bookmark)
        field("snapshot", snapshot)
        field("prompt", content.fed.prompt)
        field("chunk_size", content.fed.chunkSize)
        field("completion", content.fed.completion)
        field("resumption", content.resumption)
        field("tokens_seen", content.tokensSeen)
        field("created", content.created)
        key("sampling")
        beginObject()
        for setting in SamplingSetting.all {
            if let text = setting.text(of: content.options.sampling) { field(setting.name, text) }
        }
        endObject()
        field("max_tokens", content.options.maxTokens)
        field("stop", content.options.stopTexts)
        key("metrics")
        beginObject()
        field("prompt_tokens", content.metrics.promptTokens)
        field("recomputed", content.metrics.recomputedTokens)
        field("completion_tokens", content.metrics.completionTokens)
        field("prefill_seconds", content.metrics.prefillSeconds)
        field("decode_seconds", content.metrics.decodeSeconds)
        field("first_token_seconds", content.metrics.timeToFirstToken)
        field("state_bytes", content.metrics.stateBytes)
        endObject()
        endObject()
    }
}

extension PortableSession.Turn {
    /// Reads a turn that `JSONWriter.write` wrote, but for its place.
    init(_ value: JSONValue, wrong: (String) -> ChatFailure) throws {
        func tokens(_ name: String) throws -> [Int32] {
            guard let items = value[name]?.array else { throw wrong("it has no \(name)") }
            return try items.map { item in
                guard let token = item.int.flatMap({ Int32(exactly: $0) }) else { throw wrong("\(name) has no tokens") }
                return token
            }
        }
        guard let kind = value["kind"]?.string.flatMap({ TurnContent.Kind(rawValue: $0) }),
            let question = value["question"]?.string, let answer = value["answer"]?.string,
            let reason = value["reason"]?.string.flatMap({ FinishReason(rawValue: $0) }),
            let chunkSize = value["chunk_size"]?.int, chunkSize > 0, let resumption = value["resumption"]?.string,
            let tokensSeen = value["tokens_seen"]?.int, let created = value["created"]?.double
        else { throw wrong("it has no kind, question, answer, reason, chunk_size, resumption, tokens_seen or created") }
        var options = GenerationOptions()
        for setting in SamplingSetting.all {
            if let text = value["sampling"]?[setting.name]?.string { _ = setting.set(text, in: &options.sampling) }
        }
        options.maxTokens = value["max_tokens"]?.int
        options.stopTexts = value["stop"]?.array?.compactMap(\.string) ?? []
        var metrics = Metrics()
        let numbers = value["metrics"]
        metrics.promptTokens = numbers?["prompt_tokens"]?.int ?? 0
        metrics.recomputedTokens = numbers?["recomputed"]?.int ?? 0
        metrics.completionTokens = numbers?["completion_tokens"]?.int ?? 0
        metrics.prefillSeconds = numbers?["prefill_seconds"]?.double ?? 0
        metrics.decodeSeconds = numbers?["decode_seconds"]?.double ?? 0
        metrics.timeToFirstToken = numbers?["first_token_seconds"]?.double
        metrics.stateBytes = numbers?["state_bytes"]?.int ?? 0
        metrics.tokensSeen = tokensSeen
        self.init(
            parent: value["parent"]?.int,
            content: TurnContent(
                kind: kind, question: question, answer: answer, reason: reason,
                fed: FedTokens(
                    prompt: try tokens("prompt"), chunkSize: chunkSize, completion: try tokens("completion")),
                resumption: resumption, options: options, metrics: metrics, tokensSeen: tokensSeen, created: created),
            branch: value["branch"]?.string, bookmark: value["bookmark"]?.string)
    }
}
