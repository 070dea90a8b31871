import TestSupport
import Testing
import Weights

@Suite struct GGUFSplitTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func writeShards(_ shards: [[UInt8]]) throws -> [String] {
        try shards.enumerated().map { number, bytes in
            try directory.write(bytes, "model-0000\(number + 1)-of-0000\(shards.count).gguf")
        }
    }

    @Test func anyShardOpensTheWholeModel() throws {
        let shards = smallModel().buildShards(3)
        for path in try writeShards(shards) {
            let file = try WeightFile.open(path)
            #expect(file.tensors.map { $0.name } == smallModel().tensors.map { $0.name })
            #expect(file.metadata.string("general.architecture") == "granitehybrid")
            #expect(file.byteCount == shards.reduce(0) { $0 + $1.count })
            #expect(file.name == "model-00001-of-00003.gguf")
            let norm = try file.tensor("blk.0.attn_norm.weight")
            #expect(floats(norm) == [1, 2, 3, 4, 5])
            #expect(norm.fileName == "model-00002-of-00003.gguf")
        }
    }

    @Test func aModelInOneShardNeedsNoNumber() throws {
        let file = try WeightFile.open(try directory.write(smallModel().buildShards(1)[0], "renamed.gguf"))
        #expect(file.tensors.count == 3)
    }

    @Test func aMissingShardIsNamed() throws {
        let paths = try writeShards(smallModel().buildShards(3))
        try directory.remove("model-00002-of-00003.gguf")
        for path in [paths[0], paths[2]] {
            let error = #expect(throws: WeightError.self) { try WeightFile.open(path) }
            #expect(error?.code == .notFound)
            #expect(error?.message.contains("shard 2 was looked for at \(paths[1]) and is not there") == true)
        }
    }

    @Test func aRenamedShardSaysWhatItShouldBeCalled() throws {
        let error = #expect(throws: WeightError.self) {
            try WeightFile.open(try directory.write(smallModel().buildShards(3)[1], "part.gguf"))
        }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("should end in -00002-of-00003.gguf") == true)
    }

    @Test func shardsOfDifferentModelsAreRefused() throws {
        var other = smallModel()
        other.add("extra", shape: [1], floats: [1])
        let shards = smallModel().buildShards(2)
        let paths = try writeShards([shards[0], other.buildShards(2)[1]])
        let error = #expect(throws: WeightError.self) { try WeightFile.open(paths[0]) }
        #expect(error?.code == .damaged)
        _ = try writeShards([shards[0], shards[0]])
        let swapped = #expect(throws: WeightError.self) { try WeightFile.open(paths[0]) }
        #expect(swapped?.message.contains("should be shard 2 of 2, but says it is shard 1 of 2") == true)
        _ = try writeShards([shards[0], smallModel().build()])
        let plain = #expect(throws: WeightError.self) { try WeightFile.open(paths[0]) }
        #expect(plain?.message.contains("does not say which shard it is") == true)
    }

    @Test func aTensorInTwoShardsIsRefused() throws {
        let shards = smallModel().buildShards(2)
        var second = GGUFBuilder()
        second.add("split.no", .uint16(1))
        second.add("split.count", .uint16(2))
        second.add("token_embd.weight", shape: [1], floats: [1])
        let paths = try writeShards([shards[0], second.build()])
        var first = smallModel()
        first.add("split.no", .uint16(0))
        first.add("split.count", .uint16(2))
        _ = try directory.write(first.build(), "model-00001-of-00002.gguf")
        let error = #expect(throws: WeightError.self) { try WeightFile.open(paths[0]) }
        #expect(error?.message.contains("token_embd.weight in model-00002-of-00002.gguf is there twice") == true)
    }

    @Test func shardNumbersHaveToMakeSense() throws {
        for (number, count) in [(2, 2), (-1, 2), (0, -5), (0, 70_000)] {
            var builder = smallModel()
            builder.add("split.no", .int32(Int32(number)))
            builder.add("split.count", .int32(Int32(count)))
            let error = #expect(throws: WeightError.self) { try WeightFile.open(try directory.write(builder.build())) }
            #expect(error?.code == .damaged)
        }
    }
}
