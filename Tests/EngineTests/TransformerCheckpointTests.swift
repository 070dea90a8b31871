import Engine
import Foundation
import TestSupport
import Testing
import Weights

/// Configurations of the attention families: what may be left out, and what is refused.
@Suite struct TransformerCheckpointTests {
    private static let ids: [Int32] = [3, 1, 41, 59, 26, 53, 58, 97, 93, 23]

    /// A checkpoint of `Golden` with another configuration.
    private struct Changed {
        private let folder: URL
        private var config: [String: Any]

        init(_ name: String) throws {
            folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/models/\(name)")
            let data = try Data(contentsOf: folder.appending(path: "config.json"))
            config = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        }

        /// Gives a key another value in JSON, or takes it away.
        mutating func set(_ key: String, _ json: String?) throws {
            config[key] = try json.map {
                try JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed)
            }
        }

        func load() throws -> Model {
            let directory = try TemporaryDirectory()
            _ = try directory.write(Array(try JSONSerialization.data(withJSONObject: config)), "config.json")
            try FileManager.default.createSymbolicLink(
                atPath: directory.path("model.safetensors"),
                withDestinationPath: folder.appending(path: "model.safetensors").path)
            return try Model(WeightFile.open(directory.url.path), precision: .exact, pool: WorkerPool(workers: 1))
        }
    }

    private func logits(_ model: Model) throws -> [Float] {
        var runner = ModelRunner(model)
        try runner.feed(Self.ids, wanting: .all)
        return runner.logits
    }

    /// The error that a changed configuration gives.
    private func failure(_ name: String, _ key: String, _ json: String?) throws -> String {
        var changed = try Changed(name)
        try changed.set(key, json)
        do {
            _ = try changed.load()
            return "it loaded"
        } catch {
            return String(describing: error)
        }
    }

    @Test(arguments: [
        ("qwen2", ["hidden_act", "rms_norm_eps", "use_sliding_window", "max_window_layers", "layer_types"]),
        ("qwen3", ["hidden_act", "rms_norm_eps", "attention_bias", "tie_word_embeddings", "layer_types"]),
        ("gpt-neox", ["hidden_act", "layer_norm_eps", "use_parallel_residual", "rope_parameters"]),
        ("lfm2", ["norm_eps", "conv_L_cache", "tie_word_embeddings", "block_auto_adjust_ff_dim", "rope_parameters"]),
        ("gemma3", ["hidden_activation", "rms_norm_eps", "tie_word_embeddings", "final_logit_softcapping"]),
    ])
    func whatTheReferenceTakesByDefaultMayBeLeftOut(name: String, keys: [String]) throws {
        var changed = try Changed(name)
        for key in keys { try changed.set(key, nil) }
        #expect(try logits(changed.load()) == logits(Changed(name).load()))
    }

    @Test func attentionLayersOfLFM2MayBeListed() throws {
        var changed = try Changed("lfm2")
        try changed.set("layer_types", nil)
        try changed.set("full_attn_idxs", "[2]")
        #expect(try logits(changed.load()) == logits(Changed("lfm2").load()))
    }

    @Test func windowsOfGemmaMayBeAPeriod() throws {
        var (listed, period) = (try Changed("gemma3"), try Changed("gemma3"))
        try listed.set(
            "layer_types", #"["sliding_attention", "full_attention", "sliding_attention", "full_attention"]"#)
        try period.set("layer_types", nil)
        try period.set("sliding_window_pattern", "2")
        for window in ["3", "32"] {
            try listed.set("sliding_window", window)
            try period.set("sliding_window", window)
            #expect(try logits(listed.load()) == logits(period.load()))
        }
    }

    @Test(arguments: [
        ("qwen2", "hidden_act", #""gelu""#), ("qwen2", "layer_types", #"["full_attention"]"#),
        ("qwen2", "layer_types", #"["full_attention", "chunked_attention"]"#),
        ("qwen2", "num_key_value_heads", "3"), ("qwen2", "num_attention_heads", "0"),
        ("qwen3", "rope_parameters", #"{"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0}"#),
        ("qwen3", "head_dim", "24"), ("gpt-neox", "hidden_act", #""gelu_new""#),
        ("gpt-neox", "num_attention_heads", "7"), ("lfm2", "conv_L_cache", "1"),
        ("lfm2", "layer_types", #"["conv", "conv", "recurrent", "conv"]"#), ("lfm2", "intermediate_size", "-1"),
        ("lfm2", "block_multiple_of", "0"), ("gemma3", "use_bidirectional_attention", "true"),
        ("gemma3", "query_pre_attn_scalar", "0"), ("gemma3", "hidden_activation", #""silu""#),
        ("gemma3", "sliding_window", #""wide""#),
    ])
    func whatIsNotComputedIsRefused(name: String, key: String, json: String) throws {
        let message = try failure(name, key, json)
        #expect(message.contains(key == "head_dim" ? "q_proj.weight" : key), "\(message)")
    }
}
