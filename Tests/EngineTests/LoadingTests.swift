import Engine
import TestSupport
import Testing
import Weights

/// A file that is well-formed but not a model that we can run says what is wrong and where.
@Suite struct LoadingTests {
    /// The error that loading a changed tiny model gives.
    private func failure(_ change: (inout TinyModel) -> Void) -> String {
        var tiny = TinyModel()
        change(&tiny)
        do {
            _ = try tiny.load()
            return "it loaded"
        } catch {
            return String(describing: error)
        }
    }

    @Test func theTinyModelRuns() throws {
        var runner = ModelRunner(try TinyModel().load())
        try runner.feed([1, 2, 3, 39])
        #expect(runner.logits.count == 40)
        #expect(runner.logits.allSatisfy { $0.isFinite })
        #expect(runner.state.position == 4)
    }

    @Test func anUnknownFamilyIsNamed() {
        let message = failure { $0.set("general.architecture", .string("dinosaur")) }
        #expect(message.contains("dinosaur") && message.contains("tiny.gguf") && message.contains("granitehybrid"))
    }

    @Test(arguments: [
        "embedding_length", "block_count", "feed_forward_length", "attention.head_count", "ssm.state_size",
    ])
    func aMissingHyperparameterIsNamed(key: String) {
        let message = failure { $0.set("granitehybrid.\(key)", nil) }
        #expect(message.contains("granitehybrid.\(key)") && message.contains("tiny.gguf"))
    }

    @Test(arguments: [
        ("ssm.time_step_rank", GGUFBuilder.Value.uint32(0)), ("ssm.time_step_rank", .uint32(5)),
        ("ssm.group_count", .uint32(0)), ("ssm.conv_kernel", .uint32(1)), ("ssm.conv_kernel", .uint32(4_000_000)),
        ("attention.head_count", .uint32(0)), ("attention.head_count_kv", .array([.int32(0)])),
        ("attention.head_count_kv", .array([.int32(0), .int32(-1)])),
        ("logit_scale", .float32(0)), ("logit_scale", .float32(.nan)), ("embedding_scale", .string("much")),
        ("block_count", .uint32(3_000_000_000)), ("vocab_size", .uint32(41)),
    ])
    func anImpossibleHyperparameterIsNamed(key: String, value: GGUFBuilder.Value) {
        let message = failure { $0.set("granitehybrid.\(key)", value) }
        #expect(message.contains("granitehybrid.\(key)"), "\(message)")
    }

    @Test func aWrongShapeNamesTensorFoundAndExpected() {
        let message = failure { $0.reshape("blk.0.ssm_conv1d.weight", [40, 4]) }
        #expect(message.contains("blk.0.ssm_conv1d.weight"))
        #expect(message.contains("[40, 4]") && message.contains("[48, 4]"))
    }

    @Test func aMissingTensorIsNamed() {
        let message = failure { tiny in tiny.builder.tensors.removeAll { $0.name == "blk.1.attn_v.weight" } }
        #expect(message.contains("blk.1.attn_v.weight") && message.contains("tiny.gguf"))
    }

    @Test func aTensorThatNobodyUsesIsRefused() {
        let message = failure { $0.builder.add("blk.0.surprise.weight", shape: [2], floats: [1, 2]) }
        #expect(message.contains("blk.0.surprise.weight"))
    }

    @Test func aTypeThatCannotBeRunIsNamed() {
        let message = failure { tiny in
            tiny.builder.tensors.removeAll { $0.name == "blk.0.ssm_d" }
            // Two elements of F64.
            tiny.builder.add("blk.0.ssm_d", shape: [2, 1], type: 28, data: Array(repeating: 0, count: 16))
        }
        #expect(message.contains("blk.0.ssm_d") && message.contains("F64") && message.contains("Q4_0"))
    }

    @Test func aGrowingStateIsRefused() {
        let message = failure { tiny in
            tiny.builder.tensors.removeAll { $0.name == "blk.0.ssm_a" }
            tiny.builder.add("blk.0.ssm_a", shape: [2, 1], floats: [-1, 0.5])
        }
        #expect(message.contains("blk.0.ssm_a"))
    }
}
