/// A whole Hugging Face checkpoint of a Mamba model in a few kilobytes, with made-up weights: to be damaged.
package enum TinyCheckpoint {
    /// What `config.json` says, as JSON.
    package static let settings: [(key: String, value: String)] = [
        ("model_type", #""mamba""#), ("hidden_size", "8"), ("num_hidden_layers", "2"), ("intermediate_size", "16"),
        ("state_size", "4"), ("conv_kernel", "3"), ("time_step_rank", "2"), ("vocab_size", "24"),
        ("layer_norm_epsilon", "1e-05"), ("hidden_act", #""silu""#), ("use_bias", "false"), ("use_conv_bias", "true"),
        ("tie_word_embeddings", "true"), ("bos_token_id", "0"), ("eos_token_id", "1"),
    ]

    /// `config.json` with `settings`.
    package static func config(_ settings: [(key: String, value: String)] = settings) -> [UInt8] {
        Array("{\(settings.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ",\n"))}".utf8)
    }

    /// The tensors, shard after shard: `count` files.
    package static func shards(_ count: Int = 1) -> [SafetensorsBuilder] {
        var random = SeededGenerator(seed: 2)
        var all = SafetensorsBuilder()
        func add(_ name: String, _ shape: [Int]) {
            all.add(name, shape: shape, floats: (0..<shape.reduce(1, *)).map { _ in random.nextWeight() })
        }
        add("backbone.embeddings.weight", [24, 8])
        for layer in 0..<2 {
            add("backbone.layers.\(layer).norm.weight", [8])
            for (name, shape) in [
                ("A_log", [16, 4]), ("D", [16]), ("conv1d.weight", [16, 1, 3]), ("conv1d.bias", [16]),
                ("in_proj.weight", [32, 8]), ("x_proj.weight", [10, 16]), ("dt_proj.weight", [16, 2]),
                ("dt_proj.bias", [16]), ("out_proj.weight", [8, 16]),
            ] {
                add("backbone.layers.\(layer).mixer.\(name)", shape)
            }
        }
        add("backbone.norm_f.weight", [8])
        let share = (all.tensors.count + count - 1) / count
        return (0..<count).map { number in
            var shard = SafetensorsBuilder()
            shard.tensors = Array(all.tensors.dropFirst(number * share).prefix(share))
            return shard
        }
    }

    /// The name of a shard's file.
    package static func shardName(_ number: Int, of count: Int) -> String {
        count == 1 ? "model.safetensors" : "model-0000\(number + 1)-of-0000\(count).safetensors"
    }

    /// `model.safetensors.index.json` of the checkpoint in `count` files.
    package static func index(_ count: Int) -> String {
        let entries = shards(count).enumerated().flatMap { number, shard in
            shard.tensors.map { #""\#($0.name)": "\#(shardName(number, of: count))""# }
        }
        return #"{"metadata": {"total_size": 1}, "weight_map": {\#(entries.joined(separator: ", "))}}"#
    }
}
