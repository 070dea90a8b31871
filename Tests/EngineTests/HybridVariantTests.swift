import Engine
import Foundation
import TestSupport
import Testing
import Weights

/// Hybrids whose options the reference models don't have: each computes what another, equal model computes.
@Suite struct HybridVariantTests {
    private static let ids: [Int32] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 35]

    /// A file of the tensors given, with values that depend on their names alone.
    private func file(_ family: String, _ sizes: [(String, UInt32)], _ tensors: [(String, [Int])]) -> GGUFBuilder {
        var builder = GGUFBuilder()
        builder.add("general.architecture", .string(family))
        for (key, value) in [("embedding_length", 16), ("context_length", 64)] + sizes {
            builder.add("\(family).\(key)", .uint32(value))
        }
        for (name, shape) in [("token_embd.weight", [40, 16]), ("output_norm.weight", [16])] + tensors {
            var generator = SplitMix64(seed: name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
            let count = shape.reduce(1, *)
            builder.add(name, shape: shape, floats: (0..<count).map { _ in Float(generator.nextUnit()) - 0.5 })
        }
        return builder
    }

    private func set(_ name: String, _ shape: [Int], _ floats: [Float], in builder: inout GGUFBuilder) {
        builder.tensors.removeAll { $0.name == name }
        builder.add(name, shape: shape, floats: floats)
    }

    private func logits(_ builder: GGUFBuilder, precision: Precision = .exact) throws -> [Float] {
        let directory = try TemporaryDirectory()
        let path = try directory.write(builder.build(), "tiny.gguf")
        let model = try Model(WeightFile.open(path), precision: precision, pool: WorkerPool(workers: 1))
        var runner = ModelRunner(model)
        try runner.feed(Self.ids, wanting: .all)
        return runner.logits
    }

    // MARK: - Experts

    /// Nemotron-H with one layer of four experts, of which a token goes through two.
    private func experts(groups: UInt32, used: UInt32, corrections: [Float]) -> GGUFBuilder {
        var builder = file(
            "nemotron_h_moe",
            [
                ("block_count", 1), ("attention.head_count", 2), ("attention.head_count_kv", 0),
                ("feed_forward_length", 12), ("expert_feed_forward_length", 12), ("expert_count", 4),
                ("expert_used_count", 2), ("expert_group_count", groups), ("expert_group_used_count", used),
            ],
            [
                ("blk.0.attn_norm.weight", [16]), ("blk.0.ffn_gate_inp.weight", [4, 16]),
                ("blk.0.ffn_up_exps.weight", [4, 12, 16]), ("blk.0.ffn_down_exps.weight", [4, 16, 12]),
            ])
        builder.add("blk.0.exp_probs_b.bias", shape: [4], floats: corrections)
        return builder
    }

    @Test func expertsComeFromTheBestGroups() throws {
        // Scores are from 0 to 1: with these corrections, the first expert is the best and its group is not.
        let grouped = try logits(experts(groups: 2, used: 1, corrections: [12, 0, 10, 10]))
        let others = try logits(experts(groups: 1, used: 1, corrections: [0, 0, 10, 10]))
        let free = try logits(experts(groups: 1, used: 1, corrections: [12, 0, 10, 10]))
        #expect(grouped == others)
        #expect(grouped != free)
    }

    @Test(arguments: [Precision.exact, .fast])
    func tokensGoThroughExpertsAloneAsTogether(precision: Precision) throws {
        let builder = experts(groups: 1, used: 1, corrections: [0, 0, 0, 0])
        let directory = try TemporaryDirectory()
        let path = try directory.write(builder.build(), "tiny.gguf")
        let model = try Model(WeightFile.open(path), precision: precision, pool: WorkerPool(workers: 2))
        var together = ModelRunner(model)
        try together.feed(Self.ids, wanting: .all)
        var alone = ModelRunner(model, chunkSize: 1)
        try alone.feed(Self.ids, wanting: .all)
        #expect(together.logits == alone.logits)
    }

    @Test(
        arguments: [
            ("expert_used_count", 0), ("expert_used_count", 5), ("expert_group_count", 3),
            ("expert_group_used_count", 2), ("expert_gating_func", 1), ("expert_count", 0),
        ] as [(String, UInt32)])
    func impossibleExpertsAreNamed(key: String, value: UInt32) {
        var builder = experts(groups: 1, used: 1, corrections: [0, 0, 0, 0])
        builder.pairs.removeAll { $0.key == "nemotron_h_moe.\(key)" }
        builder.add("nemotron_h_moe.\(key)", .uint32(value))
        #expect { try logits(builder) } throws: { error in
            String(describing: error).contains("nemotron_h_moe.expert_")
                && String(describing: error).contains("tiny.gguf")
        }
    }

    @Test func misshapenExpertsAreNamed() {
        var builder = experts(groups: 1, used: 1, corrections: [0, 0, 0, 0])
        set("blk.0.ffn_up_exps.weight", [3, 12, 16], Array(repeating: 0, count: 576), in: &builder)
        #expect { try logits(builder) } throws: { error in
            let message = String(describing: error)
            return message.contains("blk.0.ffn_up_exps.weight") && message.contains("[4, 12, 16]")
        }
    }

    @Test func predictionLayersAreNotRun() throws {
        var builder = experts(groups: 1, used: 1, corrections: [0, 0, 0, 0])
        let expected = try logits(builder)
        for (key, value) in [("block_count", 2), ("nextn_predict_layers", 1)] as [(String, UInt32)] {
            builder.pairs.removeAll { $0.key == "nemotron_h_moe.\(key)" }
            builder.add("nemotron_h_moe.\(key)", .uint32(value))
        }
        builder.add("blk.1.nextn.eh_proj.weight", shape: [16, 32], floats: Array(repeating: 1, count: 512))
        #expect(try logits(builder) == expected)
    }

    // MARK: - Gates

    /// Falcon-H1 with one layer, whose gate z is the same for every token: its bias.
    private func gated(gate: [Float], normWeight: [Float], before: Bool) -> GGUFBuilder {
        let (dInner, dState, heads, groups) = (24, 4, 2, 2)
        let channels = dInner + 2 * groups * dState
        let rows = dInner + channels + heads
        var builder = file(
            "falcon-h1",
            [
                ("block_count", 1), ("feed_forward_length", 12), ("attention.head_count", 2),
                ("attention.head_count_kv", 1), ("ssm.inner_size", UInt32(dInner)), ("ssm.state_size", UInt32(dState)),
                ("ssm.conv_kernel", 3), ("ssm.group_count", UInt32(groups)), ("ssm.time_step_rank", UInt32(heads)),
            ],
            [
                ("blk.0.attn_norm.weight", [16]), ("blk.0.ffn_norm.weight", [16]), ("blk.0.ffn_gate.weight", [12, 16]),
                ("blk.0.ffn_up.weight", [12, 16]), ("blk.0.ffn_down.weight", [16, 12]),
                ("blk.0.attn_q.weight", [16, 16]), ("blk.0.attn_k.weight", [8, 16]), ("blk.0.attn_v.weight", [8, 16]),
                ("blk.0.attn_output.weight", [16, 16]), ("blk.0.ssm_in.weight", [rows, 16]),
                ("blk.0.ssm_out.weight", [16, dInner]), ("blk.0.ssm_conv1d.weight", [channels, 3]),
                ("blk.0.ssm_dt.bias", [heads]), ("blk.0.ssm_d", [heads, 1]),
            ])
        builder.add("blk.0.ssm_a", shape: [heads, 1], floats: [-1, -2])
        builder.add("blk.0.ssm_norm.weight", shape: [groups, dInner / groups], floats: normWeight)
        var input = (0..<(rows * 16)).map { Float($0 * 37 % 101) / 101 - 0.5 }
        for index in 0..<(dInner * 16) { input[index] = 0 }
        set("blk.0.ssm_in.weight", [rows, 16], input, in: &builder)
        builder.add(
            "blk.0.ssm_in.bias", shape: [rows], floats: gate + Array(repeating: 0.125, count: rows - dInner))
        if before { builder.add("falcon-h1.ssm.norm_before_gate", .bool(true)) }
        return builder
    }

    @Test func aNormBeforeTheGateIsNotDividedByTheGate() throws {
        // SiLU(one) is 1.
        let one: Float = 1.278_464_54
        let gate: [Float] = (0..<24).map { Float($0) / 6 - 2 }
        let weight: [Float] = (0..<24).map { 0.5 + Float($0 * 5 % 7) / 7 }
        let gates = gate.map { $0 / (1 + exp(-$0)) }
        let before = try logits(gated(gate: gate, normWeight: weight, before: true))
        let equal = try logits(
            gated(
                gate: Array(repeating: one, count: 24), normWeight: zip(weight, gates).map { $0 * $1 }, before: false))
        let after = try logits(gated(gate: gate, normWeight: weight, before: false))
        let worst = zip(before, equal).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst < 1e-5)
        #expect(zip(before, after).contains { abs($0 - $1) > 1e-2 })
    }
}
