import Engine
import Foundation
import Inference

/// The models that people use, and what the reference computes for them (format real-golden-1).
enum RealModel {
    private static let here = URL(filePath: #filePath).deletingLastPathComponent()

    /// The model that ships with the program.
    static let defaultPath = here.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/DefaultModel/SmolMamba2-158M-Instruct-Q4_0-00001-of-00002.gguf").path

    /// The attention baseline, which is too big for the repository: a path in `HISS_TEST_BASELINE`.
    static let baselinePath = ProcessInfo.processInfo.environment["HISS_TEST_BASELINE"]

    static func golden(_ name: String) throws -> RealGolden {
        try JSONDecoder().decode(
            RealGolden.self, from: Data(contentsOf: here.appending(path: "Golden/\(name).json")))
    }

    static func load(_ path: String, _ precision: Precision) throws -> LoadedModel {
        try LoadedModel(path: path, options: LoadOptions(precision: precision, threads: 2))
    }
}

struct RealGolden: Decodable, Sendable {
    struct Chat: Decodable, Sendable {
        struct Message: Decodable, Sendable {
            var role: String
            var content: String
        }

        struct Top: Decodable, Sendable {
            var step: Int
            var ids: [Int32]
            var logits: [Float]
        }

        struct First: Decodable, Sendable {
            var mean, std, logsumexp: Float
            var first16: [Float]
        }

        var messages: [Message]
        var prompt_text: String
        var prompt_ids: [Int32]
        var greedy_ids: [Int32]
        var eos_after: Int?
        var text_until_eos: String
        var margins: [Float]
        var top5: [Top]
        var first_logits: First
    }

    struct Passage: Decodable, Sendable {
        var name: String
        var text: String
        var ids: [Int32]
        var logprobs: [Float]
        var nll_mean: Double
        var perplexity: Double
    }

    var chats: [Chat]
    var passages: [Passage]
}
