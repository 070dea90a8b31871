import TestSupport
import Testing
import Weights

/// Returns a small model with every kind of value and some tensors.
func smallModel() -> GGUFBuilder {
    var builder = GGUFBuilder()
    builder.add("general.architecture", .string("granitehybrid"))
    builder.add("general.alignment", .uint32(32))
    builder.add("u8", .uint8(200))
    builder.add("i8", .int8(-3))
    builder.add("u16", .uint16(60000))
    builder.add("i16", .int16(-30000))
    builder.add("u32", .uint32(4_000_000_000))
    builder.add("i32", .int32(-7))
    builder.add("u64", .uint64(UInt64.max))
    builder.add("i64", .int64(-9_000_000_000))
    builder.add("f32", .float32(0.5))
    builder.add("f64", .float64(0.1))
    builder.add("yes", .bool(true))
    builder.add("words", .array([.string("a"), .string(""), .string("Ġé")]))
    builder.add("nothing", .array([]))
    builder.add("counts", .array([.uint32(1), .uint32(4_000_000_000)]))
    builder.add("signed", .array([.int8(-1), .int8(2)]))
    builder.add("large", .array([.uint64(1), .uint64(UInt64.max)]))
    builder.add("scores", .array([.float32(0.25), .float32(-1)]))
    builder.add("precise", .array([.float64(0.1)]))
    builder.add("flags", .array([.bool(true), .bool(false)]))
    builder.add("nested", .array([.array([.int32(1)]), .array([.string("x")])]))
    builder.add("token_embd.weight", shape: [3, 2], floats: [1, 2, 3, 4, 5, 6])
    builder.add("blk.0.attn_norm.weight", shape: [5], floats: [1, 2, 3, 4, 5])
    builder.add("blk.0.ssm_in.weight", shape: [2, 32], type: 2, data: [UInt8](repeating: 7, count: 36))
    return builder
}

@Suite struct GGUFTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func droppedPagesAreReadAgain() throws {
        let file = try WeightFile.open(try directory.write(smallModel().build()))
        for tensor in file.tensors {
            let before = tensor.withBytes { Array($0) }
            tensor.dropPages()
            #expect(tensor.withBytes { Array($0) } == before)
        }
    }

    @Test(arguments: [2, 3] as [UInt32]) func everyValueIsRead(version: UInt32) throws {
        var builder = smallModel()
        builder.version = version
        let file = try WeightFile.open(try directory.write(builder.build()))
        let metadata = file.metadata
        #expect(metadata.keys == builder.pairs.map { $0.key })
        #expect(metadata["general.architecture"] == .string("granitehybrid"))
        #expect(metadata.string("general.architecture") == "granitehybrid")
        let integers = ["u8": 200, "i8": -3, "u16": 60000, "i16": -30000, "u32": 4_000_000_000, "i32": -7]
        for (key, value) in integers { #expect(metadata.int(key) == value) }
        #expect(metadata.int("i64") == -9_000_000_000)
        #expect(metadata["u64"] == .unsigned(UInt64.max))
        #expect(metadata.int("u64") == nil)
        #expect(metadata.double("f32") == 0.5)
        #expect(metadata.double("f64") == 0.1)
        #expect(metadata.bool("yes") == true)
        #expect(metadata.strings("words") == ["a", "", "Ġé"])
        #expect(metadata.strings("nothing") == [])
        #expect(metadata.ints("counts") == [1, 4_000_000_000])
        #expect(metadata.ints("signed") == [-1, 2])
        #expect(metadata["large"] == .array([.integer(1), .unsigned(UInt64.max)]))
        #expect(metadata.doubles("scores") == [0.25, -1])
        #expect(metadata.doubles("precise") == [0.1])
        #expect(metadata.bools("flags") == [true, false])
        #expect(metadata["nested"] == .array([.integers([1]), .strings(["x"])]))
    }

    @Test func valuesAreNotConvertedBetweenKinds() throws {
        let metadata = try WeightFile.open(try directory.write(smallModel().build())).metadata
        #expect(metadata.ints("u8") == nil)
        #expect(metadata.int("counts") == nil)
        #expect(metadata.int("f32") == nil)
        #expect(metadata.string("u8") == nil)
        #expect(metadata.double("u8") == nil)
        let wrong = #expect(throws: WeightError.self) { try metadata.requireInts("u8") }
        #expect(wrong?.code == .wrongType)
        #expect(
            wrong?.description
                == "u8 in model.gguf is an integer; it should be an array of integers."
                + " The file is damaged or was converted by a tool that writes it differently.")
        let missing = #expect(throws: WeightError.self) { try metadata.requireDouble("granitehybrid.scale") }
        #expect(missing?.code == .missingKey)
        #expect(
            missing?.description.hasPrefix(
                "model.gguf has no granitehybrid.scale in its metadata; it should be a float.")
                == true)
        #expect(try metadata.requireString("general.architecture") == "granitehybrid")
        #expect(try metadata.requireBool("yes"))
        #expect(try metadata.requireInt("u8") == 200)
        #expect(try metadata.requireStrings("words").count == 3)
        #expect(try metadata.requireDoubles("scores") == [0.25, -1])
        #expect(try metadata.requireBools("flags") == [true, false])
    }

    @Test func tensorsAreFoundByNameAndShape() throws {
        let bytes = smallModel().build()
        let file = try WeightFile.open(try directory.write(bytes))
        #expect(file.byteCount == bytes.count)
        #expect(file.name == "model.gguf")
        #expect(file.tensors.map { $0.name } == smallModel().tensors.map { $0.name })
        let embedding = try file.requireTensor("token_embd.weight", shape: [3, 2])
        #expect(embedding.type == .f32)
        #expect(embedding.elementCount == 6)
        #expect(embedding.byteCount == 24)
        #expect(floats(embedding) == [1, 2, 3, 4, 5, 6])
        let matrix = try file.tensor("blk.0.ssm_in.weight")
        #expect(matrix.shape == [2, 32])
        #expect(matrix.type == .q4_0)
        #expect(matrix.withBytes { Array($0) } == [UInt8](repeating: 7, count: 36))
        #expect(file.hasTensor("blk.0.attn_norm.weight"))
        #expect(!file.hasTensor("blk.1.attn_norm.weight"))

        let missing = #expect(throws: WeightError.self) { try file.tensor("blk.1.attn_norm.weight") }
        #expect(missing?.code == .missingTensor)
        #expect(
            missing?.message.hasPrefix(
                "model.gguf has no tensor blk.1.attn_norm.weight among its 3. Similar names: blk.0.attn_norm.weight")
                == true)
        let wrong = #expect(throws: WeightError.self) {
            try file.requireTensor("blk.0.ssm_in.weight", shape: [4, 32])
        }
        #expect(wrong?.code == .wrongShape)
        #expect(
            wrong?.message.hasPrefix("blk.0.ssm_in.weight in model.gguf is [2, 32]; the file's metadata need [4, 32].")
                == true)
    }

    @Test(arguments: [8, 16, 64, 4096]) func everyAlignmentIsHonoured(alignment: Int) throws {
        var builder = GGUFBuilder()
        builder.alignment = alignment
        builder.add("general.alignment", .uint32(UInt32(alignment)))
        builder.add("a", shape: [1], floats: [1])
        builder.add("b", shape: [3], floats: [2, 3, 4])
        let file = try WeightFile.open(try directory.write(builder.build()))
        #expect(floats(try file.tensor("a")) == [1])
        #expect(floats(try file.tensor("b")) == [2, 3, 4])
    }

    @Test func aFileMayHoldNoTensors() throws {
        var builder = GGUFBuilder()
        builder.add("tokenizer.ggml.model", .string("gpt2"))
        let file = try WeightFile.open(try directory.write(builder.build()))
        #expect(file.tensors.isEmpty)
        #expect(file.metadata.keys == ["tokenizer.ggml.model"])
    }

    @Test func everyElementTypeHasItsBlock() throws {
        for type in ElementType.allCases {
            var builder = GGUFBuilder()
            builder.add(
                "w", shape: [3, type.blockElements * 2], type: type.rawValue,
                data: [UInt8](repeating: 1, count: type.blockBytes * 6))
            let tensor = try WeightFile.open(try directory.write(builder.build())).tensor("w")
            #expect(tensor.type == type)
            #expect(tensor.byteCount == type.blockBytes * 6)
            #expect(tensor.elementCount == type.blockElements * 6)
        }
        #expect(ElementType.q4_K.byteCount(ofElements: 257) == nil)
        #expect(ElementType.f32.byteCount(ofElements: Int.max) == nil)
        #expect(Set(ElementType.allCases.map { $0.name }).count == ElementType.allCases.count)
    }

    @Test func aVocabularyOfManyTokensIsRead() throws {
        let words = (0..<50_000).map { "token\($0)" }
        var builder = GGUFBuilder()
        builder.add("tokenizer.ggml.tokens", .array(words.map { .string($0) }))
        builder.add("tokenizer.ggml.token_type", .array(words.map { _ in .int32(1) }))
        let file = try WeightFile.open(try directory.write(builder.build()))
        #expect(file.metadata.strings("tokenizer.ggml.tokens") == words)
        #expect(file.metadata.ints("tokenizer.ggml.token_type")?.count == words.count)
    }
}

/// Returns the elements of a float32 tensor.
func floats(_ tensor: Tensor) -> [Float] {
    tensor.withBytes { bytes in
        (0..<tensor.elementCount).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
}
