/// A model's weights as they lie on disk: metadata and named tensors, mapped and checked.
///
/// Everything that the header claims has been compared with the file: a tensor that is listed can be read.
package struct WeightFile: Sendable {
    /// The file's name, for messages.
    package let name: String
    /// The name of the format in ``WeightFormats`` that it was opened as.
    package private(set) var format = ""
    /// What the file says about the model.
    package let metadata: Metadata
    /// All tensors in file order, shard after shard.
    package let tensors: [Tensor]
    /// The size of all shards.
    package let byteCount: Int
    /// What a Hugging Face checkpoint says instead of metadata; nil for other formats.
    package let checkpoint: Checkpoint?
    /// What keys and tensors are called in the file, where ``metadata`` and ``tensors`` call them otherwise.
    private let sourceNames: [String: String]
    private let index: [String: Int]

    /// Makes a file from tensors with distinct names.
    package init(
        name: String, metadata: Metadata, tensors: [Tensor], byteCount: Int, checkpoint: Checkpoint? = nil,
        sourceNames: [String: String] = [:]
    ) {
        self.name = name
        self.metadata = metadata
        self.tensors = tensors
        self.byteCount = byteCount
        self.checkpoint = checkpoint
        self.sourceNames = sourceNames
        self.index = Dictionary(tensors.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
    }

    /// Opens the weights at `path` in whichever format they are; any shard stands for the whole.
    package static func open(_ path: String) throws(WeightError) -> WeightFile {
        let source = try WeightSource(path)
        guard let format = WeightFormats.all.first(where: { $0.recognizes(source) }) else {
            let known = WeightFormats.all.map { $0.name }.joined(separator: ", ")
            if source.isDirectory {
                throw WeightError(
                    .unreadable,
                    "\(path) is a directory without a config.json, so it is no Hugging Face checkpoint."
                        + " Name the .gguf file inside it, or the directory of a checkpoint.")
            }
            throw WeightError(
                .unknownFormat,
                "\(path) is not a weight file that this program reads (\(known)); it looks like"
                    + " \(FileSignature.describe(source.head)).")
        }
        var file = try format.open(source)
        file.format = format.name
        return file
    }

    /// What to call a metadata key or tensor in messages: its name, and what the file calls it where that is another.
    package func label(of name: String) -> String {
        sourceNames[name].map { $0 == name ? name : "\(name) (\($0))" } ?? name
    }

    /// Returns whether a tensor of that name is in the file.
    package func hasTensor(_ name: String) -> Bool { index[name] != nil }

    /// Returns the tensor of that name; its absence is an error that lists the nearest names.
    package func tensor(_ name: String) throws(WeightError) -> Tensor {
        if let place = index[name] { return tensors[place] }
        let near = nearestNames(to: name)
        let hint = near.isEmpty ? "No tensor has a similar name." : "Similar names: \(near.joined(separator: ", "))."
        throw WeightError(
            .missingTensor,
            "\(self.name) has no tensor \(label(of: name)) among its \(tensors.count). \(hint)"
                + " The file is incomplete or was converted for another kind of model.")
    }

    /// Returns the tensor of that name if its shape, `[outer, …, inner]`, is the one given.
    package func requireTensor(_ name: String, shape: [Int]) throws(WeightError) -> Tensor {
        let tensor = try tensor(name)
        guard tensor.shape == shape else {
            throw WeightError(
                .wrongShape,
                "\(tensor.label) in \(tensor.fileName) is \(tensor.shape); the file's metadata need \(shape)."
                    + " The file is damaged or was converted for another model.")
        }
        return tensor
    }

    private func nearestNames(to name: String) -> [String] {
        let limit = max(2, name.utf8.count / 3)
        return
            tensors
            .map { (name: $0.name, distance: WeightFile.editDistance($0.name, name)) }
            .filter { $0.distance <= limit }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(3).map { $0.name }
    }

    /// Returns how many bytes must be inserted, removed or replaced between two short names (Levenshtein).
    private static func editDistance(_ first: String, _ second: String) -> Int {
        let (a, b) = (Array(first.utf8), Array(second.utf8))
        guard !a.isEmpty, !b.isEmpty, max(a.count, b.count) <= 200 else { return Int.max }
        var row = Array(0...b.count)
        for i in a.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
            }
        }
        return row[b.count]
    }
}
