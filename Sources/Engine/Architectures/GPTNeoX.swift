import Weights

/// GPT-NeoX (Pythia): layer norms, RoPE on a part of each head, an MLP with GELU, biases everywhere.
///
/// Follows Hugging Face `transformers` `models/gpt_neox/modeling_gpt_neox.py`. Attention and MLP read the same stream
/// unless the file says otherwise. GGUF stores queries, keys and values one after the other in one matrix.
struct GPTNeoX: ResidualArchitecture {
    static let names = ["gptneox"]

    let trainedContext: Int?
    let stack: ResidualStack

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let epsilon = try read.float(.layerNormEpsilon, default: 1e-5)
        let dFeedForward = try read.int(.dFeedForward)
        let isParallel = read.bool(.isParallel, default: true)
        var shape = try Attention.Shape(loader, dModel: dModel, order: .halves)
        let rotary = try RotaryEmbedding(loader, headDim: shape.headDim)
        shape.rotary = rotary
        let layers = try (0..<read.int(.nLayers)).map { layer in
            let prefix = "blk.\(layer)"
            return ResidualBlock(
                mixer: .init(
                    norm: try .layer(loader, "\(prefix).attn_norm", count: dModel, epsilon: epsilon),
                    content: .attention(try Attention(loader, prefix: prefix, dModel: dModel, shape: shape))),
                feedForward: .init(
                    norm: try .layer(loader, "\(prefix).ffn_norm", count: dModel, epsilon: epsilon),
                    content: .plain(
                        try MLP(
                            loader, prefix: prefix, dModel: dModel, dFeedForward: dFeedForward,
                            activation: .gelu))),
                isParallel: isParallel)
        }
        let embedding = try Embedding(
            loader, dModel: dModel, outputNorm: .layer(loader, "output_norm", count: dModel, epsilon: epsilon))
        trainedContext = try read.optionalInt(.trainedContext)
        stack = ResidualStack(embedding: embedding, layers: layers, rotaries: [rotary])
    }
}

extension GPTNeoX: HuggingFaceArchitecture {
    static let modelTypes = ["gpt_neox"]

    static func translate(_ checkpoint: inout CheckpointTranslator) throws {
        let config = checkpoint.config
        try config.check("hidden_act", isOneOf: ["gelu"])
        let dModel = try checkpoint.setInt(.dModel, from: "hidden_size")
        try checkpoint.setInt(.nLayers, from: "num_hidden_layers")
        let nHeads = try checkpoint.setInt(.nHeads, from: "num_attention_heads")
        try checkpoint.setInt(.dFeedForward, from: "intermediate_size")
        try checkpoint.setInt(.trainedContext, from: "max_position_embeddings", default: 2048)
        try checkpoint.setFloat(.layerNormEpsilon, from: "layer_norm_eps", default: 1e-5)
        checkpoint.set(.isParallel, .bool(try config.bool("use_parallel_residual") ?? true))
        guard nHeads > 0, dModel % nHeads == 0 else {
            throw config.wrong("num_attention_heads", expected: "a number that divides hidden_size, \(dModel)")
        }
        try checkpoint.translateRope(headDim: dModel / nHeads, defaultFraction: 0.25)
        try checkpoint.translateEmbedding(
            "gpt_neox.embed_in.weight", outputNorm: "gpt_neox.final_layer_norm.weight", head: "embed_out.weight",
            tiedByDefault: false)
        try checkpoint.rename("gpt_neox.final_layer_norm.bias", to: "output_norm.bias")
        let layer = "gpt_neox.layers.{n}"
        for (source, target) in [
            ("input_layernorm", "attn_norm"), ("post_attention_layernorm", "ffn_norm"),
            ("attention.dense", "attn_output"), ("mlp.dense_h_to_4h", "ffn_up"), ("mlp.dense_4h_to_h", "ffn_down"),
        ] {
            for part in ["weight", "bias"] {
                try checkpoint.rename("\(layer).\(source).\(part)", to: "blk.{n}.\(target).\(part)")
            }
        }
        let rows = separatedRows(heads: nHeads, headDim: dModel / nHeads)
        for part in ["weight", "bias"] {
            try checkpoint.rename(
                "\(layer).attention.query_key_value.\(part)", to: "blk.{n}.attn_qkv.\(part)"
            ) { try $0.picking(rows: rows) }
        }
        checkpoint.drop(
            "\(layer).attention.bias", "\(layer).attention.masked_bias", "\(layer).attention.rotary_emb.inv_freq")
    }

    /// The checkpoint's rows in GGUF's order: it has query, key and value of each head together.
    private static func separatedRows(heads: Int, headDim: Int) -> [Int] {
        (0..<3).flatMap { part in
            (0..<heads).flatMap { head in (0..<headDim).map { (head * 3 + part) * headDim + $0 } }
        }
    }
}
