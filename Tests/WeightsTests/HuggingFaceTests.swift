import Foundation
import JSON
import TestSupport
import Testing
import Weights

/// A checkpoint's files: whole, sharded, incomplete and damaged.
@Suite struct HuggingFaceTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static func small() -> SafetensorsBuilder {
        var builder = SafetensorsBuilder()
        builder.add("embedding.weight", shape: [3, 2], floats: [1, 2, 3, 4, 5, 6])
        builder.add("norm.weight", dtype: "BF16", shape: [3], data: [0x80, 0x3f, 0, 0x40, 0x40, 0x40])
        builder.add("half", dtype: "F16", shape: [1, 1], data: [0, 0x3c])
        builder.add("mask", dtype: "BOOL", shape: [2], data: [1, 0])
        builder.add("scalar", shape: [], floats: [7])
        builder.add("nothing", shape: [0, 4], floats: [])
        return builder
    }

    private var path: String { directory.url.path }

    private func failure(_ builder: SafetensorsBuilder) throws -> WeightError? {
        try builder.write(into: directory, config: "{}")
        return #expect(throws: WeightError.self) { try WeightFile.open(path) }
    }

    @Test(arguments: [1, 2, 3]) func anyOfItsFilesStandsForTheDirectory(shards: Int) throws {
        try Self.small().write(into: directory, config: #"{"model_type": "x", "limit": Infinity}"#, shards: shards)
        let weights = (1...shards).map { shards == 1 ? "model.safetensors" : "model-\($0)-of-\(shards).safetensors" }
        let index = shards == 1 ? [] : ["model.safetensors.index.json"]
        for name in ["", "config.json"] + weights + index {
            let file = try WeightFile.open(directory.path(name))
            #expect(Set(file.tensors.map(\.name)) == Set(Self.small().tensors.map(\.name)), "\(name)")
            #expect(floats(try file.tensor("embedding.weight")) == [1, 2, 3, 4, 5, 6])
            #expect(try file.tensor("norm.weight").type == .bf16 && file.tensor("half").type == .f16)
            #expect(try file.tensor("norm.weight").withBytes { Array($0) } == [0x80, 0x3f, 0, 0x40, 0x40, 0x40])
            #expect(try file.tensor("scalar").elementCount == 1 && file.tensor("nothing").elementCount == 0)
            #expect(file.checkpoint?.config["model_type"]?.string == "x")
            #expect(file.checkpoint?.config["limit"]?.double == .infinity)
            #expect(file.name == directory.url.lastPathComponent && file.metadata.keys.isEmpty)
        }
    }

    @Test func aFileOutsideTheIndexIsOpenedAlone() throws {
        try Self.small().write(into: directory, config: "{}", shards: 2)
        var other = SafetensorsBuilder()
        other.add("other", shape: [1], floats: [1])
        let path = try directory.write(other.build(), "other.safetensors")
        #expect(try WeightFile.open(path).tensors.map(\.name) == ["other"])
    }

    @Test func whatIsMissingIsNamed() throws {
        let lone = try directory.write(Self.small().build(), "model.safetensors")
        let noConfig = #expect(throws: WeightError.self) { try WeightFile.open(lone) }
        #expect(noConfig?.code == .notFound && noConfig?.message.contains("config.json") == true)
        let noDirectory = #expect(throws: WeightError.self) { try WeightFile.open(path) }
        #expect(noDirectory?.message.contains("is a directory without a config.json") == true)
        try directory.remove("model.safetensors")
        _ = try directory.write(Array("{}".utf8), "config.json")
        let noWeights = #expect(throws: WeightError.self) { try WeightFile.open(path) }
        #expect(noWeights?.code == .notFound && noWeights?.message.contains("model.safetensors") == true)
    }

    @Test func anIndexThatDoesNotFitItsFilesIsRefused() throws {
        try Self.small().write(into: directory, config: "{}", shards: 2)
        let second = "model-2-of-2.safetensors"
        let index = "model.safetensors.index.json"
        func refused(_ code: WeightError.Code, _ words: String...) {
            let error = #expect(throws: WeightError.self) { try WeightFile.open(path) }
            #expect(error?.code == code)
            for word in words { #expect(error?.message.contains(word) == true, "\(error?.message ?? "")") }
        }
        var builder = Self.small()
        builder.tensors.removeAll { $0.name == "norm.weight" }
        _ = try directory.write(builder.build(), second)
        refused(.damaged, "embedding.weight", second)
        builder.tensors = builder.tensors.filter { $0.name == "mask" }
        _ = try directory.write(builder.build(), second)
        refused(.missingTensor, "norm.weight", second)
        try directory.remove(second)
        refused(.notFound, second, "2 files")
        for (text, words) in [
            ("{", "not valid JSON"), ("{}", "weight_map"), (#"{"weight_map": {"a": "../a.safetensors"}}"#, "tensor a"),
            (#"{"weight_map": {"a": 1}}"#, "tensor a"), (#"{"weight_map": {}}"#, "weight_map"),
        ] {
            _ = try directory.write(Array(text.utf8), index)
            refused(.damaged, index, words)
        }
    }

    @Test(arguments: [("", "empty"), ("{", "not valid JSON"), ("[]", "no JSON object")])
    func aConfigurationThatIsNoneIsRefused(text: String, words: String) throws {
        _ = try directory.write(Self.small().build(), "model.safetensors")
        _ = try directory.write(Array(text.utf8), "config.json")
        let error = #expect(throws: WeightError.self) { try WeightFile.open(path) }
        #expect(error?.message.contains("config.json") == true && error?.message.contains(words) == true)
    }

    @Test func everyTruncationThrows() throws {
        try Self.small().write(into: directory, config: "{}")
        let bytes = Self.small().build()
        for count in bytes.indices {
            _ = try directory.write(Array(bytes[..<count]), "model.safetensors")
            let error = #expect(throws: WeightError.self, "cut to \(count) bytes") { try WeightFile.open(path) }
            #expect(error?.code == .truncated, "cut to \(count) bytes")
        }
    }

    @Test func flippedBitsNeverTrap() throws {
        try Self.small().write(into: directory, config: "{}")
        let original = Self.small().build()
        var random = SeededGenerator(seed: 11)
        var refused = 0
        for _ in 0..<3000 {
            var bytes = original
            for _ in 0...random.next() % 3 {
                bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
            }
            _ = try directory.write(bytes, "model.safetensors")
            do {
                for tensor in try WeightFile.open(path).tensors {
                    #expect(tensor.withBytes { $0.reduce(into: 0) { $0 += Int($1) } } >= 0)
                }
            } catch { refused += 1 }
        }
        #expect(refused > 1000)
    }

    @Test func tensorsHaveToBeWellFormed() throws {
        let four = [UInt8](repeating: 0, count: 16)
        let cases: [(String, (inout SafetensorsBuilder) -> Void)] = [
            ("F8_E4M3", { $0.add("w", dtype: "F8_E4M3", shape: [16], data: four) }),
            ("can't be", { $0.add("w", dtype: "F32", shape: [5], data: four) }),
            ("product is too large", { $0.add("w", dtype: "F32", shape: [Int.max, 3], data: four) }),
            ("product is too large", { $0.add("w", dtype: "F32", shape: [Int.max], data: four) }),
            ("no dtype, shape and data_offsets", { $0.add("w", dtype: "F32", shape: [-4], data: four) }),
            ("no dtype, shape and data_offsets", { $0.add("w", dtype: "F32", shape: [4], data: four, offsets: [0]) }),
            ("can't be", { $0.add("w", dtype: "F32", shape: [4], data: four, offsets: [16, 0]) }),
            ("ends at byte", { $0.add("w", dtype: "F32", shape: [4], data: four, offsets: [16, 32]) }),
            ("ends at byte", { $0.add("w", dtype: "F32", shape: [4], data: four, offsets: [Int.max - 16, Int.max]) }),
            ("no JSON", { $0.header = "{}{}" }), ("no JSON", { $0.header = #"{"a": "# }),
            ("no dtype", { $0.header = #"{"w": 1}"# }), ("allow 100000000", { $0.headerLength = 100_000_001 }),
            ("ends at byte", { $0.headerLength = 99_999_999 }),
        ]
        for (words, change) in cases {
            var builder = SafetensorsBuilder()
            change(&builder)
            let error = try failure(builder)
            #expect(
                error?.description.contains(words) == true, "\(words): \(error?.message ?? "")")
        }
        var builder = SafetensorsBuilder()
        builder.add("a", shape: [4], floats: [0, 0, 0, 0])
        builder.add("b", dtype: "F32", shape: [1], data: [], offsets: [8, 12])
        #expect(try failure(builder)?.message.contains("a and b in model.safetensors overlap") == true)
        builder = SafetensorsBuilder()
        builder.add("a", shape: [1], floats: [0])
        builder.add("a", shape: [1], floats: [0])
        #expect(try failure(builder)?.message.contains("The tensor a in model.safetensors is there twice") == true)
    }
}
