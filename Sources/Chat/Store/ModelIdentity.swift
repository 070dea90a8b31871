/// Which model a state belongs to: another one can't go on with it.
public struct ModelIdentity: Sendable, Equatable, Codable {
    /// The model's name, for messages.
    public var name: String
    /// SHA-256 over the model's metadata, tensor table, the first 4 KiB of each tensor, and the precision.
    public var model: String
    /// SHA-256 over the tokenizer's tokens and their roles.
    public var tokenizer: String

    public init(name: String, model: String, tokenizer: String) {
        self.name = name
        self.model = model
        self.tokenizer = tokenizer
    }
}
