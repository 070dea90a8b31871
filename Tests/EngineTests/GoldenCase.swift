import Engine
import Foundation
import Testing
import Weights

/// A tiny model in `Golden` and what the reference computes for it.
struct GoldenCase: Sendable, CustomTestStringConvertible {
    let name: String
    /// A weight file, or a checkpoint's directory.
    let modelPath: String
    let golden: Golden

    /// Models of kinds that can't be run yet: `GoldenTests` checks that each is refused.
    static let awaited: Set<String> = [
        "falcon-h1-F32", "falcon-h1-rmsnorm-g2-F32", "gpt-neox-BF16", "granite-moe-hybrid-nope-BF16",
        "jamba-dense-BF16", "jamba-moe-BF16", "jamba-moe-Q8_0", "lfm2-F32", "nemotron-h-F32", "nemotron-h-IQ4_NL",
        "nemotron-h-moe-BF16", "qwen2-F32", "qwen3-BF16",
    ]

    /// Every model that can be run.
    static let all = found.filter { !awaited.contains($0.name) }

    /// Every model in the folder.
    static let found: [GoldenCase] = files

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    private static let files: [GoldenCase] = names(in: "gguf", suffix: ".gguf").compactMap { name in
        guard let golden = golden(at: "gguf/\(name).golden.json") ?? golden(at: "models/\(base(name))/golden.json")
        else { return nil }
        return GoldenCase(name: name, modelPath: folder.appending(path: "gguf/\(name).gguf").path, golden: golden)
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
        try Model(WeightFile.open(modelPath), precision: precision, pool: WorkerPool(workers: threads))
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
