import Chat
import JSON

extension JSONWriter {
    /// Writes a turn.
    ///
    /// - Parameters:
    ///   - snapshot: the number of its place in the file
    ///   - prompt: that of the place where its question had been read
    mutating func write(_ turn: PortableSession.Turn, snapshot: Int?, prompt: Int?) {
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
        if let prompt { field("prompt_snapshot", prompt) }
        field("prompt", content.fed.prompt)
        field("chunk_size", content.fed.chunkSize)
        field("completion", content.fed.completion)
        field("resumption", content.resumption)
        field("tokens_seen", content.tokensSeen)
        field("created", content.created)
        key("options")
        write(content.options)
        key("metrics")
        write(content.metrics)
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
            let tokensSeen = value["tokens_seen"]?.int, let created = value["created"]?.double,
            let options = value["options"], options.isObject, let metrics = value["metrics"], metrics.isObject
        else {
            throw wrong(
                "it has no kind, question, answer, reason, chunk_size, resumption, tokens_seen, created, options or "
                    + "metrics")
        }
        self.init(
            parent: value["parent"]?.int,
            content: TurnContent(
                kind: kind, question: question, answer: answer, reason: reason,
                fed: FedTokens(
                    prompt: try tokens("prompt"), chunkSize: chunkSize, completion: try tokens("completion")),
                resumption: resumption, options: GenerationOptions(options), metrics: Metrics(metrics),
                tokensSeen: tokensSeen, created: created),
            branch: value["branch"]?.string, bookmark: value["bookmark"]?.string)
    }
}
