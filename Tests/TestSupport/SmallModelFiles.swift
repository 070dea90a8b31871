/// A small good model, as the files that it is stored in.
///
/// The tests of damage run over all of these: a further format, or a further file of one, is a line here.
package struct SmallModelFiles: Sendable {
    /// What the files are, for messages.
    package let name: String
    /// The name in `WeightFormats` of what they are stored as.
    package let format: String
    /// Names and contents.
    package let files: [(name: String, bytes: [UInt8])]
    /// The file that is opened; empty for the folder.
    package let entry: String

    /// Every way to store a model.
    package static let all: [SmallModelFiles] = gguf + checkpoints + [pyTorch]

    private static let gguf: [SmallModelFiles] =
        TinyGGUF.Family.allCases.map { family in
            SmallModelFiles(
                name: "GGUF of \(family.rawValue)", format: "GGUF",
                files: [("model.gguf", TinyGGUF.model(family).build())], entry: "model.gguf")
        } + [
            SmallModelFiles(
                name: "quantised GGUF", format: "GGUF",
                files: [("model.gguf", TinyGGUF.model(.granitehybrid, .q4_0).build())], entry: "model.gguf"),
            SmallModelFiles(
                name: "split GGUF", format: "GGUF",
                files: TinyGGUF.model(.mamba2).buildShards(2).enumerated().map {
                    ("model-0000\($0 + 1)-of-00002.gguf", $1)
                }, entry: "model-00001-of-00002.gguf"),
        ]

    private static let checkpoints: [SmallModelFiles] = [1, 2].map { count in
        let shards = TinyCheckpoint.shards(count).enumerated().map { number, shard in
            (name: TinyCheckpoint.shardName(number, of: count), bytes: shard.build())
        }
        let index = [(name: "model.safetensors.index.json", bytes: Array(TinyCheckpoint.index(count).utf8))]
        return SmallModelFiles(
            name: count == 1 ? "checkpoint" : "sharded checkpoint", format: "Hugging Face checkpoints",
            files: [("config.json", TinyCheckpoint.config())] + shards + (count == 1 ? [] : index), entry: "")
    }

    private static let pyTorch: SmallModelFiles = {
        var builder = PyTorchBuilder()
        for tensor in TinyCheckpoint.shards()[0].tensors {
            builder.add(tensor.name, shape: tensor.shape, data: tensor.data)
        }
        return SmallModelFiles(
            name: "PyTorch checkpoint", format: "Hugging Face checkpoints",
            files: [("config.json", TinyCheckpoint.config()), ("pytorch_model.bin", builder.build())], entry: "")
    }()
}
