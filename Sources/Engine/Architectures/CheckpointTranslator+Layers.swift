import Foundation
import Weights

/// What the families' checkpoints have in common: one call for each of our layers.
extension CheckpointTranslator {
    /// Takes the embedding and, unless it is tied to it, the output head.
    ///
    /// - Parameters:
    ///   - outputNorm: the last norm, unless the family takes it in another form
    ///   - tied: what the reference takes for `tie_word_embeddings` where the configuration does not say
    mutating func translateEmbedding(
        _ embedding: String, outputNorm: String?, head: String = "lm_head.weight", tiedByDefault tied: Bool
    ) throws {
        try setInt(.vocabSize, from: "vocab_size")
        try rename(embedding, to: "token_embd.weight")
        if let outputNorm { try rename(outputNorm, to: "output_norm.weight") }
        if try config.bool("tie_word_embeddings", "tie_embeddings") ?? tied {
            drop(head)  // some writers keep the copy
        } else if has(head) {
            try rename(head, to: "output.weight")
        } else {
            throw EngineError(
                .missing,
                "\(config.name) says that the output head is not tied to the embedding, but \(head) is not there."
                    + " The checkpoint is incomplete.")
        }
    }

    /// Takes a Mamba-1 mixer: `PREFIX.in_proj`, `x_proj`, `dt_proj`, `out_proj`, `conv1d`, `A_log`, `D`.
    mutating func translateMambaMixer(_ prefix: String, to target: String = "blk.{n}") throws {
        try rename([
            "\(prefix).x_proj.weight": "\(target).ssm_x.weight",
            "\(prefix).dt_proj.weight": "\(target).ssm_dt.weight",
            "\(prefix).dt_proj.bias": "\(target).ssm_dt.bias",
        ])
        try translateStateSpace(prefix, to: target)
    }

    /// Takes a Mamba-2 mixer: `PREFIX.in_proj`, `out_proj`, `conv1d`, `A_log`, `D`, `dt_bias`, `norm`.
    ///
    /// Step sizes are clamped to `time_step_limit`, for every token: the reference does so for several at once.
    ///
    /// - Parameter least: what the reference also clamps them to, whatever the limit
    mutating func translateMamba2Mixer(
        _ prefix: String, to target: String = "blk.{n}", stepsAtLeast least: Double = 0
    ) throws {
        let spellings = ["time_step_limit", "ssm_cfg.dt_limit"]
        let limits = try config.floats(spellings) ?? [0, .infinity]
        guard limits.count == 2, limits[0] >= 0, limits[0].isFinite, limits[0] <= limits[1] else {
            throw config.wrong(spellings, expected: "two numbers in order, from 0 on")
        }
        set(.timeStepMin, .double(max(limits[0], least)), from: "time_step_limit")
        if limits[1].isFinite { set(.timeStepMax, .double(limits[1]), from: "time_step_limit") }
        try rename([
            "\(prefix).dt_bias": "\(target).ssm_dt.bias",
            "\(prefix).norm.weight": "\(target).ssm_norm.weight",
        ])
        try translateStateSpace(prefix, to: target)
    }

    /// What both mixers have: A = −exp(A_log), and the convolution without its dimension of size 1.
    private mutating func translateStateSpace(_ prefix: String, to target: String) throws {
        try rename([
            "\(prefix).in_proj.weight": "\(target).ssm_in.weight",
            "\(prefix).in_proj.bias": "\(target).ssm_in.bias",
            "\(prefix).out_proj.weight": "\(target).ssm_out.weight",
            "\(prefix).out_proj.bias": "\(target).ssm_out.bias",
            "\(prefix).conv1d.bias": "\(target).ssm_conv1d.bias",
            "\(prefix).D": "\(target).ssm_d",
        ])
        try derive("\(prefix).A_log", to: "\(target).ssm_a") { $0.map { -exp($0) } }
        try translateFilter("\(prefix).conv1d.weight", to: "\(target).ssm_conv1d.weight")
    }

    /// Takes the filter `[channels, 1, dConv]` of a convolution of each channel, without the dimension of size 1.
    mutating func translateFilter(_ pattern: String, to target: String) throws {
        try rename(pattern, to: target) { tensor in
            let shape = tensor.shape
            return shape.count == 3 && shape[1] == 1 ? try tensor.reshaped([shape[0], shape[2]]) : tensor
        }
    }

    /// Takes attention: `PREFIX.q_proj`, `k_proj`, `v_proj`, `o_proj`, with biases where they are there.
    ///
    /// Rows of queries and keys stay in the reference's order, where a rotated pair is half of what is rotated apart.
    mutating func translateAttention(_ prefix: String, to target: String = "blk.{n}") throws {
        for (source, name) in [
            ("q_proj", "attn_q"), ("k_proj", "attn_k"), ("v_proj", "attn_v"), ("o_proj", "attn_output"),
        ] {
            for part in ["weight", "bias"] {
                try rename("\(prefix).\(source).\(part)", to: "\(target).\(name).\(part)")
            }
        }
    }

    /// Takes a gated MLP: `PREFIX.gate_proj`, `up_proj`, `down_proj`, with biases where they are there.
    mutating func translateGatedMLP(_ prefix: String, to target: String = "blk.{n}") throws {
        for (source, name) in [("gate_proj", "ffn_gate"), ("up_proj", "ffn_up"), ("down_proj", "ffn_down")] {
            for part in ["weight", "bias"] {
                try rename("\(prefix).\(source).\(part)", to: "\(target).\(name).\(part)")
            }
        }
    }
}
