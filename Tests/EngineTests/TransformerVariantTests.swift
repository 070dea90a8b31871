import Engine
import Foundation
import TestSupport
import Testing
import Weights

/// What released files of the attention families vary in, and what is refused.
@Suite struct TransformerVariantTests {
    /// The last token's key in the first layer.
    private func lastKey(_ model: TinyTransformer, _ tokens: [Int32]) throws -> [Float] {
        var runner = ModelRunner(try model.load())
        try runner.feed(tokens)
        let keys = try #require(runner.state.layers[0].summaries().first { $0.name == "attn_key" })
        return keys.last8
    }

    private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
        zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
    }

    @Test(arguments: ["llama", "qwen2", "qwen3", "gemma3"])
    func linearScalingOfRopeStretchesPositions(family: String) throws {
        // One layer, and in Gemma one that sees everything: windowed layers are not scaled.
        let plain = TinyTransformer(family).with("attention.sliding_window_pattern", .array([.bool(false)]))
        let old = plain.with("rope.scale_linear", .float32(2))
        let scaled = plain.with("rope.scaling.type", .string("linear")).with("rope.scaling.factor", .float32(2))
        let expected = try lastKey(plain, [9, 4])
        #expect(try largestDifference(lastKey(scaled, [9, 9, 4]), expected) < 1e-6)
        #expect(try largestDifference(lastKey(old, [9, 9, 4]), expected) < 1e-6)
        #expect(try largestDifference(lastKey(plain, [9, 9, 4]), expected) > 1e-3)
    }

    @Test func frequenciesOfLlama3AreDivided() throws {
        let plain = TinyTransformer("llama")
        var scaled = plain
        scaled.builder.add("rope_freqs.weight", shape: [4], floats: [2, 2, 2, 2])
        #expect(try largestDifference(lastKey(scaled, [9, 9, 4]), lastKey(plain, [9, 4])) < 1e-6)
    }

    @Test(arguments: ["llama", "qwen2", "qwen3", "gptneox", "gemma3"], ["yarn", "longrope", "su"])
    func otherScalingsOfRopeAreNamed(family: String, scaling: String) {
        let message = TinyTransformer(family).with("rope.scaling.type", .string(scaling)).failure()
        #expect(message.contains("\(family).rope.scaling.type") && message.contains(scaling))
        #expect(message.contains("linear"))
    }

    @Test func softCapsBendLogits() throws {
        let plain = try TinyTransformer("gemma3").logits([3, 1, 4])
        let capped = try TinyTransformer("gemma3").with("final_logit_softcapping", .float32(2)).logits([3, 1, 4])
        #expect(capped.allSatisfy { abs($0) < 2 })
        for (plain, capped) in zip(plain, capped) {
            #expect(abs(capped - 2 * tanh(plain / 2)) < 1e-5)
        }
    }

    @Test func theLargestGemmaScalesByTheWidthOfItsModel() throws {
        let tokens: [Int32] = [3, 1, 4, 1, 5]
        let large = TinyTransformer("gemma3", layers: 62)
        let stated = large.with("attention.scale", .float32(0.5))  // 1 / √(16 / 4)
        #expect(try large.logits(tokens) == stated.logits(tokens))
        let small = TinyTransformer("gemma3", layers: 6)
        let byHead = small.with("attention.scale", .float32(1 / Float(8).squareRoot()))
        #expect(try small.logits(tokens) == byHead.logits(tokens))
        #expect(try small.logits(tokens) != small.with("attention.scale", .float32(0.5)).logits(tokens))
    }

    @Test func aWindowPatternIsAListOrAPeriod() throws {
        let base = TinyTransformer("gemma3", layers: 6).with("attention.sliding_window", .uint32(3))
        let tokens: [Int32] = [3, 1, 4, 1, 5, 9, 2, 6]
        let list = (1...6).map { GGUFBuilder.Value.bool($0 % 3 != 0) }
        let every3rd = try base.with("attention.sliding_window_pattern", .uint32(3)).logits(tokens)
        #expect(try base.with("attention.sliding_window_pattern", .array(list)).logits(tokens) == every3rd)
        let every6th = try base.with("attention.sliding_window_pattern", .uint32(6)).logits(tokens)
        #expect(try base.logits(tokens) == every6th)
        #expect(every3rd != every6th)
    }

    @Test func residualsMayBeParallelOrNot() throws {
        let parallel = TinyTransformer("gptneox")
        let serial = parallel.with("use_parallel_residual", .bool(false))
        #expect(
            try parallel.logits([3, 1, 4]) == parallel.with("use_parallel_residual", .bool(true)).logits([3, 1, 4]))
        #expect(try parallel.logits([3, 1, 4]) != serial.logits([3, 1, 4]))
    }

    @Test func fusedProjectionsAreTheSameAsSeparateOnes() throws {
        let separate = TinyTransformer("llama")
        var fused = separate
        let parts = ["attn_q", "attn_k", "attn_v"].compactMap { name in
            separate.builder.tensors.first { $0.name == "blk.0.\(name).weight" }
        }
        fused.builder.tensors.removeAll { tensor in parts.contains { $0.name == tensor.name } }
        fused.builder.add(
            "blk.0.attn_qkv.weight", shape: [48, TinyTransformer.dModel], type: 0, data: parts.flatMap(\.data))
        #expect(try fused.logits([3, 1, 4, 1, 5]) == separate.logits([3, 1, 4, 1, 5]))
    }

    @Test(arguments: [
        ("gemma3", "final_logit_softcapping", GGUFBuilder.Value.float32(-1)),
        ("gemma3", "attention.sliding_window_pattern", .array([.bool(true), .bool(false)])),
        ("gemma3", "rope.freq_base_swa", .float32(0)), ("qwen2", "rope.freq_base", .float32(.nan)),
        ("qwen2", "attention.head_count_kv", .uint32(3)), ("qwen3", "attention.head_count", .uint32(0)),
        ("qwen3", "attention.value_length", .uint32(4)), ("gptneox", "rope.dimension_count", .uint32(10)),
        ("gptneox", "rope.dimension_count", .uint32(3)), ("llama", "expert_count", .uint32(8)),
        ("llama", "rope.pair_order", .string("thirds")),
    ])
    func anImpossibleHyperparameterIsNamed(family: String, key: String, value: GGUFBuilder.Value) {
        let message = TinyTransformer(family).with(key, value).failure()
        #expect(message.contains("\(family).\(key)"), "\(message)")
    }

    @Test(arguments: [
        ("gptneox", "blk.0.attn_norm.bias"), ("gptneox", "output_norm.bias"), ("qwen3", "blk.0.attn_q_norm.weight"),
        ("gemma3", "blk.0.post_ffw_norm.weight"),
    ])
    func aMissingTensorIsNamed(family: String, tensor: String) {
        let message = TinyTransformer(family).without(tensor).failure()
        #expect(message.contains(tensor) && message.contains("tiny.gguf"), "\(message)")
    }
}
