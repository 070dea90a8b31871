import JSON
import Weights

/// What the hybrids' checkpoints have in common.
extension CheckpointTranslator {
    /// Sets the sizes of Mamba-2 mixers under the names that Granite, Bamba and Falcon-H1 use.
    mutating func translateMamba2Sizes() throws {
        let dModel = try config.requireInt("hidden_size")
        let expanded = (try config.int("mamba_expand") ?? 2) * dModel
        let dInner = try setInt(.dInner, from: "mamba_d_ssm", default: expanded)
        try setInt(.dState, from: "mamba_d_state")
        try setInt(.dConv, from: "mamba_d_conv", default: 4)
        try setInt(.nGroups, from: "mamba_n_groups", default: 1)
        let nHeads = try setInt(.timeStepRank, from: "mamba_n_heads")
        let isAutomatic = config.value(["mamba_d_head"])?.value.string == "auto"
        if !isAutomatic, let headDim = try config.int("mamba_d_head"), nHeads * headDim != dInner {
            throw config.wrong("mamba_d_head", expected: "\(dInner) / \(nHeads), the inner size by the heads")
        }
    }

    /// Sets the number and size of heads, and returns the size.
    @discardableResult
    mutating func translateAttentionSizes() throws -> Int {
        let dModel = try config.requireInt("hidden_size")
        let nHeads = try setInt(.nHeads, from: "num_attention_heads")
        guard nHeads > 0 else { throw config.wrong("num_attention_heads", expected: "a positive number") }
        let headDim = try setInt(.headDim, from: "head_dim", "attention_head_dim", default: dModel / nHeads)
        try setInt(.nKVHeads, from: "num_key_value_heads", default: nHeads)
        // Hugging Face leaves the rows as the reference has them.
        set(.ropePairOrder, .string(KeyOrder.halves.rawValue))
        return headDim
    }

    /// Gives key and value heads to the layers that have attention.
    mutating func setKVHeads(_ layerTypes: [String]) throws {
        let count = try config.int("num_key_value_heads") ?? config.requireInt("num_attention_heads")
        set(.nKVHeads, .integers(layerTypes.map { $0 == "full_attention" ? Int64(count) : 0 }), from: "layer types")
    }

    /// The type of each layer, in the words of `transformers` 5, whichever the configuration uses.
    ///
    /// - Parameter fallback: the type of a layer where the configuration has no list
    func layerTypes(_ spellings: [String], default fallback: (Int) -> String) throws -> [String] {
        guard let found = config.value(spellings) else { return (0..<nLayers).map(fallback) }
        let words = ["mamba": "linear_attention", "attention": "full_attention"]
        let types = found.value.array?.compactMap { $0.string } ?? []
        guard types.count == nLayers else {
            throw config.wrong(spellings, expected: "a list of one word for each of the \(nLayers) layers")
        }
        let known = ["linear_attention", "full_attention", "mlp", "moe", "hybrid"]
        return try types.map { type in
            let word = words[type] ?? type
            guard known.contains(word) else {
                throw config.wrong(
                    spellings, expected: "a list of " + (known + words.keys.sorted()).joined(separator: ", "))
            }
            return word
        }
    }

    /// Gives the family consecutive rows of each expert's matrix as tensors of their own.
    mutating func splitExperts(_ pattern: String, experts: Int, into parts: [(target: String, rows: Int)]) throws {
        let name = config.name
        var start = 0
        for part in parts {
            let rows = start..<(start + part.rows)
            try rename(pattern, to: part.target) { tensor in
                let width = parts.reduce(0) { $0 + $1.rows }
                guard tensor.shape.count == 3, tensor.shape[0] == experts, tensor.shape[1] == width else {
                    throw EngineError(
                        .wrongShape,
                        "\(tensor.name) in \(tensor.fileName) is \(tensor.shape); \(name) needs"
                            + " [\(experts), \(width), …]."
                            + " The checkpoint is damaged or its files don't belong together.")
                }
                return try Tensor.stacked(
                    (0..<experts).map { try tensor.slice($0).rows(rows) }, name: part.target)
            }
            start += part.rows
        }
    }

    /// Gives a linear map's outputs their multipliers: a value for some rows, then for others.
    ///
    /// Biases are multiplied with what `bias` says, since a reference may multiply inputs or outputs.
    mutating func scale(
        _ target: String, rows: [(count: Int, factor: Double)], bias: [(count: Int, factor: Double)]
    ) throws {
        func values(_ parts: [(count: Int, factor: Double)]) -> [Float] {
            parts.flatMap { [Float](repeating: Float($0.factor), count: $0.count) }
        }
        let total = rows.reduce(0) { $0 + $1.count }
        for layer in 0..<nLayers {
            let name = target.replacing("{n}", with: String(layer))
            // What has another shape is refused when the family takes it.
            guard translated("\(name).weight")?.shape.first == total else { continue }
            if rows.contains(where: { $0.factor != 1 }) { add(values(rows), as: "\(name).scale", from: "multipliers") }
            if let given = translated("\(name).bias"), given.elementCount == total,
                bias.contains(where: { $0.factor != 1 })
            {
                let factors = values(bias)
                let type = try Kernels.WeightType(given)
                let scaled = Tensor(
                    name: given.name, shape: given.shape, sourceName: given.sourceName, fileName: given.fileName
                ) {
                    zip(Kernels.dequantize(given, type: type), factors).map { $0 * $1 }
                }
                replace(scaled, as: "\(name).bias")
            }
        }
    }
}
