import JSON

/// Reads a Hugging Face checkpoint: a directory with `config.json` and safetensors, whole or sharded.
///
/// Any of its weight files stands for the directory. Tensors keep their names; the families translate them.
enum HuggingFace: WeightFormat {
    static let name = "Hugging Face checkpoints"

    private static let configName = "config.json"
    private static let wholeName = "model.safetensors"
    private static let indexName = "model.safetensors.index.json"

    static func recognizes(_ source: WeightSource) -> Bool {
        if source.isDirectory { return MappedFile.isRegularFile("\(source.path)/\(configName)") }
        let name = MappedFile.name(of: source.path)
        return Safetensors.recognizes(source.head) || name == configName || name == indexName
    }

    static func open(_ source: WeightSource) throws(WeightError) -> WeightFile {
        let directory = source.isDirectory ? source.path : parent(of: source.path)
        let config = try readConfig(directory, for: source)
        let name = MappedFile.name(of: source.path)
        let shards: [CheckpointShards.Shard]
        if let index = try CheckpointShards(directory, indexName),
            source.isDirectory || !Safetensors.recognizes(source.head) || index.files.contains(name)
        {
            shards = try index.open()
        } else {
            let isWeights = Safetensors.recognizes(source.head)
            let path = isWeights ? source.path : "\(directory)/\(wholeName)"
            guard isWeights || MappedFile.isRegularFile(path) else {
                throw WeightError(
                    .notFound,
                    "\(directory) has a config.json, but neither \(wholeName) nor \(indexName), which hold the weights."
                        + " Download the rest of the checkpoint.")
            }
            let file = try MappedFile.open(path)
            shards = [CheckpointShards.Shard(file: file, tensors: try Safetensors.read(file))]
        }
        let title = MappedFile.name(of: MappedFile.resolved(directory))
        return WeightFile(
            name: title, metadata: Metadata([], fileName: title), tensors: shards.flatMap { $0.tensors },
            byteCount: shards.reduce(0) { $0 + $1.file.byteCount },
            checkpoint: Checkpoint(directory: directory, config: config))
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func readConfig(_ directory: String, for source: WeightSource) throws(WeightError) -> JSONValue {
        let path = "\(directory)/\(configName)"
        guard MappedFile.isRegularFile(path) else {
            throw WeightError(
                .notFound,
                "\(source.path) holds tensors, but not what model they are of: that is in \(configName), which is not"
                    + " beside it. Put the whole checkpoint into one directory.")
        }
        let config = try CheckpointJSON.read(path)
        guard config.isObject else {
            throw WeightError(.damaged, "\(path) is no JSON object, so it is no model's configuration.")
        }
        return config
    }
}

/// Reads the JSON files beside a checkpoint's weights.
enum CheckpointJSON {
    /// The largest file that is read; indexes of very large models take some megabytes.
    private static let limit = 1 << 26

    /// Reads a file as Python writes JSON.
    static func read(_ path: String) throws(WeightError) -> JSONValue {
        let file = try MappedFile.open(path)
        guard file.byteCount <= limit else {
            throw WeightError(
                .unsupported, "\(path) has \(file.byteCount) bytes; at most \(limit) are read. It is damaged.")
        }
        do {
            return try JSONValue(parsing: file.elements(at: 0, count: file.byteCount, as: UInt8.self), dialect: .python)
        } catch {
            throw WeightError(.damaged, "\(path) is not valid JSON. Download or copy it again.", cause: error)
        }
    }
}
