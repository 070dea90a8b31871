import Weights

/// What checkpoints of transformers have in common.
extension CheckpointTranslator {
    /// Takes all tensors of Llama's kind: embedding, norms, attention, gated MLPs and head.
    mutating func translateTransformer(tiedByDefault tied: Bool) throws {
        try translateEmbedding("model.embed_tokens.weight", outputNorm: "model.norm.weight", tiedByDefault: tied)
        try rename([
            "model.layers.{n}.input_layernorm.weight": "blk.{n}.attn_norm.weight",
            "model.layers.{n}.post_attention_layernorm.weight": "blk.{n}.ffn_norm.weight",
        ])
        try translateAttention("model.layers.{n}.self_attn")
        try translateGatedMLP("model.layers.{n}.mlp")
        drop("model.layers.{n}.self_attn.rotary_emb.inv_freq")  // a table of older checkpoints
    }

    /// Sets the window of attention, and which layers have it: those that `layer_types` calls `sliding_attention`.
    ///
    /// - Parameter isWindowed: which layers have it where the configuration has no `layer_types`
    mutating func translateWindows(_ window: Int, isWindowed: (Int) -> Bool) throws {
        let types = try layerTypes(["full_attention", "sliding_attention"])
        let windowed = types?.map { $0 == "sliding_attention" } ?? (0..<nLayers).map(isWindowed)
        set(.slidingWindow, .integer(Int64(window)), from: "sliding_window")
        set(.slidingWindowPattern, .bools(windowed), from: "layer_types")
    }

    /// Sets the windows of Qwen: none unless `use_sliding_window` says so, and then from `max_window_layers` on.
    mutating func translateQwenWindows() throws {
        _ = try layerTypes(["full_attention", "sliding_attention"])  // refuses others, with windows or without
        guard try config.bool("use_sliding_window") ?? false, !config.isNull("sliding_window") else { return }
        let first = try config.int("max_window_layers") ?? 28
        try translateWindows(try config.int("sliding_window") ?? 4096) { $0 >= first }
    }

    /// The kind of each layer, or nil where the configuration doesn't say; other kinds than `known` are refused.
    func layerTypes(_ known: [String]) throws -> [String]? {
        guard let types = try config.strings("layer_types") else { return nil }
        guard types.count == nLayers, types.allSatisfy({ known.contains($0) }) else {
            throw config.wrong(
                "layer_types", expected: "one of \(known.joined(separator: ", ")) for each of the \(nLayers) layers")
        }
        return types
    }
}
