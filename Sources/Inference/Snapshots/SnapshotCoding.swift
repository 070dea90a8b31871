package import Chat
import Digests
package import Engine
import JSON
import Weights

/// Turns snapshots into safetensors files and back.
///
/// One tensor is one block of the state, `logits` the last logits; the header's texts have the rest. Pages of keys and
/// values are files of their own, which the main file lists by their SHA-256.
///
/// Nothing is compressed: three of a float's four bytes are noise. Of the default model's snapshots of 5.25 MB after some
/// turns, zstd -1 leaves 94 % (-9 too) and lz4 100 %; with the bytes sorted by their place in the floats 86 % and 94 %, and
/// with the snapshot before taken off by XOR no less. That is not worth 10 to 25 ms a turn.
package struct SnapshotCoding: Sendable {
    /// The version of the format; another one is refused.
    package static let format = "hiss-snapshot-1"

    private let identity: ModelIdentity
    private let digests = PageDigests()
    /// Makes the state of a sequence that has read nothing; it may be too large to be kept.
    private let empty: @Sendable () -> SequenceState
    private let vocabSize: Int

    /// Coding for a model.
    package init(_ model: Model, identity: ModelIdentity) {
        self.identity = identity
        empty = { model.architecture.makeState() }
        vocabSize = model.architecture.vocabSize
    }

    // MARK: - Writing

    /// A snapshot taken apart.
    struct Parts {
        /// The state's blocks of fixed size, and the logits.
        var blocks: [StateBlock]
        var pages: [(digest: String, page: StatePage)]
        /// Members of the header, each JSON.
        var position: String
        var conversation: String
        var pageNames: String

        /// The members as one object.
        var record: String { "{\"position\":\(position),\"conversation\":\(conversation),\"pages\":\(pageNames)}" }
    }

    func parts(of snapshot: ConversationSnapshot) -> Parts {
        let stored = snapshot.state.stored
        let pages = stored.pages.enumerated().map { number, page in
            let isFull = (number + 1) * KeyValueCache.pageTokens <= stored.position
            return (digests.digest(of: page, number: number, isFull: isFull), page)
        }
        let logits = StateBlock(
            name: "logits", type: .f32, shape: [snapshot.logits.count], bytes: snapshot.logits.littleEndianBytes)
        return Parts(
            blocks: stored.blocks + [logits], pages: pages, position: String(stored.position),
            conversation: Self.json { $0.write(snapshot) }, pageNames: Self.json { $0.value(pages.map(\.0)) })
    }

    /// Returns the snapshot's files; pages that are full are hashed once.
    package func encode(_ snapshot: ConversationSnapshot) -> EncodedSnapshot {
        let parts = parts(of: snapshot)
        let metadata =
            [("format", Self.format)] + identityMetadata + [
                ("position", parts.position), ("conversation", parts.conversation), ("pages", parts.pageNames),
            ]
        return EncodedSnapshot(
            main: Self.file(of: parts.blocks, metadata: metadata),
            pages: parts.pages.map { entry in EncodedPage(digest: entry.digest) { Self.page(of: entry.page.blocks) } })
    }

    /// What a header says of the model.
    var identityMetadata: [(String, String)] {
        [("model", identity.model), ("model_name", identity.name), ("tokenizer", identity.tokenizer)]
    }

    /// Forgets which pages were hashed.
    func forgetPages() {
        digests.clear()
    }

    /// The bytes of a page's file.
    private static func page(of blocks: [StateBlock]) -> [[UInt8]] {
        file(of: blocks, metadata: [("format", format)])
    }

    /// The name of a page.
    static func digest(of blocks: [StateBlock]) -> String {
        SHA256.digest(of: page(of: blocks)).description
    }

    private static func file(of blocks: [StateBlock], metadata: [(String, String)]) -> [[UInt8]] {
        var writer = SafetensorsWriter()
        for block in blocks { writer.add(block.name, type: block.type, shape: block.shape, bytes: block.bytes) }
        return writer.finish(metadata: metadata)
    }

    private static func json(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(decoding: json.drain(), as: UTF8.self)
    }

    // MARK: - Reading

    /// Reads the snapshot whose main file is at `path`.
    ///
    /// - Parameter page: returns the path of the page with a digest
    /// - Throws: `ChatFailure` that says what does not fit, with both values. Nothing is written in any case.
    package func decode(_ path: String, page: (String) throws -> String) throws -> ConversationSnapshot {
        let file = try open(path)
        try check(file)
        let members = try SnapshotRecord.members.map { (name: $0, value: try header($0, of: file)) }
        let record = try SnapshotRecord(.object(members)) { damaged(file, $0) }
        return try snapshot(
            record, blocks: file.tensors.map { Self.block($0, name: $0.name) },
            pages: record.pages.map { digest in try self.page(digest, at: page(digest)) }, file)
    }

    /// Puts a snapshot together.
    func snapshot(
        _ record: SnapshotRecord, blocks: [StateBlock], pages: [[StateBlock]], _ file: SafetensorsFile
    ) throws -> ConversationSnapshot {
        var blocks = blocks
        guard let index = blocks.firstIndex(where: { $0.name == "logits" }) else {
            throw damaged(file, "it has no logits")
        }
        let logits = blocks.remove(at: index)
        guard logits.type == .f32, logits.shape == [vocabSize] || logits.shape == [0] else {
            throw damaged(file, "its logits are \(logits.shape), the model's vocabulary has \(vocabSize) tokens")
        }
        var state = empty()
        do {
            try state.restore(position: record.position, blocks: blocks, pages: pages)
        } catch let error as EngineError {
            throw damaged(file, error.message)
        }
        return ConversationSnapshot(
            state: state, logits: [Float](littleEndian: logits.bytes), history: record.history,
            resumption: record.resumption)
    }

    private func page(_ digest: String, at path: String) throws -> [StateBlock] {
        let file = try open(path)
        let blocks = file.tensors.map { Self.block($0, name: $0.name) }
        // The digest is over the whole file, so what was read is written again and compared.
        guard Self.digest(of: blocks) == digest else {
            throw damaged(file, "its bytes are not those that its name \(digest.prefix(12))… stands for")
        }
        return blocks
    }

    func open(_ path: String, format: String = Self.format) throws -> SafetensorsFile {
        do {
            return try SafetensorsFile(path)
        } catch {
            throw ChatFailure(what: "can't read \(Self.noun(format)) \(path)", why: error.description)
        }
    }

    /// What a file of a format is called.
    private static func noun(_ format: String?) -> String {
        format == SessionFile.format ? "the session" : "the snapshot"
    }

    static func block(_ tensor: Tensor, name: String) -> StateBlock {
        StateBlock(
            name: name, type: tensor.type, shape: tensor.shape,
            bytes: unsafe tensor.withBytes { unsafe [UInt8]($0) })
    }

    func check(_ file: SafetensorsFile, format expected: String = Self.format) throws {
        guard let format = file.metadata["format"] else {
            throw damaged(file, "it is a safetensors file of another kind")
        }
        guard format == expected else {
            throw ChatFailure(
                what: "can't read \(Self.noun(expected)) \(file.name)",
                why: "its format is \(format.prefix(40)), this program reads \(expected)",
                advice: "a newer version of hiss")
        }
        let model = file.metadata["model"] ?? ""
        guard model == identity.model else {
            let name = file.metadata["model_name"] ?? "another model"
            throw ChatFailure(
                what: "\(Self.noun(expected)) \(file.name) does not fit the model",
                why: "it was made by \(name) (\(model.prefix(8))…), the loaded model is \(identity.name)"
                    + " (\(identity.model.prefix(8))…)",
                advice: "-m \(name)")
        }
        guard file.metadata["tokenizer"] == identity.tokenizer else {
            throw ChatFailure(
                what: "\(Self.noun(expected)) \(file.name) does not fit the tokenizer",
                why: "its tokens were made by another tokenizer than the loaded one")
        }
    }

    /// A JSON text in a file's header.
    func header(_ key: String, of file: SafetensorsFile) throws -> JSONValue {
        guard let text = file.metadata[key] else { throw damaged(file, "its header has no \(key)") }
        do {
            return try JSONValue(parsing: Array(text.utf8))
        } catch {
            throw damaged(file, "\(key) in its header is no JSON: \(error)")
        }
    }

    func damaged(_ file: SafetensorsFile, _ why: String) -> ChatFailure {
        ChatFailure(what: "can't read \(Self.noun(file.metadata["format"])) \(file.name)", why: why)
    }
}
