import JSON

/// The files over which a checkpoint's tensors are spread, as its index names them.
struct CheckpointShards {
    /// One file and what it holds.
    struct Shard {
        let file: MappedFile
        let tensors: [Tensor]
    }

    /// The names of the files, in order.
    let files: [String]
    private let directory: String
    private let indexName: String
    /// File of each tensor.
    private let places: [String: String]

    /// Reads the index in `directory`; nil where there is none.
    init?(_ directory: String, _ indexName: String) throws(WeightError) {
        let path = "\(directory)/\(indexName)"
        guard MappedFile.isRegularFile(path) else { return nil }
        guard let map = try CheckpointJSON.read(path)["weight_map"]?.object, !map.isEmpty else {
            throw WeightError(.damaged, "\(path) has no weight_map. Download or copy it again.")
        }
        var places: [String: String] = [:]
        for (tensor, value) in map {
            guard let file = value.string, !file.isEmpty, !file.contains("/"), !file.utf8.contains(0) else {
                throw WeightError(
                    .damaged, "\(path) gives no file beside it for the tensor \(tensor). Download or copy it again.")
            }
            places[tensor] = file
        }
        self.directory = directory
        self.indexName = indexName
        self.places = places
        files = Set(places.values).sorted()
    }

    /// Opens all files, which have to hold what the index says and nothing else.
    func open() throws(WeightError) -> [Shard] {
        var shards: [Shard] = []
        for (number, name) in files.enumerated() {
            let path = "\(directory)/\(name)"
            guard MappedFile.isRegularFile(path) else {
                throw WeightError(
                    .notFound,
                    "\(path) is not there; \(indexName) says that it is one of \(files.count) files that hold the weights"
                        + " (number \(number + 1)). Download the rest of the checkpoint.")
            }
            let file = try MappedFile.open(path)
            shards.append(Shard(file: file, tensors: try Safetensors.read(file)))
        }
        for shard in shards {
            for tensor in shard.tensors where places[tensor.name] != shard.file.name {
                throw WeightError(
                    .damaged,
                    "\(tensor.name) is in \(shard.file.name), but \(indexName) says it is in"
                        + " \(places[tensor.name] ?? "no file"). The files do not belong together.")
            }
        }
        let held = shards.reduce(0) { $0 + $1.tensors.count }
        guard held == places.count else {
            let found = Set(shards.flatMap { $0.tensors.map { $0.name } })
            let missing = places.keys.filter { !found.contains($0) }.sorted()
            throw WeightError(
                .missingTensor,
                "\(indexName) in \(directory) lists \(places.count) tensors, but the files hold \(held); \(missing[0]) should"
                    + " be in \(places[missing[0]] ?? "one"). The files do not belong together.")
        }
        return shards
    }
}
