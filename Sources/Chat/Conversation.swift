/// Who says something.
public enum Role: String, Sendable, Hashable, Codable {
    case system, user, assistant
}

/// One message of a conversation, as the reader sees it.
public struct ChatMessage: Sendable, Hashable, Codable {
    public var role: Role
    public var text: String

    public init(role: Role, text: String) {
        self.role = role
        self.text = text
    }
}
