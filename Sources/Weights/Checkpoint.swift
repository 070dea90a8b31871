package import JSON

/// What a Hugging Face checkpoint says about its model: its tensors have the names that its code gives them.
package struct Checkpoint: Sendable {
    /// Where the tokenizer and the other files lie.
    package let directory: String
    /// The contents of `config.json`.
    package let config: JSONValue
}
