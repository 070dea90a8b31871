/// Whole models in a few kilobytes, with made-up weights, a vocabulary and a template: to be damaged.
package enum TinyGGUF {
    /// How matrices are stored: ggml's number of the type, elements and bytes of a block.
    package enum MatrixType: Sendable, CaseIterable {
        case f32, f16, bf16, q4_0, q8_0

        fileprivate var layout: (number: UInt32, elements: Int, bytes: Int) {
            switch self {
            case .f32: (0, 1, 4)
            case .f16: (1, 1, 2)
            case .bf16: (30, 1, 2)
            case .q4_0: (2, 32, 18)
            case .q8_0: (8, 32, 34)
            }
        }
    }

    /// The families that can be built.
    package enum Family: String, Sendable, CaseIterable {
        case granitehybrid, llama, mamba, mamba2
    }

    /// Tokens of the vocabulary.
    package static let vocabSize = 24

    /// Returns a model of `family` that can be loaded and run.
    package static func model(_ family: Family, _ type: MatrixType = .f32) -> GGUFBuilder {
        var model = Model(family, type)
        model.addHyperparameters()
        model.addText()
        model.addTensors()
        return model.builder
    }

    private struct Model {
        var builder = GGUFBuilder()
        private let family: Family
        private let type: MatrixType
        private let width: Int
        private var random = SeededGenerator(seed: 1)

        private let nHeads = 2
        private let dState = 4
        private let dConv = 3
        private let rank = 2

        init(_ family: Family, _ type: MatrixType) {
            self.family = family
            self.type = type
            width = max(8, type.layout.elements)
        }

        private var hasScan: Bool { family != .llama }
        private var hasAttention: Bool { family == .llama || family == .granitehybrid }
        private var channels: Int { width + 2 * dState }

        mutating func addHyperparameters() {
            builder.add("general.architecture", .string(family.rawValue))
            builder.add("general.name", .string("Tiny"))
            var sizes = [("embedding_length", width), ("block_count", 2), ("context_length", 64)]
            sizes += [("vocab_size", TinyGGUF.vocabSize)]
            if hasAttention {
                sizes += [("feed_forward_length", width), ("attention.head_count", nHeads)]
            }
            if family == .llama { sizes += [("attention.head_count_kv", 1)] }
            if hasScan {
                sizes += [("ssm.inner_size", width), ("ssm.state_size", dState), ("ssm.conv_kernel", dConv)]
                sizes += [("ssm.time_step_rank", rank), ("ssm.group_count", 1)]
            }
            for (key, value) in sizes { builder.add("\(family.rawValue).\(key)", .uint32(UInt32(value))) }
            builder.add("\(family.rawValue).attention.layer_norm_rms_epsilon", .float32(1e-5))
            if family == .granitehybrid {
                builder.add("granitehybrid.attention.head_count_kv", .array([.int32(0), .int32(1)]))
            }
        }

        /// A byte-level vocabulary: two control tokens, letters, and what their merges make.
        mutating func addText() {
            let words = ["<|a|>", "<|b|>"] + "abcdefghijklmnopqrs".map { String($0) } + ["ab", "cd", "abcd"]
            builder.add("tokenizer.ggml.model", .string("gpt2"))
            builder.add("tokenizer.ggml.pre", .string("gpt-2"))
            builder.add("tokenizer.ggml.tokens", .array(words.map { .string($0) }))
            builder.add("tokenizer.ggml.token_type", .array(words.indices.map { .int32($0 < 2 ? 3 : 1) }))
            builder.add("tokenizer.ggml.merges", .array([.string("a b"), .string("c d"), .string("ab cd")]))
            builder.add("tokenizer.ggml.bos_token_id", .uint32(0))
            builder.add("tokenizer.ggml.eos_token_id", .uint32(1))
            builder.add(
                "tokenizer.chat_template",
                .string("{% for m in messages %}<|a|>{{ m.role }} {{ m.content }}<|b|>{% endfor %}<|a|>"))
        }

        mutating func addTensors() {
            matrix("token_embd", TinyGGUF.vocabSize, width)
            vector("output_norm.weight", [width])
            for layer in 0..<2 {
                let prefix = "blk.\(layer)"
                vector("\(prefix).attn_norm.weight", [width])
                switch family {
                case .llama: attention(prefix)
                case .mamba: mamba(prefix)
                case .mamba2: mamba2(prefix)
                case .granitehybrid: if layer == 0 { mamba2(prefix) } else { attention(prefix) }
                }
                guard hasAttention else { continue }
                vector("\(prefix).ffn_norm.weight", [width])
                for name in ["gate", "up", "down"] { matrix("\(prefix).ffn_\(name)", width, width) }
            }
        }

        private mutating func attention(_ prefix: String) {
            for name in ["q", "output"] { matrix("\(prefix).attn_\(name)", width, width) }
            for name in ["k", "v"] { matrix("\(prefix).attn_\(name)", width / nHeads, width) }
        }

        private mutating func mamba2(_ prefix: String) {
            matrix("\(prefix).ssm_in", width + channels + rank, width)
            matrix("\(prefix).ssm_out", width, width)
            vector("\(prefix).ssm_conv1d.weight", [channels, dConv])
            vector("\(prefix).ssm_conv1d.bias", [channels])
            vector("\(prefix).ssm_norm.weight", [1, width])
            vector("\(prefix).ssm_dt.bias", [rank])
            vector("\(prefix).ssm_d", [rank, 1])
            builder.add("\(prefix).ssm_a", shape: [rank, 1], floats: Array(repeating: -1, count: rank))
        }

        private mutating func mamba(_ prefix: String) {
            matrix("\(prefix).ssm_in", 2 * width, width)
            matrix("\(prefix).ssm_out", width, width)
            matrix("\(prefix).ssm_x", rank + 2 * dState, width)
            vector("\(prefix).ssm_dt.weight", [width, rank])
            vector("\(prefix).ssm_dt.bias", [width])
            vector("\(prefix).ssm_conv1d.weight", [width, dConv])
            vector("\(prefix).ssm_conv1d.bias", [width])
            vector("\(prefix).ssm_d", [width])
            builder.add(
                "\(prefix).ssm_a", shape: [width, dState], floats: Array(repeating: -1, count: width * dState))
        }

        private mutating func vector(_ name: String, _ shape: [Int]) {
            builder.add(name, shape: shape, floats: (0..<shape.reduce(1, *)).map { _ in random.nextWeight() })
        }

        /// A matrix `NAME.weight`; scales of blocks are 1/64, so that no value is large.
        private mutating func matrix(_ name: String, _ rows: Int, _ columns: Int) {
            let (number, elements, bytes) = type.layout
            guard elements > 1 || bytes == 2 else { return vector("\(name).weight", [rows, columns]) }
            var data: [UInt8] = []
            for _ in 0..<rows * columns / elements {
                // 1/64 as float16 is 0x2400; as one bfloat16 element it is 2⁻⁵⁵, which is fine too.
                data += [UInt8(truncatingIfNeeded: random.next()) & (elements > 1 ? 0 : 0xff), 0x24]
                data += (2..<bytes).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            }
            builder.add("\(name).weight", shape: [rows, columns], type: number, data: data)
        }
    }
}
