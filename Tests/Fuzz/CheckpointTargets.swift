import TestSupport

/// The safetensors file of a Hugging Face checkpoint.
struct SafetensorsTarget: FuzzTarget {
    static let name = "safetensors"

    static func seeds() throws -> [(name: String, bytes: [UInt8])] {
        // A header alone, too: most of a file is weights, in which little can be wrong.
        let whole = TinyCheckpoint.shards()[0]
        return [
            ("whole", whole.build()), ("half", TinyCheckpoint.shards(2)[0].build()),
            ("none", SafetensorsBuilder().build()),
        ]
    }

    private let file: InputFile
    private let model = ModelReader()

    init() throws {
        file = try InputFile("model.safetensors", beside: [("config.json", TinyCheckpoint.config())])
    }

    func run(_ bytes: [UInt8]) {
        if file.write(bytes) { model.read(file.folder) }
    }
}

/// The `config.json` of a Hugging Face checkpoint.
struct ConfigurationTarget: FuzzTarget {
    static let name = "config"

    static func seeds() throws -> [(name: String, bytes: [UInt8])] {
        let golden = "EngineTests/Golden/models"
        let others = try TestFiles.folders(golden).flatMap { name in
            try TestFiles.read("\(golden)/\(name)", ending: ".json", limit: 8192).map {
                ("\(name)-\($0.name)", $0.bytes)
            }
        }
        return others + [("tiny", TinyCheckpoint.config())]
    }

    private let file: InputFile
    private let model = ModelReader()

    init() throws {
        file = try InputFile("config.json", beside: [("model.safetensors", TinyCheckpoint.shards()[0].build())])
    }

    func run(_ bytes: [UInt8]) {
        if file.write(bytes) { model.read(file.folder) }
    }
}

/// The `pytorch_model.bin` of a Hugging Face checkpoint: a zip archive with a pickle.
struct PyTorchTarget: FuzzTarget {
    static let name = "pytorch"

    static func seeds() throws -> [(name: String, bytes: [UInt8])] {
        let golden = "WeightsTests/Golden"
        // Without any, libFuzzer starts from nothing.
        guard try TestFiles.folders(golden).contains("pytorch") else { return [] }
        return try TestFiles.read("\(golden)/pytorch", ending: ".bin")
    }

    private let file: InputFile
    private let model = ModelReader()

    init() throws {
        file = try InputFile("pytorch_model.bin", beside: [("config.json", TinyCheckpoint.config())])
    }

    func run(_ bytes: [UInt8]) {
        if file.write(bytes) { model.read(file.folder) }
    }
}
