import Engine
import Foundation
import TestSupport
import Testing
import Weights

/// A tiny model in `Golden` and what the reference computes for it.
struct GoldenCase: Sendable, CustomTestStringConvertible {
    let name: String
    /// A weight file, or a checkpoint's directory.
    let modelPath: String
    let golden: Golden
    /// The checkpoint's file that is read as `config.json`, where it is another.
    var configuration: String?

    /// Every model in the folder: GGUF files, checkpoints, and checkpoints with the older spelling of their configuration.
    static let all: [GoldenCase] = files + checkpoints + legacyCheckpoints

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    private static let files: [GoldenCase] = names(in: "gguf", suffix: ".gguf").compactMap { name in
        guard let golden = golden(at: "gguf/\(name).golden.json") ?? golden(at: "models/\(base(name))/golden.json")
        else { return nil }
        return GoldenCase(name: name, modelPath: folder.appending(path: "gguf/\(name).gguf").path, golden: golden)
    }

    private static let checkpoints: [GoldenCase] = names(in: "models", suffix: "").compactMap { name in
        golden(at: "models/\(name)/golden.json").map {
            GoldenCase(name: name, modelPath: folder.appending(path: "models/\(name)").path, golden: $0)
        }
    }

    private static let legacyCheckpoints: [GoldenCase] = checkpoints.compactMap { checkpoint in
        let path = "\(checkpoint.modelPath)/config.legacy.json"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return GoldenCase(
            name: "\(checkpoint.name) legacy", modelPath: checkpoint.modelPath, golden: checkpoint.golden,
            configuration: "config.legacy.json")
    }

    /// Models in the folder whose reference numbers are missing or can't be read, which would be tested by nobody.
    static let withoutGolden: [String] = (names(in: "gguf", suffix: ".gguf") + names(in: "models", suffix: "")).filter {
        name in !all.contains { $0.name == name && $0.golden.prompts.contains { $0.ids.count == 300 } }
    }

    /// The name of the model without its element type.
    private static func base(_ name: String) -> String {
        name.lastIndex(of: "-").map { String(name[..<$0]) } ?? name
    }

    private static func names(in directory: String, suffix: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: directory).path)) ?? []
        return files.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
    }

    private static func golden(at path: String) -> Golden? {
        guard let data = try? Data(contentsOf: folder.appending(path: path)) else { return nil }
        return try? JSONDecoder().decode(Golden.self, from: data)
    }

    var testDescription: String { name }

    func load(_ precision: Precision = .exact, threads: Int = 1) throws -> Model {
        let pool = WorkerPool(workers: threads)
        guard let configuration else { return try Model(WeightFile.open(modelPath), precision: precision, pool: pool) }
        let directory = try TemporaryDirectory()
        for (name, source) in [("config.json", configuration), ("model.safetensors", "model.safetensors")] {
            try FileManager.default.createSymbolicLink(
                atPath: directory.path(name), withDestinationPath: "\(modelPath)/\(source)")
        }
        return try Model(WeightFile.open(directory.url.path), precision: precision, pool: pool)
    }
}

/// The reference numbers (format ssm-golden-1).
struct Golden: Decodable, Sendable {
    struct Prompt: Decodable, Sendable {
        var ids: [Int32]
        var logits: [String: [Float]]
        var argmax_all: [Int32]
        var nll_sum: Double
        var greedy: [Int32]
    }

    struct Summary: Decodable, Sendable {
        var shape: [Int]
        var l2, abs_mean, max_abs: Double
        var first8, last8: [Float]
    }

    struct Layer: Decodable, Sendable {
        var conv_state, ssm_state, attn_key, attn_value: Summary?

        /// The summaries by the names that we give them.
        var parts: [String: Summary] {
            [
                "conv_state": conv_state, "ssm_state": ssm_state, "attn_key": attn_key, "attn_value": attn_value,
            ].compactMapValues { $0 }
        }
    }

    var logit_std: Float
    var prompts: [Prompt]
    var states_after_300: [Layer]
}
