import Foundation
import TestSupport
import Testing
import Weights

/// Checkpoints as `torch.save` writes them, and files that pretend to be such.
@Suite struct PyTorchArchiveTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        _ = try directory.write(Array("{}".utf8), "config.json")
    }

    private static func small() -> PyTorchBuilder {
        var builder = PyTorchBuilder()
        builder.add("m", shape: [3, 2], floats: [1, 2, 3, 4, 5, 6])
        builder.add("half", storage: "HalfStorage", shape: [2], data: [0, 0x3c, 0, 0x40])
        builder.add("brain", storage: "BFloat16Storage", shape: [1, 1, 2], data: [0x80, 0x3f, 0, 0x40])
        builder.add("tied", shape: [2, 2], data: [], offset: 2, sharing: 0)
        builder.add("steps", storage: "LongStorage", shape: [], data: [7, 0, 0, 0, 0, 0, 0, 0])
        builder.add("single", shape: [1, 3], data: Array(repeating: 0, count: 12), strides: [77, 1])
        return builder
    }

    private func open(_ bytes: [UInt8]) throws -> WeightFile {
        _ = try directory.write(bytes, "pytorch_model.bin")
        return try WeightFile.open(directory.url.path)
    }

    private func refused(
        _ builder: PyTorchBuilder, _ words: String..., at location: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: WeightError.self, sourceLocation: location) { try open(builder.build()) }
        for word in words {
            #expect(error?.message.contains(word) == true, "\(error?.message ?? "")", sourceLocation: location)
        }
    }

    @Test(arguments: [false, true]) func tensorsAreViewsOfTheirStorages(isWide: Bool) throws {
        var builder = Self.small()
        builder.isWide = isWide
        let file = try open(builder.build())
        #expect(file.tensors.map(\.name) == builder.entries.map(\.name))
        #expect(floats(try file.tensor("m")) == [1, 2, 3, 4, 5, 6])
        #expect(floats(try file.tensor("tied")) == [3, 4, 5, 6])
        #expect(try file.tensor("half").type == .f16 && file.tensor("brain").type == .bf16)
        #expect(try file.tensor("brain").withBytes { Array($0) } == [0x80, 0x3f, 0, 0x40])
        #expect(try file.tensor("steps").type == .i64 && file.tensor("steps").shape == [])
        #expect(try file.tensor("single").shape == [1, 3])
        for name in ["pytorch_model.bin", "config.json"] {
            #expect(try WeightFile.open(directory.path(name)).tensors.count == 6)
        }
    }

    /// Files made by Python's own pickle and zipfile, of an OrderedDict as `torch.save` describes it.
    @Test(arguments: [2, 4]) func picklesOfPythonAreRead(version: Int) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/pytorch")
        let file = try open(Array(Data(contentsOf: folder.appending(path: "state-protocol\(version).bin"))))
        #expect(
            file.tensors.map(\.name) == [
                "backbone.embedding.weight", "backbone.norm_f.weight", "steps", "lm_head.weight",
            ])
        #expect(floats(try file.tensor("backbone.embedding.weight")) == (0..<300).map { Float($0) })
        #expect(floats(try file.tensor("lm_head.weight")) == (0..<300).map { Float($0) })
        #expect(try file.tensor("backbone.norm_f.weight").shape == [2, 1, 5])
        #expect(floats(try file.tensor("backbone.norm_f.weight")) == (290..<300).map { Float($0) })
        #expect(try file.tensor("steps").withBytes { Array($0) } == [7, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func shardsAreFoundThroughTheIndex() throws {
        var first = PyTorchBuilder()
        first.add("a", shape: [1], floats: [1])
        var second = PyTorchBuilder()
        second.add("b", shape: [1], floats: [2])
        _ = try directory.write(first.build(), "pytorch_model-1.bin")
        _ = try directory.write(second.build(), "pytorch_model-2.bin")
        let index = #"{"weight_map": {"a": "pytorch_model-1.bin", "b": "pytorch_model-2.bin"}}"#
        _ = try directory.write(Array(index.utf8), "pytorch_model.bin.index.json")
        for name in ["", "pytorch_model-2.bin", "pytorch_model.bin.index.json"] {
            #expect(try WeightFile.open(directory.path(name)).tensors.map(\.name) == ["a", "b"])
        }
    }

    @Test(arguments: [
        ("os", "system"), ("builtins", "eval"), ("torch", "load"), ("torch._utils", "_rebuild_tensor"),
        ("collections", "OrderedDict "), ("torch.storage", "_load_from_bytes"),
    ])
    func everyOtherGlobalIsRefusedByName(module: String, name: String) {
        var builder = Self.small()
        builder.pickle = Array("\u{2}c\(module)\n\(name)\n(X\u{4}\0\0\0true85R.".utf8)
        builder.pickle?.insert(0x80, at: 0)
        refused(builder, "\(module).\(name)", "not executed")
    }

    @Test func everyOtherOperationIsRefused() {
        for code in UInt8.min...UInt8.max {
            var builder = Self.small()
            builder.pickle = [0x80, 2, 0x7D, code]
            #expect(throws: WeightError.self) { try open(builder.build()) }
        }
        var builder = Self.small()
        builder.pickle = [0x80, 2, UInt8(ascii: "i")] + Array("os\nsystem\n".utf8)
        refused(builder, "the operation 0x69 at byte 2")
        builder.pickle = [0x80, 5]
        refused(builder, "the protocol 5")
        builder.pickle = [0x80, 2, 0x4B, 1, 0x2E]
        refused(builder, "a number where a dictionary")
        builder.pickle = [0x80, 2, 0x7D, 0x2E]
        refused(builder, "without tensors")
        builder.pickle = [0x80, 2, 0x29] + Array(repeating: 0x85, count: 100) + [0x2E]
        refused(builder, "tuples more than 16 deep")
        builder.pickle = [0x80, 2, 0x74]
        refused(builder, "mark")
        builder.pickle = [0x80, 2, 0x68, 9]
        refused(builder, "recalls value 9")
    }

    @Test func tensorsHaveToLieInTheirStorages() {
        let four = [UInt8](repeating: 0, count: 16)
        func one(_ shape: [Int], strides: [Int]? = nil, offset: Int = 0, storage: String = "FloatStorage")
            -> PyTorchBuilder
        {
            var builder = PyTorchBuilder()
            builder.add("w", storage: storage, shape: shape, data: four, strides: strides, offset: offset)
            return builder
        }
        refused(one([5]), "w in pytorch_model.bin, F32 [5]", "16 bytes")
        refused(one([4], offset: 1), "from element 1 on")
        refused(one([4], offset: -1), "other arguments")
        refused(one([-4]), "other arguments")
        refused(one([Int.max, 3]), "16 bytes")
        refused(one([1 << 40]), "16 bytes")
        refused(one([4], offset: Int.max), "16 bytes")
        refused(one([2, 2], strides: [1, 2]), "strides [1, 2]", ".contiguous()")
        refused(one([2, 2], strides: [2]), "other arguments")
        refused(one([4], storage: "ComplexFloatStorage"), "torch.ComplexFloatStorage")
        var builder = one([4])
        builder.entries[0].sharing = 7
        refused(builder, "data/7")
        builder = one([4])
        builder.add("w", shape: [4], data: four)
        refused(builder, "w twice")
        builder = one([4])
        builder.byteOrder = "big"
        refused(builder, "byte order big")
    }

    @Test func otherArchivesAreNamed() throws {
        func message(_ bytes: [UInt8]) -> String {
            do {
                _ = try open(bytes)
                return "it opened"
            } catch { return String(describing: error) }
        }
        var zip = ZipBuilder()
        zip.add("word/document.xml", [1])
        #expect(message(zip.build()).contains("0 entries data.pkl"))
        zip = ZipBuilder()
        zip.method = 8
        zip.add("archive/data.pkl", [1])
        #expect(message(zip.build()).contains("compressed"))
        zip = ZipBuilder()
        zip.add("archive/data.pkl", [1])
        zip.add("archive/data.pkl", [1])
        #expect(message(zip.build()).contains("archive/data.pkl twice"))
        #expect(message([0x80, 2, 0x8A, 10, 0x6C]).contains("since 1.6"))
        let path = try directory.write([0x80, 2, 0x8A, 10, 0x6C], "old.bin")
        let old = #expect(throws: WeightError.self) { try WeightFile.open(path) }
        #expect(old?.message.contains("a Python pickle") == true)
    }

    @Test func everyTruncationThrows() throws {
        for isWide in [false, true] {
            var builder = Self.small()
            builder.isWide = isWide
            let bytes = builder.build()
            for count in bytes.indices {
                #expect(throws: WeightError.self, "cut to \(count) bytes") { try open(Array(bytes[..<count])) }
            }
        }
    }

    @Test func flippedBitsNeverTrap() throws {
        var random = SeededGenerator(seed: 5)
        var refused = 0
        for round in 0..<3000 {
            var builder = Self.small()
            builder.isWide = round % 2 == 0
            var bytes = builder.build()
            for _ in 0...random.next() % 3 {
                bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
            }
            do {
                for tensor in try open(bytes).tensors {
                    #expect(tensor.withBytes { $0.reduce(into: 0) { $0 += Int($1) } } >= 0)
                }
            } catch { refused += 1 }
        }
        #expect(refused > 500)
    }
}
