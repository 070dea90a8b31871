import Weights

extension Zamba2: HuggingFaceArchitecture {
    static let modelTypes = ["zamba2"]

    static func translate(_ checkpoint: inout CheckpointTranslator) throws {
        let config = checkpoint.config
        try config.check("hidden_act", isOneOf: ["gelu"])
        // With it the reference changes RoPE's base when it makes a configuration.
        try config.check("use_long_context", is: false)
        let dModel = try checkpoint.setInt(.dModel, from: "hidden_size")
        try checkpoint.setInt(.nLayers, from: "num_hidden_layers")
        try checkpoint.setFloat(.normEpsilon, from: "rms_norm_eps", default: 1e-5)
        try checkpoint.setInt(.trainedContext, from: "max_position_embeddings")
        let dFeedForward = try checkpoint.setInt(.dFeedForward, from: "intermediate_size", default: 4 * dModel)
        let nBlocks = try checkpoint.setInt(.nSharedBlocks, from: "num_mem_blocks", default: 1)
        guard nBlocks > 0 else { throw config.wrong("num_mem_blocks", expected: "a positive number") }
        try checkpoint.setInt(.adapterRank, from: "adapter_rank", default: 128)
        try translateMixers(&checkpoint, dModel: dModel)
        let hybrids = try translateAttentionSizes(&checkpoint, dModel: dModel)
        for (turn, layer) in hybrids.enumerated() {
            try translateShared(
                &checkpoint, turn: turn, layer: layer, hybrids: hybrids, nBlocks: nBlocks, dFeedForward: dFeedForward)
        }
        try checkpoint.translateEmbedding(
            "model.embed_tokens.weight", outputNorm: "model.final_layernorm.weight", tiedByDefault: true)
    }

    /// The mixer of a layer with a shared block lies a level deeper.
    private static func translateMixers(_ checkpoint: inout CheckpointTranslator, dModel: Int) throws {
        let config = checkpoint.config
        let expand = try config.int("mamba_expand") ?? 2
        checkpoint.set(.dInner, .integer(Int64(expand * dModel)), from: "mamba_expand")
        try checkpoint.setInt(.dState, from: "mamba_d_state", default: 64)
        try checkpoint.setInt(.dConv, from: "mamba_d_conv", default: 4)
        try checkpoint.setInt(.nGroups, from: "mamba_ngroups", default: 1)
        try checkpoint.setInt(.timeStepRank, from: "n_mamba_heads", default: 8)
        // The reference clamps to this as well, with many tokens at once.
        let least = try config.float("time_step_min") ?? 0.001
        for layer in ["model.layers.{n}", "model.layers.{n}.mamba_decoder"] {
            try checkpoint.translateMamba2Mixer("\(layer).mamba", stepsAtLeast: least)
            try checkpoint.rename("\(layer).input_layernorm.weight", to: "blk.{n}.attn_norm.weight")
        }
    }

    /// Returns the layers with a shared block, whose attention reads twice the width of the stream.
    private static func translateAttentionSizes(
        _ checkpoint: inout CheckpointTranslator, dModel: Int
    ) throws -> [Int] {
        let config = checkpoint.config
        let nHeads = try checkpoint.setInt(.nHeads, from: "num_attention_heads")
        guard nHeads > 0 else { throw config.wrong("num_attention_heads", expected: "a positive number") }
        let headDim = try checkpoint.setInt(.headDim, from: "attention_head_dim", default: 2 * dModel / nHeads)
        guard headDim > 0 else { throw config.wrong("attention_head_dim", expected: "a positive number") }
        checkpoint.set(.attentionScale, .double(1 / (Double(headDim) / 2).squareRoot()), from: "attention_head_dim")
        if try config.bool("use_mem_rope") ?? false {
            try checkpoint.translateRope(headDim: headDim)
        } else {
            checkpoint.set(.ropeFinetuned, .bool(false), from: "use_mem_rope")
        }
        let types = try checkpoint.layerTypes(["layers_block_type", "layer_types"]) { _ in "linear_attention" }
        let hybrids = types.indices.filter { types[$0] == "hybrid" }
        guard config.has("layers_block_type", "layer_types") else {
            throw config.missing(["layers_block_type", "layer_types"])
        }
        if let stated = try config.ints("hybrid_layer_ids"), stated != hybrids {
            throw config.wrong("hybrid_layer_ids", expected: "\(hybrids), the layers of type hybrid")
        }
        let kvHeads = try config.int("num_key_value_heads") ?? nHeads
        checkpoint.set(
            .nKVHeads, .integers(types.map { $0 == "hybrid" ? Int64(kvHeads) : 0 }), from: "num_key_value_heads")
        return hybrids
    }

    /// Takes a block with the first layer that has it, and each layer's additions to it.
    private static func translateShared(
        _ checkpoint: inout CheckpointTranslator, turn: Int, layer: Int, hybrids: [Int], nBlocks: Int,
        dFeedForward: Int
    ) throws {
        let block = turn % nBlocks
        try checkpoint.rename("model.layers.\(layer).linear.weight", to: "blk.\(layer).shared_output.weight")
        let prefixes = hybrids.map { "model.layers.\($0).shared_transformer" }
        if turn < nBlocks {
            let source = prefixes[turn]
            let target = "shared.\(block)"
            try checkpoint.rename([
                "\(source).input_layernorm.weight": "\(target).attn_norm.weight",
                "\(source).pre_ff_layernorm.weight": "\(target).ffn_norm.weight",
            ])
            try checkpoint.translateAttention("\(source).self_attn", to: target)
            for part in ["weight", "bias"] {
                try checkpoint.split(
                    "\(source).feed_forward.gate_up_proj.\(part)",
                    into: [("\(target).ffn_gate.\(part)", dFeedForward), ("\(target).ffn_up.\(part)", dFeedForward)])
                try checkpoint.rename(
                    "\(source).feed_forward.down_proj.\(part)", to: "\(target).ffn_down.\(part)")
            }
        }
        // Lists of additions lie in the block, one entry a layer.
        let source = prefixes[block]
        let list = "\(source).feed_forward.gate_up_proj_adapter_list.\(turn)"
        try checkpoint.rename("\(list).0.weight", to: "blk.\(layer).ffn_gate_up.lora_a")
        try checkpoint.split(
            "\(list).1.weight",
            into: [("blk.\(layer).ffn_gate.lora_b", dFeedForward), ("blk.\(layer).ffn_up.lora_b", dFeedForward)])
        for name in ["q", "k", "v"] {
            let list = "\(source).self_attn.linear_\(name)_adapter_list.\(turn)"
            try checkpoint.rename("\(list).0.weight", to: "blk.\(layer).attn_\(name).lora_a")
            try checkpoint.rename("\(list).1.weight", to: "blk.\(layer).attn_\(name).lora_b")
        }
        // Some writers keep the copies that other layers have of a block.
        if turn >= nBlocks { checkpoint.drop(prefix: prefixes[turn] + ".") }
    }
}
