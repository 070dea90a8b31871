import Foundation
import JSON
import TestSupport
import Testing
import Weights

@testable import Engine

/// The checkpoints that state-spaces/mamba writes itself, made of the reference's tiny ones.
@Suite struct StateSpacesCheckpointTests {
    /// The options that make a state-spaces model of a tiny one.
    static let models: [(name: String, options: [String: String])] = [
        ("mamba-tied", ["dt_rank": "4", "layer": #""Mamba1""#]), ("mamba-tied", ["dt_rank": #""auto""#]),
        ("mamba2-g1", ["layer": #""Mamba2""#, "headdim": "16", "d_state": "32"]),
        ("mamba2-g4-tied", ["layer": #""Mamba2""#, "headdim": "16", "d_state": "16", "ngroups": "4", "dt_min": "0.1"]),
        (
            "mamba2-dtclamp",
            [
                "layer": #""Mamba2""#, "headdim": "32", "d_state": "16", "ngroups": "2", "bias": "true",
                "dt_limit": "LIMIT",
            ]
        ),
    ]

    /// Writes the checkpoint as `pytorch_model.bin`, with names and configuration as state-spaces has them.
    private func write(
        _ name: String, _ options: [String: String], changing change: (inout [String: String]) -> Void = { _ in }
    ) throws -> (directory: TemporaryDirectory, golden: Golden) {
        let golden = try #require(GoldenCase.all.first { $0.name == name })
        let file = try WeightFile.open(golden.modelPath)
        let config = try #require(file.checkpoint?.config)
        var builder = PyTorchBuilder()
        for tensor in file.tensors {
            builder.add(
                tensor.name.replacing("embeddings", with: "embedding"), shape: tensor.shape,
                data: tensor.withBytes { Array($0) })
        }
        let tied = config["tie_word_embeddings"]?.bool == true
        if tied {
            let embedding = try file.tensor("backbone.embeddings.weight")
            let place = try #require(builder.entries.firstIndex { $0.name == "backbone.embedding.weight" })
            builder.add("lm_head.weight", shape: embedding.shape, data: [], sharing: place)
        }
        var options = options
        if options["dt_limit"] != nil {
            let limits = config["time_step_limit"]?.array?.compactMap(\.double) ?? []
            options["dt_limit"] = "\(limits)"
        }
        let layer = options.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
        var members = [
            "d_model": "64", "n_layer": "\(config["num_hidden_layers"]?.int ?? 0)", "ssm_cfg": "{\(layer)}",
            // Padded to the size of the embedding.
            "vocab_size": "\((config["vocab_size"]?.int ?? 0) - 3)", "pad_vocab_size_multiple": "8",
            "rms_norm": "true", "residual_in_fp32": "true", "fused_add_norm": "true", "tie_embeddings": "\(tied)",
            "attn_layer_idx": "[]", "attn_cfg": "{}", "d_intermediate": "0",
        ]
        change(&members)
        let text = members.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
        let directory = try TemporaryDirectory()
        _ = try directory.write(Array("{\(text)}".utf8), "config.json")
        _ = try directory.write(builder.build(), "pytorch_model.bin")
        return (directory, golden.golden)
    }

    private func load(_ directory: TemporaryDirectory) throws -> Model {
        try Model(WeightFile.open(directory.url.path), precision: .exact, pool: WorkerPool(workers: 1))
    }

    @Test(arguments: models.indices) func theyGiveTheReferencesNumbers(index: Int) throws {
        let (name, options) = Self.models[index]
        let (directory, golden) = try write(name, options)
        let model = try load(directory)
        let prompt = try #require(golden.prompts.first { $0.ids.count == 300 })
        var runner = ModelRunner(model)
        try runner.feed(prompt.ids, wanting: .all)
        for (position, expected) in prompt.logits {
            let row = try #require(Int(position))
            let found = runner.logits[(row * runner.vocabSize)..<((row + 1) * runner.vocabSize)]
            let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(worst <= 1e-3 * golden.logit_std, "position \(position) of \(name)")
        }
    }

    @Test(arguments: [
        ("attn_layer_idx", "[1]"), ("d_intermediate", "96"), ("rms_norm", "false"), ("vocab_size", "100"),
        ("ssm_cfg", #"{"layer": "Mamba3"}"#), ("ssm_cfg", #"{"surprise": 1}"#), ("n_layer", "0"), ("d_model", "65"),
        ("tie_embeddings", "1"), ("ssm_cfg", #"{"layer": "Mamba2", "headdim": 48}"#),
        ("ssm_cfg", #"{"layer": "Mamba2", "norm_before_gate": true}"#),
        ("ssm_cfg", #"{"layer": "Mamba2", "d_ssm": 8}"#),
    ])
    func whatIsNotComputedIsRefused(member: String, value: String) throws {
        let (directory, _) = try write("mamba-tied", ["dt_rank": "4"]) { $0[member] = value }
        #expect(throws: (any Error).self) { try load(directory) }
        do {
            _ = try load(directory)
        } catch {
            // A size that is possible is missed by a tensor of another one.
            let message = String(describing: error)
            let isShape = member == "d_model" || member == "vocab_size"
            #expect(message.contains(member) || isShape && message.contains("(backbone."), "\(message)")
        }
    }
}
