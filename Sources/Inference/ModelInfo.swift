package import Chat
package import Digests
package import Engine
package import Tokenization
package import Weights

/// What a model's files say of it, found out in milliseconds: nothing of its weights is read but the first bytes.
package struct ModelInfo: Sendable {
    /// Element types in use, most bytes first.
    package struct TypeUse: Sendable, Equatable {
        package let name: String
        package let tensors: Int
        package let bytes: Int
    }

    package let file: WeightFile
    /// The name inside the file, or the file's.
    package let title: String
    /// Sizes, and the memory that it takes; failure says why the model can't be run.
    package let outline: Result<ModelOutline, any Error>
    /// Failure says why text can't be read or written.
    package let tokenizer: Result<any Tokenizer, any Error>
    /// How conversations are laid out; failure says why the template can't be used.
    package let form: Result<ChatForm, any Error>
    package let types: [TypeUse]
    package let attentionBaseline: AttentionBaseline
    package let fingerprint: Digest

    /// Reads what the files at `path` say; only files that are no weights at all are an error.
    package init(path: String) throws {
        let file = try WeightFile.open(path)
        self.file = file
        title = file.metadata.string("general.name") ?? file.name
        outline = Result { try ModelOutline(file) }
        let tokenizer = Result<any Tokenizer, any Error> { try TokenizerLoader.load(from: file) }
        self.tokenizer = tokenizer
        form = tokenizer.flatMap { tokenizer in
            Result { try TemplateLoader.form(of: file, choice: nil, tokenizer: tokenizer) }
        }
        types = Dictionary(grouping: file.tensors) { $0.type.name }
            .map { TypeUse(name: $0, tensors: $1.count, bytes: $1.reduce(0) { $0 + $1.byteCount }) }
            .sorted { ($0.bytes, $0.name) > ($1.bytes, $1.name) }
        let canonical = (try? Architectures.canonical(file)) ?? file
        let family = canonical.metadata.string("general.architecture") ?? ""
        attentionBaseline = AttentionBaselines.baseline(for: canonical, family: family)
        fingerprint = Fingerprints.model(file)
    }

    /// Bytes of memory that a chat takes at its start, all of the program included.
    package func estimatedMemory(_ precision: Precision) -> Int? {
        guard case .success(let outline) = outline, let weights = outline.weightBytes[precision] else { return nil }
        return weights + outline.stateBytes + Self.programBytes
    }

    /// What the program takes beside weights and state: measured with the model that ships, whose vocabulary and
    /// activations are of a usual size.
    private static let programBytes = 45 << 20
}

extension ModelOutline {
    /// The layers of each kind that there are, such as `28 recurrent, 4 attention`.
    package var layerText: String {
        let counts = LayerKind.allCases.map { kind in (kind, layers.count { $0 == kind }) }
        return counts.filter { $0.1 > 0 }.map { "\($1) \($0.rawValue)" }.joined(separator: ", ")
    }
}
