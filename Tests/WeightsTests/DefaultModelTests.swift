import Foundation
import Testing
import Weights

@Suite struct DefaultModelTests {
    private static func path(shard: Int) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/DefaultModel/SmolMamba2-158M-Instruct-Q4_0-0000\(shard)-of-00002.gguf").path
    }

    @Test(arguments: [1, 2]) func theShippedModelOpens(shard: Int) throws {
        let file = try WeightFile.open(DefaultModelTests.path(shard: shard))
        #expect(file.tensors.count == 392)
        #expect(file.metadata.string("general.architecture") == "granitehybrid")
        #expect(file.metadata.int("granitehybrid.block_count") == 30)
        #expect(file.metadata.ints("granitehybrid.attention.head_count_kv") == [Int](repeating: 0, count: 30))
        #expect(file.metadata.double("granitehybrid.attention.layer_norm_rms_epsilon").map { Float($0) } == 1e-5)
        #expect(file.metadata.bool("tokenizer.ggml.add_bos_token") == false)
        #expect(file.metadata.strings("tokenizer.ggml.tokens")?.count == 49152)
        #expect(file.metadata.strings("tokenizer.ggml.merges")?.count == 48900)
        #expect(try file.requireTensor("token_embd.weight", shape: [49152, 576]).type == .q5_1)
        #expect(try file.requireTensor("blk.29.ssm_in.weight", shape: [2313, 576]).type == .q4_0)
        #expect(try file.requireTensor("blk.29.ssm_norm.weight", shape: [9, 64]).type == .f32)
        #expect(!file.hasTensor("output.weight"))
        let norm = try file.requireTensor("output_norm.weight", shape: [576])
        #expect(floats(norm).allSatisfy { $0.isFinite && abs($0) < 1000 })
        let stored = file.tensors.reduce(0) { $0 + $1.byteCount }
        #expect(stored < file.byteCount && stored > file.byteCount * 9 / 10)
    }
}
