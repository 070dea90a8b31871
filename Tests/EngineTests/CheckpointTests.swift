import Foundation
import TestSupport
import Testing
import Weights

@testable import Engine

/// Checkpoints that are well-formed but not as we compute say what is wrong and where.
@Suite struct CheckpointTests {
    /// A checkpoint of one layer, to be changed into wrong ones.
    struct Tiny {
        var config: [String: String] = [
            "model_type": #""mamba""#, "hidden_size": "16", "num_hidden_layers": "1", "state_size": "6",
            "conv_kernel": "3", "time_step_rank": "2", "intermediate_size": "24", "vocab_size": "40",
            "tie_word_embeddings": "true", "hidden_act": #""silu""#,
        ]
        var builder = SafetensorsBuilder()

        init() {
            add("backbone.embeddings.weight", [40, 16])
            add("backbone.norm_f.weight", [16])
            for (name, shape) in [
                ("norm.weight", [16]), ("mixer.in_proj.weight", [48, 16]), ("mixer.conv1d.weight", [24, 1, 3]),
                ("mixer.conv1d.bias", [24]), ("mixer.x_proj.weight", [14, 24]), ("mixer.dt_proj.weight", [24, 2]),
                ("mixer.dt_proj.bias", [24]), ("mixer.A_log", [24, 6]), ("mixer.D", [24]),
                ("mixer.out_proj.weight", [16, 24]),
            ] { add("backbone.layers.0.\(name)", shape) }
        }

        mutating func add(_ name: String, _ shape: [Int]) {
            let count = shape.reduce(1, *)
            builder.add(name, shape: shape, floats: (0..<count).map { Float($0 % 7) / 20 - 0.1 })
        }

        mutating func remove(_ name: String) { builder.tensors.removeAll { $0.name == name } }

        func load() throws -> Model {
            let directory = try TemporaryDirectory()
            let text = config.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
            try builder.write(into: directory, config: "{\(text)}")
            return try Model(
                WeightFile.open(directory.url.path), precision: .exact, pool: WorkerPool(workers: 1))
        }
    }

    private func failure(_ change: (inout Tiny) -> Void) -> String {
        var tiny = Tiny()
        change(&tiny)
        do {
            _ = try tiny.load()
            return "it loaded"
        } catch {
            return String(describing: error)
        }
    }

    private func expect(_ message: String, names words: String...) {
        for word in words { #expect(message.contains(word), "\(message)") }
    }

    @Test func theTinyCheckpointRuns() throws {
        var runner = ModelRunner(try Tiny().load())
        try runner.feed([1, 2, 39])
        #expect(runner.logits.count == 40 && runner.logits.allSatisfy { $0.isFinite })
    }

    @Test func whatTheReferenceComputesByDefaultMayBeLeftOut() throws {
        func logits(_ change: (inout Tiny) -> Void) throws -> [Float] {
            var tiny = Tiny()
            change(&tiny)
            var runner = ModelRunner(try tiny.load())
            try runner.feed([1, 2, 39])
            return runner.logits
        }
        let expected = try logits { _ in }
        // ⌈16 / 16⌉ = 1 is not what the tensors have.
        #expect(throws: (any Error).self) { try logits { $0.config["time_step_rank"] = #""auto""# } }
        #expect(try logits { $0.config["tie_word_embeddings"] = nil } == expected)
        #expect(try logits { $0.config["hidden_act"] = #""swish""# } == expected)
        #expect(
            try logits {
                $0.config["num_hidden_layers"] = nil
                $0.config["n_layer"] = "1"
            } == expected)
        // A tied head that was written all the same.
        #expect(try logits { $0.add("lm_head.weight", [40, 16]) } == expected)
    }

    @Test func unknownFamiliesAreNamed() {
        expect(failure { $0.config["model_type"] = #""dinosaur""# }, names: "dinosaur", "falcon_mamba")
        expect(failure { $0.config["model_type"] = nil }, names: "model_type", "config.json")
        expect(failure { $0.config["model_type"] = "7" }, names: "model_type", "a text")
    }

    @Test func whatIsNotComputedIsRefused() {
        expect(failure { $0.config["hidden_act"] = #""relu""# }, names: "hidden_act", "relu", "silu")
        expect(
            failure { $0.config["quantization_config"] = #"{"quant_method": "gptq"}"# }, names: "quantised", "gptq",
            "GGUF")
        expect(failure { $0.add("backbone.layers.0.surprise", [2]) }, names: "backbone.layers.0.surprise", "mamba")
        expect(failure { $0.add("backbone.layers.1.norm.weight", [16]) }, names: "backbone.layers.1.norm.weight")
    }

    @Test func sizesThatCannotBeAreNamedAsTheConfigurationCallsThem() {
        expect(failure { $0.config["state_size"] = #""six""# }, names: "state_size", "a whole number")
        expect(failure { $0.config["state_size"] = "0" }, names: "state_size", "positive")
        expect(failure { $0.config["hidden_size"] = nil }, names: "hidden_size", "config.json")
        expect(failure { $0.config["num_hidden_layers"] = "4000000" }, names: "num_hidden_layers", "4000000")
        expect(failure { $0.config["num_hidden_layers"] = "0" }, names: "num_hidden_layers")
        expect(failure { $0.config["vocab_size"] = "41" }, names: "vocab_size", "40")
        expect(failure { $0.config["layer_norm_epsilon"] = "NaN" }, names: "layer_norm_epsilon", "finite")
    }

    @Test func tensorsAreNamedAsTheFileCallsThem() {
        for name in [
            "backbone.layers.0.mixer.A_log", "backbone.layers.0.mixer.x_proj.weight", "backbone.norm_f.weight",
        ] {
            expect(failure { $0.remove(name) }, names: name)
            expect(
                failure {
                    $0.remove(name)
                    $0.add(name, [5, 3])
                }, names: name, "[5, 3]")
        }
        expect(failure { $0.config["tie_word_embeddings"] = "false" }, names: "lm_head.weight")
        expect(
            failure {
                $0.remove("backbone.layers.0.mixer.D")
                $0.builder.add(
                    "backbone.layers.0.mixer.D", dtype: "F64", shape: [24], data: Array(repeating: 0, count: 192))
            }, names: "backbone.layers.0.mixer.D", "F64")
    }

    @Test func lowFrequenciesAreDividedAsLlama3Does() throws {
        let scaling = Llama3Scaling(factor: 32, low: 1, high: 4, context: 8192)
        let divisors = try #require(scaling.divisors(base: 500_000, rotated: 64))
        #expect(divisors.count == 32)
        // Wavelengths up to 8192 / 4 tokens are kept, those from 8192 on are divided by 32.
        let wavelengths = (0..<32).map { 2 * Double.pi * pow(500_000, Double($0) / 32) }
        for (divisor, wavelength) in zip(divisors, wavelengths) {
            if wavelength < 2048 { #expect(divisor == 1) }
            if wavelength > 8192 { #expect(divisor == 32) }
            if wavelength > 2048, wavelength < 8192 { #expect(divisor > 1 && divisor < 32) }
        }
        #expect(divisors == divisors.sorted())
        #expect(Llama3Scaling(factor: 32, low: 4, high: 4, context: 8192).divisors(base: 500_000, rotated: 64) == nil)
        #expect(Llama3Scaling(factor: 0, low: 1, high: 4, context: 8192).divisors(base: 500_000, rotated: 64) == nil)
    }
}
