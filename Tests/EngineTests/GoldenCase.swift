import Engine
import Foundation
import Testing
import Weights

/// A tiny model and what the reference computes for it: a pair of files in `Golden`.
struct GoldenCase: Sendable, CustomTestStringConvertible {
    let name: String
    let modelPath: String
    let golden: Golden

    /// Every pair in the folder.
    static let all: [GoldenCase] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".gguf") }.sorted().compactMap { file in
            let name = String(file.dropLast(5))
            let json = folder.appending(path: "\(name).golden.json")
            guard let data = try? Data(contentsOf: json),
                let golden = try? JSONDecoder().decode(Golden.self, from: data)
            else { return nil }
            return GoldenCase(name: name, modelPath: folder.appending(path: file).path, golden: golden)
        }
    }()

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
