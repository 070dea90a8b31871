import JSON

/// Reads a Hugging Face checkpoint: a directory with `config.json` and weights, whole or sharded.
///
/// Any of its weight files stands for the directory. Tensors keep their names; the families translate them.
enum HuggingFace: WeightFormat {
    static let name = "Hugging Face checkpoints"

    private static let configName = "config.json"

    static func recognizes(_ source: WeightSource) -> Bool {
        if source.isDirectory { return CheckpointDirectory(path: source.path).has(configName) }
        let name = MappedFile.name(of: source.path)
        return TensorContainer.all.contains { $0.recognizes(source.head, name) || name == $0.indexName }
            || name == configName
    }

    static func open(_ source: WeightSource) throws(WeightError) -> WeightFile {
        let directory = CheckpointDirectory(path: source.isDirectory ? source.path : parent(of: source.path))
        let config = try readConfig(directory, for: source)
        let shards = try shards(of: source, in: directory)
        return WeightFile(
            name: directory.name, metadata: Metadata([], fileName: directory.name),
            tensors: shards.flatMap { $0.tensors }, byteCount: shards.reduce(0) { $0 + $1.file.byteCount },
            checkpoint: Checkpoint(directory: directory, config: config))
    }

    /// Opens the file that was named, with those that belong to it, or what the directory has.
    private static func shards(
        of source: WeightSource, in directory: CheckpointDirectory
    ) throws(WeightError) -> [CheckpointShards.Shard] {
        let name = MappedFile.name(of: source.path)
        if !source.isDirectory, let container = TensorContainer.all.first(where: { $0.recognizes(source.head, name) }) {
            if let index = try CheckpointShards(directory, container), index.files.contains(name) {
                return try index.open()
            }
            return [try CheckpointShards.Shard(source.mappedFile(), container)]
        }
        for container in TensorContainer.all {
            if directory.has(container.wholeName) {
                return [try CheckpointShards.Shard(MappedFile.open(directory.path(of: container.wholeName)), container)]
            }
            if let index = try CheckpointShards(directory, container) { return try index.open() }
        }
        let names = TensorContainer.all.flatMap { [$0.wholeName, $0.indexName] }.joined(separator: ", ")
        throw WeightError(
            .notFound,
            "\(directory.path) has a \(configName), but none of the files that hold weights (\(names))."
                + " Download the rest of the checkpoint.")
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func readConfig(
        _ directory: CheckpointDirectory, for source: WeightSource
    ) throws(WeightError) -> JSONValue {
        guard let config = try directory.json(of: configName) else {
            throw WeightError(
                .notFound,
                "\(source.path) holds tensors, but not what model they are of: that is in \(configName), which is not"
                    + " beside it. Put the whole checkpoint into one directory.")
        }
        guard config.isObject else {
            throw WeightError(
                .damaged,
                "\(directory.path(of: configName)) is no JSON object, so it is no model's configuration.")
        }
        return config
    }
}

/// A kind of file that a checkpoint's tensors lie in.
struct TensorContainer: Sendable {
    /// What the file is called where there is one.
    let wholeName: String
    /// What says which file has which tensor where there are more.
    let indexName: String
    /// Returns whether a file is of this kind, by its first bytes and its name.
    let recognizes: @Sendable (_ head: [UInt8], _ name: String) -> Bool
    /// Returns a file's tensors, each checked against the bytes that are there.
    let read: @Sendable (MappedFile) throws(WeightError) -> [Tensor]

    /// Every kind, in the order in which they are looked for.
    static let all: [TensorContainer] = [
        TensorContainer(
            wholeName: "model.safetensors", indexName: "model.safetensors.index.json",
            recognizes: { head, _ in Safetensors.recognizes(head) },
            read: { file throws(WeightError) in try Safetensors.read(file) }),
        TensorContainer(
            wholeName: "pytorch_model.bin", indexName: "pytorch_model.bin.index.json",
            recognizes: { head, name in
                ZipArchive.recognizes(head) && [".bin", ".pt", ".pth"].contains { name.hasSuffix($0) }
            },
            read: { file throws(WeightError) in try PyTorchArchive.read(file) }),
    ]
}
