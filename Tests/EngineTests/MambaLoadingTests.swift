import Engine
import TestSupport
import Testing
import Weights

/// Damaged Mamba-1 and Mamba-2 files say what is wrong and where.
@Suite struct MambaLoadingTests {
    /// A file of one Mamba-1 layer.
    private static func mamba() -> GGUFBuilder {
        file(
            "mamba",
            [("ssm.inner_size", 24), ("ssm.state_size", 6), ("ssm.conv_kernel", 3), ("ssm.time_step_rank", 2)],
            tensors: [
                ("ssm_in.weight", [48, 16]), ("ssm_conv1d.weight", [24, 3]), ("ssm_conv1d.bias", [24]),
                ("ssm_x.weight", [14, 24]), ("ssm_dt.weight", [24, 2]), ("ssm_dt.bias", [24]), ("ssm_a", [24, 6]),
                ("ssm_d", [24]), ("ssm_out.weight", [16, 24]),
            ])
    }

    /// A file of one Mamba-2 layer.
    private static func mamba2() -> GGUFBuilder {
        file(
            "mamba2",
            [
                ("ssm.inner_size", 24), ("ssm.state_size", 6), ("ssm.conv_kernel", 3), ("ssm.time_step_rank", 3),
                ("ssm.group_count", 1),
            ],
            tensors: [
                ("ssm_in.weight", [63, 16]), ("ssm_conv1d.weight", [36, 3]), ("ssm_conv1d.bias", [36]),
                ("ssm_norm.weight", [1, 24]), ("ssm_dt.bias", [3]), ("ssm_a", [3, 1]), ("ssm_d", [3, 1]),
                ("ssm_out.weight", [16, 24]),
            ])
    }

    private static func file(
        _ family: String, _ sizes: [(String, UInt32)], tensors: [(String, [Int])]
    ) -> GGUFBuilder {
        var builder = GGUFBuilder()
        builder.add("general.architecture", .string(family))
        for (key, value) in [("embedding_length", 16), ("block_count", 1), ("context_length", 1 << 20)] + sizes {
            builder.add("\(family).\(key)", .uint32(value))
        }
        let outside = [("token_embd.weight", [40, 16]), ("output_norm.weight", [16])]
        let layer = (tensors + [("attn_norm.weight", [16])]).map { ("blk.0.\($0.0)", $0.1) }
        for (name, shape) in outside + layer {
            // Negative, as A has to be.
            builder.add(name, shape: shape, floats: (0..<shape.reduce(1, *)).map { -0.1 - Float($0 % 7) / 20 })
        }
        return builder
    }

    private static func load(_ builder: GGUFBuilder) throws -> Model {
        let directory = try TemporaryDirectory()
        let path = try directory.write(builder.build(), "tiny.gguf")
        return try Model(WeightFile.open(path), precision: .fast, pool: WorkerPool(workers: 1))
    }

    /// The error that loading a changed file gives.
    private func failure(_ family: String, _ change: (inout GGUFBuilder) -> Void) -> String {
        var builder = family == "mamba" ? Self.mamba() : Self.mamba2()
        change(&builder)
        do {
            _ = try Self.load(builder)
            return "it loaded"
        } catch {
            return String(describing: error)
        }
    }

    @Test(arguments: ["mamba", "mamba2"])
    func oddSizesRunAndTheConvertersPlaceholderIsNoTrainedContext(family: String) throws {
        let model = try Self.load(family == "mamba" ? Self.mamba() : Self.mamba2())
        var runner = ModelRunner(model)
        try runner.feed([1, 2, 39])
        #expect(runner.logits.count == 40 && runner.logits.allSatisfy { $0.isFinite })
        #expect(model.architecture.trainedContext == nil)
    }

    @Test(arguments: ["mamba", "mamba2"])
    func aStatedTrainedContextIsKept(family: String) throws {
        var builder = family == "mamba" ? Self.mamba() : Self.mamba2()
        builder.pairs.removeAll { $0.key == "\(family).context_length" }
        builder.add("\(family).context_length", .uint32(2048))
        #expect(try Self.load(builder).architecture.trainedContext == 2048)
    }

    @Test(
        arguments: [
            ("mamba", "ssm.inner_size", 0), ("mamba", "ssm.state_size", 0), ("mamba", "ssm.time_step_rank", 0),
            ("mamba", "ssm.conv_kernel", 1), ("mamba", "ssm.conv_kernel", 4_000_000), ("mamba2", "ssm.inner_size", 0),
            ("mamba2", "ssm.time_step_rank", 5), ("mamba2", "ssm.group_count", 2),
        ] as [(String, String, UInt32)])
    func anImpossibleSizeIsNamed(family: String, key: String, value: UInt32) {
        let message = failure(family) { builder in
            builder.pairs.removeAll { $0.key == "\(family).\(key)" }
            builder.add("\(family).\(key)", .uint32(value))
        }
        // A size that other sizes depend on may be named by one of those.
        #expect(message.contains("\(family).ssm.") && message.contains("tiny.gguf"), "\(message)")
    }

    @Test(arguments: ["ssm.inner_size", "ssm.state_size", "ssm.time_step_rank", "ssm.conv_kernel"])
    func aMissingSizeIsNamed(key: String) {
        let message = failure("mamba") { $0.pairs.removeAll { $0.key == "mamba.\(key)" } }
        #expect(message.contains("mamba.\(key)") && message.contains("tiny.gguf"), "\(message)")
    }

    @Test(arguments: ["ssm_x.weight", "ssm_dt.weight", "ssm_dt.bias", "ssm_a", "ssm_d", "attn_norm.weight"])
    func aMissingOrMisshapenTensorIsNamed(name: String) {
        let missing = failure("mamba") { $0.tensors.removeAll { $0.name == "blk.0.\(name)" } }
        #expect(missing.contains("blk.0.\(name)"), "\(missing)")
        let misshapen = failure("mamba") { builder in
            builder.tensors.removeAll { $0.name == "blk.0.\(name)" }
            builder.add("blk.0.\(name)", shape: [5, 3], floats: Array(repeating: -1, count: 15))
        }
        #expect(misshapen.contains("blk.0.\(name)") && misshapen.contains("[5, 3]"), "\(misshapen)")
    }

    @Test(arguments: [0, 0.5, Float.nan, -Float.infinity])
    func aGrowingStateIsRefused(value: Float) {
        let message = failure("mamba") { builder in
            builder.tensors.removeAll { $0.name == "blk.0.ssm_a" }
            var A = [Float](repeating: -1, count: 144)
            A[100] = value
            builder.add("blk.0.ssm_a", shape: [24, 6], floats: A)
        }
        #expect(message.contains("blk.0.ssm_a"), "\(message)")
    }
}
