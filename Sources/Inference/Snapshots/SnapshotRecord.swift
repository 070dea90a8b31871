import Chat
import Engine
import JSON
import Weights

/// What a snapshot's header says beside the state's shape.
struct SnapshotRecord {
    let position: Int
    let resumption: Resumption
    let history: [ChatMessage]
    /// The digests of the pages, in order.
    let pages: [String]

    /// The members that a snapshot's header has, and an object with a snapshot.
    static let members = ["position", "conversation", "pages"]

    /// Reads an object with these members.
    init(_ value: JSONValue, wrong: (String) -> ChatFailure) throws {
        guard let position = value["position"]?.int, position >= 0 else {
            throw wrong("position in its header is no number of tokens")
        }
        self.position = position
        let conversation = value["conversation"] ?? .null
        resumption = try Resumption(conversation, wrong: wrong)
        history = try (conversation["messages"]?.array ?? []).map { message in
            guard let role = message["role"]?.string.flatMap({ Role(rawValue: $0) }),
                let text = message["text"]?.string
            else { throw wrong("one of its messages has no role or no text") }
            return ChatMessage(role: role, text: text)
        }
        pages = try (value["pages"]?.array ?? []).map { page in
            guard let digest = page.string else { throw wrong("its list of pages has something else") }
            return digest
        }
    }
}

extension JSONWriter {
    /// Writes what a snapshot has beside its state.
    mutating func write(_ snapshot: ConversationSnapshot) {
        beginObject()
        fields(of: Resumption(snapshot))
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
