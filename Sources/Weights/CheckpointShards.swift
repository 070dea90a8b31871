import JSON

/// The files over which a checkpoint's tensors are spread, as its index names them.
struct CheckpointShards {
    /// One file and what it holds.
    struct Shard {
        let file: MappedFile
        let tensors: [Tensor]

        init(_ file: MappedFile, _ container: TensorContainer) throws(WeightError) {
            self.file = file
            tensors = try container.read(file)
        }
    }

    /// The names of the files, in order.
    let files: [String]
    private let directory: CheckpointDirectory
    private let container: TensorContainer
    private var indexName: String { container.indexName }
    /// File of each tensor.
    private let places: [String: String]

    /// Reads the index in `directory`; nil where there is none.
    init?(_ directory: CheckpointDirectory, _ container: TensorContainer) throws(WeightError) {
        let indexName = container.indexName
        guard let index = try directory.json(of: indexName) else { return nil }
        let path = directory.path(of: indexName)
        guard let map = index["weight_map"]?.object, !map.isEmpty else {
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
        self.container = container
        self.places = places
        files = Set(places.values).sorted()
    }

    /// Opens all files, which have to hold what the index says and nothing else.
    func open() throws(WeightError) -> [Shard] {
        var shards: [Shard] = []
        for (number, name) in files.enumerated() {
            let path = directory.path(of: name)
            guard directory.has(name) else {
                throw WeightError(
                    .notFound,
                    "\(path) is not there; \(indexName) says that it is one of \(files.count) files that hold the weights"
                        + " (number \(number + 1)). Download the rest of the checkpoint.")
            }
            shards.append(try Shard(MappedFile.open(path), container))
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
                "\(indexName) in \(directory.path) lists \(places.count) tensors, but the files hold \(held); \(missing[0]) should"
                    + " be in \(places[missing[0]] ?? "one"). The files do not belong together.")
        }
        return shards
    }
}
