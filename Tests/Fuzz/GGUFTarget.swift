import Engine
import Inference
import TestSupport
import Tokenization
import Weights

/// GGUF files, and all that is made of one: tokenizer, template, model, a few tokens.
struct GGUFTarget: FuzzTarget {
    static let name = "gguf"

    static func seeds() throws -> [(name: String, bytes: [UInt8])] {
        let models = TinyGGUF.Family.allCases.flatMap { family in
            [TinyGGUF.MatrixType.f32, .q4_0].map { ("\(family.rawValue)-\($0)", TinyGGUF.model(family, $0).build()) }
        }
        return try models + TestFiles.read("InferenceTests/Golden/tokenizers", ending: ".gguf")
    }

    private let file: InputFile
    private let model = ModelReader()

    init() throws { file = try InputFile("model.gguf") }

    func run(_ bytes: [UInt8]) {
        if file.write(bytes) { model.read(file.path) }
    }
}

/// Reads whatever weights lie at a path as the program would, and runs what can be run.
struct ModelReader: Sendable {
    private let pool = WorkerPool(workers: 1)

    func read(_ path: String) {
        guard let file = try? WeightFile.open(path) else { return }
        for tensor in file.tensors { tensor.withBytes { precondition($0.count == tensor.byteCount) } }
        if let tokenizer = try? TokenizerLoader.load(from: file) {
            _ = try? TemplateLoader.load(from: file, tokenizer: tokenizer)
            let ids = tokenizer.encode("abc <|a|> é\n", specialTokens: true)
            _ = tokenizer.decode(ids, skipSpecial: false)
        }
        for precision in Precision.allCases {
            guard let model = try? Model(file, precision: precision, pool: pool) else { continue }
            var runner = ModelRunner(model)
            let last = Int32(runner.vocabSize - 1)
            try? runner.feed([0, last])
        }
    }
}
