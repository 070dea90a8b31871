package import JSON

/// What a Hugging Face checkpoint says about its model: its tensors have the names that its code gives them.
package struct Checkpoint: Sendable {
    /// Where the tokenizer and the other files lie.
    package let directory: CheckpointDirectory
    /// The contents of `config.json`.
    package let config: JSONValue
}

/// The directory of a Hugging Face checkpoint, and the small files in it.
package struct CheckpointDirectory: Sendable {
    /// The directory's path as it was given.
    package let path: String
    /// The largest file that is read; tokenizers of large vocabularies take some 30 MB.
    private static let limit = 1 << 27

    /// Makes a directory; whether it is there shows when files in it are asked for.
    package init(path: String) {
        self.path = path
    }

    /// The directory's own name, for messages and titles.
    package var name: String { MappedFile.name(of: MappedFile.resolved(path)) }

    /// Whether a directory lies at the path.
    package var isThere: Bool { MappedFile.isDirectory(path) }

    /// Returns the path of a file in the directory.
    package func path(of name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

    /// Returns whether a file of that name is in the directory.
    package func has(_ name: String) -> Bool { MappedFile.isRegularFile(path(of: name)) }

    /// Returns the contents of a file, or nil where there is none of that name.
    package func bytes(of name: String) throws(WeightError) -> [UInt8]? {
        guard has(name) else { return nil }
        let file = try MappedFile.open(path(of: name))
        guard file.byteCount <= Self.limit else {
            throw WeightError(
                .unsupported,
                "\(file.path) has \(file.byteCount) bytes; at most \(Self.limit) are read. It is damaged.")
        }
        return file.elements(at: 0, count: file.byteCount, as: UInt8.self)
    }

    /// Returns the value in a file of JSON as Python writes it, or nil where there is no file of that name.
    package func json(of name: String) throws(WeightError) -> JSONValue? {
        guard let bytes = try bytes(of: name) else { return nil }
        do {
            return try JSONValue(parsing: bytes, dialect: .python)
        } catch {
            throw WeightError(
                .damaged, "\(path(of: name)) is not valid JSON. Download or copy it again.", cause: error)
        }
    }
}
