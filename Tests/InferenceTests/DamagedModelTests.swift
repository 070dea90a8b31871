import Engine
import Inference
import TestSupport
import Testing
import Tokenization
import Weights

/// Damaged files end in an error that says what is wrong, or in a model that runs: in bounded memory and time, and never
/// in a trap.
///
/// Each test runs in a process of its own, whose end by a signal is a failure. To see which damage did it, call the
/// closure's content without the process.
@Suite struct DamagedModelTests {
    @Test func everyFormatIsDamagedHere() {
        let formats = Set(SmallModelFiles.all.map { $0.format })
        #expect(formats == Set(WeightFormats.all.map { $0.name }))
    }

    @Test(arguments: SmallModelFiles.all.map { $0.name })
    func undamagedFilesRun(name: String) throws {
        try DamagedModel(name).run()
    }

    @Test(arguments: SmallModelFiles.all.map { $0.name })
    func everyTruncationIsRefused(name: String) async {
        await #expect(processExitsWith: .success) { [name] in
            try ProcessLimits.apply(megabytes: 64, seconds: 300)
            let model = try DamagedModel(name)
            try model.folder.forEachTruncation { damage in
                guard try model.isRefused(damage) else { throw DamageError("\(name): it runs: \(damage)") }
            }
        }
    }

    @Test(arguments: SmallModelFiles.all.map { $0.name })
    func wrongBitsAreRefusedOrRun(name: String) async {
        await #expect(processExitsWith: .success) { [name] in
            try ProcessLimits.apply(megabytes: 64, seconds: 300)
            let model = try DamagedModel(name)
            var refused = 0
            try model.folder.forEachFlip(2000, seed: 3) { if try model.isRefused($0) { refused += 1 } }
            guard refused > 500 else { throw DamageError("\(name): only \(refused) were refused") }
        }
    }
}

/// A small model in a folder, read as the program reads models.
struct DamagedModel {
    let folder: DamagedFolder
    private let hasText: Bool
    private let pool = WorkerPool(workers: 1)

    init(_ name: String) throws {
        guard let files = SmallModelFiles.all.first(where: { $0.name == name }) else {
            throw DamageError("no model is called \(name)")
        }
        folder = try DamagedFolder(files)
        hasText = files.format == "GGUF"
    }

    /// Loads the model in both precisions and feeds it the first and the last token of its vocabulary.
    func run() throws {
        for precision in Precision.allCases {
            var runner = ModelRunner(try load(precision))
            try runner.feed([0, Int32(runner.vocabSize - 1)])
        }
    }

    private func load(_ precision: Precision) throws -> Model {
        guard hasText else { return try Model(WeightFile.open(folder.path), precision: precision, pool: pool) }
        let options = LoadOptions(precision: precision, threads: 1)
        return try LoadedModel(path: folder.path, options: options, pool: pool).model
    }

    /// Returns whether an error says what is wrong; any other error than the readers' own is thrown on.
    func isRefused(_ damage: String) throws -> Bool {
        let message: String
        do {
            try run()
            return false
        } catch let error as WeightError {
            message = error.message
        } catch let error as EngineError {
            message = error.message
        } catch let error as TokenizationError {
            message = error.message
        }
        guard message.count > 20, message.hasSuffix(".") else { throw DamageError("\(damage): \(message)") }
        return true
    }
}
