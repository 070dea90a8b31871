import Chat
import Engine
import JSON
import Weights

/// What a snapshot's header says beside the state's shape.
struct SnapshotRecord {
    let position: Int
    let tokenCount: Int
    let sampler: Sampler.Position?
    let seed: UInt64?
    let history: [ChatMessage]
    let overrun: String
    /// The digests of the pages, in order.
    let pages: [String]

    init(_ file: SafetensorsFile) throws {
        func text(_ key: String) throws -> String {
            guard let text = file.metadata[key] else { throw Self.wrong(file, "its header has no \(key)") }
            return text
        }
        func json(_ key: String) throws -> JSONValue {
            let source = try text(key)
            do {
                return try JSONValue(parsing: Array(source.utf8))
            } catch {
                throw Self.wrong(file, "\(key) in its header is no JSON: \(error)")
            }
        }
        guard let position = Int(try text("position")), position >= 0 else {
            throw Self.wrong(file, "position in its header is no number of tokens")
        }
        self.position = position
        let conversation = try json("conversation")
        guard let tokenCount = conversation["tokens"]?.int, tokenCount >= 0 else {
            throw Self.wrong(file, "its conversation has no number of tokens")
        }
        self.tokenCount = tokenCount
        overrun = conversation["overrun"]?.string ?? ""
        seed = conversation["seed"]?.string.flatMap { UInt64($0) }
        sampler = try Self.sampler(conversation["sampler"], file)
        history = try (conversation["messages"]?.array ?? []).map { message in
            guard let role = message["role"]?.string.flatMap({ Role(rawValue: $0) }),
                let text = message["text"]?.string
            else { throw Self.wrong(file, "one of its messages has no role or no text") }
            return ChatMessage(role: role, text: text)
        }
        pages = try (try json("pages").array ?? []).map { page in
            guard let digest = page.string else { throw Self.wrong(file, "its list of pages has something else") }
            return digest
        }
    }

    private static func sampler(_ value: JSONValue?, _ file: SafetensorsFile) throws -> Sampler.Position? {
        guard let value, !value.isNull else { return nil }
        let window = value["window"]?.array?.compactMap { $0.int.flatMap { Int32(exactly: $0) } }
        guard let generator = value["generator"]?.string.flatMap({ UInt64($0) }), let window,
            window.count == value["window"]?.array?.count
        else { throw wrong(file, "its sampler has no generator or no window") }
        return Sampler.Position(generator: generator, window: window)
    }

    private static func wrong(_ file: SafetensorsFile, _ why: String) -> ChatFailure {
        ChatFailure(what: "can't read the snapshot \(file.name)", why: why)
    }
}

extension JSONWriter {
    /// Writes what a snapshot has beside its state.
    ///
    /// 64-bit numbers are texts: most readers of JSON would round them.
    mutating func write(_ snapshot: ConversationSnapshot) {
        beginObject()
        field("tokens", snapshot.tokenCount)
        field("overrun", snapshot.overrun)
        field("seed", snapshot.seed.map { String($0) })
        if let sampler = snapshot.sampler {
            key("sampler")
            beginObject()
            field("generator", String(sampler.generator))
            field("window", sampler.window)
            endObject()
        }
        key("messages")
        beginArray()
        for message in snapshot.history {
            beginObject()
            field("role", message.role.rawValue)
            field("text", message.text)
            endObject()
        }
        endArray()
        endObject()
    }
}
