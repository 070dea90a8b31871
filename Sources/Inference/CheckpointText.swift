import JSON
import Tokenization
import Weights

/// The files in a Hugging Face checkpoint's directory that say how its model reads and writes text.
struct CheckpointText {
    let directory: CheckpointDirectory

    /// The name of the tokenizer's file.
    private(set) var tokenizerName = "tokenizer.json"
    /// The name of the one that we don't read.
    private static let sentencePieceName = "tokenizer.model"

    init(directory: CheckpointDirectory) {
        self.directory = directory
    }

    /// Makes the files of the directory at `path`, or of the one that has the `tokenizer.json` there; nil for other files.
    init?(path: String) {
        let directory = CheckpointDirectory(path: path)
        if directory.isThere {
            self.directory = directory
        } else if path.hasSuffix(".json") {
            let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
            self.directory = CheckpointDirectory(path: parent)
            tokenizerName = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
        } else {
            return nil
        }
    }

    /// Reads `tokenizer.json`, with the roles of tokens from the files beside it.
    func tokenizer() throws -> any Tokenizer {
        guard let bytes = try directory.bytes(of: tokenizerName) else { throw noTokenizer() }
        let settings = try directory.json(of: "tokenizer_config.json")
        let special = try directory.json(of: "special_tokens_map.json")
        func token(_ role: String) -> String? {
            [settings?[role], special?[role]].lazy.compactMap { $0?.string ?? $0?["content"]?.string }.first
        }
        return try TokenizerJSON.read(
            bytes, source: directory.path(of: tokenizerName),
            roles: TokenizerJSON.RoleNames(
                bos: token("bos_token"), eos: token("eos_token"), unknown: token("unk_token")),
            endings: try endings())
    }

    /// The ids that end an answer: what is generated with says more than the model's configuration.
    private func endings() throws -> [Int] {
        for name in ["generation_config.json", "config.json"] {
            guard let value = try directory.json(of: name)?["eos_token_id"], !value.isNull else { continue }
            return value.array?.compactMap(\.int) ?? [value.int].compactMap { $0 }
        }
        return []
    }

    /// Returns the chat template, or nil where there is none.
    ///
    /// A file of its own counts before the tokenizer's settings, which may have several under names.
    func template() throws -> String? {
        let name = "chat_template.jinja"
        if let bytes = try directory.bytes(of: name) {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw TokenizationError(
                    .damaged, "\(directory.path(of: name)) is not UTF-8. Download or copy it again.")
            }
            return text
        }
        for name in ["chat_template.json", "tokenizer_config.json"] {
            guard let value = try directory.json(of: name)?["chat_template"], !value.isNull else { continue }
            if let text = value.string { return text }
            let named = value.array ?? []
            let chosen = named.first { $0["name"]?.string == "default" } ?? named.first
            guard let text = chosen?["template"]?.string else {
                throw TokenizationError(
                    .damaged,
                    "chat_template in \(directory.path(of: name)) is neither a text nor a list of named texts."
                        + " Download or copy the file again.")
            }
            return text
        }
        return nil
    }

    private func noTokenizer() -> TokenizationError {
        if directory.has(Self.sentencePieceName) {
            return TokenizationError(
                .absent,
                "\(directory.path) has a \(Self.sentencePieceName) (SentencePiece) but no \(tokenizerName), which is"
                    + " what is read. Name one with --tokenizer FILE, or take the model's GGUF file.")
        }
        return TokenizationError(
            .absent, "\(directory.path) has no \(tokenizerName). Name one with --tokenizer FILE.")
    }
}
