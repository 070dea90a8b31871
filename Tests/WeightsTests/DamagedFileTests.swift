import Foundation
import TestSupport
import Testing
import Weights

@Suite struct DamagedFileTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Opens a file and reads everything that it offers.
    private func readAll(_ path: String) throws {
        let file = try WeightFile.open(path)
        for tensor in file.tensors {
            #expect(tensor.withBytes { $0.reduce(into: 0) { $0 += Int($1) } } >= 0)
        }
    }

    private func failure(_ builder: GGUFBuilder) throws -> WeightError? {
        let path = try directory.write(builder.build())
        return #expect(throws: WeightError.self) { try WeightFile.open(path) }
    }

    @Test func everyTruncationThrows() throws {
        let bytes = smallModel().build()
        for count in bytes.indices {
            let path = try directory.write(Array(bytes[..<count]))
            let error = #expect(throws: WeightError.self, "cut to \(count) bytes") { try readAll(path) }
            if count >= 4 { #expect(error?.code == .truncated, "cut to \(count) bytes") }
        }
    }

    @Test func flippedBitsNeverTrap() throws {
        let original = smallModel().build()
        var random = SeededGenerator(seed: 42)
        var refused = 0
        for _ in 0..<4000 {
            var bytes = original
            for _ in 0...random.next() % 3 {
                bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
            }
            do { try readAll(try directory.write(bytes)) } catch is WeightError { refused += 1 }
        }
        #expect(refused > 1000)
    }

    @Test func flippedBitsInShardsNeverTrap() throws {
        let shards = smallModel().buildShards(2)
        let first = try directory.write(shards[0], "m-00001-of-00002.gguf")
        var random = SeededGenerator(seed: 7)
        var refused = 0
        for _ in 0..<1000 {
            var bytes = shards[1]
            bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
            _ = try directory.write(bytes, "m-00002-of-00002.gguf")
            do { try readAll(first) } catch is WeightError { refused += 1 }
        }
        #expect(refused > 200)
    }

    @Test func hugeCountsAreRefusedBeforeAnythingIsAllocated() throws {
        for huge in [UInt64.max, UInt64(Int64.max), 1 << 62, 1 << 40] {
            var builder = smallModel()
            builder.tensorCount = huge
            #expect(try failure(builder)?.code == .truncated)
            builder = smallModel()
            builder.pairCount = huge
            #expect(try failure(builder)?.code == .truncated)
            let count = (0..<8).map { UInt8(truncatingIfNeeded: huge >> ($0 * 8)) }
            for elementType in 0...12 as ClosedRange<UInt8> {
                builder = GGUFBuilder()
                builder.add("array", .raw(type: 9, bytes: [elementType, 0, 0, 0] + count))
                #expect(try failure(builder)?.code == .truncated)
            }
            builder = GGUFBuilder()
            builder.add("text", .raw(type: 8, bytes: count))
            #expect(try failure(builder)?.code == .truncated)
        }
    }

    @Test func sparseFilesCannotClaimMemory() throws {
        var builder = GGUFBuilder()
        // 2^33 elements of one byte, all inside a file of 16 GiB that occupies a few blocks.
        builder.add("array", .raw(type: 9, bytes: [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]))
        let path = try directory.write(builder.build())
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.truncate(atOffset: 1 << 34)
        try handle.close()
        let error = #expect(throws: WeightError.self) { try WeightFile.open(path) }
        #expect(error?.code == .unsupported)
    }

    @Test func metadataHasToBeWellFormed() throws {
        var builder = smallModel()
        builder.add("u8", .uint8(1))
        #expect(try failure(builder)?.message.contains("metadata key u8 in model.gguf is there twice") == true)
        builder = GGUFBuilder()
        builder.add("odd", .raw(type: 13, bytes: [0]))
        #expect(try failure(builder)?.message.contains("odd in model.gguf is of type 13") == true)
        builder = GGUFBuilder()
        builder.add("flag", .raw(type: 7, bytes: [2]))
        #expect(try failure(builder)?.message.contains("flag in model.gguf is a boolean stored as 2") == true)
        builder = GGUFBuilder()
        var deep = GGUFBuilder.Value.array([.int32(1)])
        for _ in 0..<1000 { deep = .array([deep]) }
        builder.add("deep", deep)
        #expect(try failure(builder)?.message.contains("deep in model.gguf holds arrays more than 4 deep") == true)
        for alignment in [0, 1, 4, 24, 33, 1 << 31] as [UInt32] {
            builder = GGUFBuilder()
            builder.add("general.alignment", .uint32(alignment))
            #expect(try failure(builder)?.message.contains("general.alignment in model.gguf is \(alignment)") == true)
        }
    }

    @Test func tensorsHaveToBeWellFormed() throws {
        let four = [UInt8](repeating: 0, count: 16)
        let cases: [(String, (inout GGUFBuilder) -> Void)] = [
            ("has 5 dimensions", { $0.add("w", shape: [1, 1, 1, 1, 4], type: 0, data: four) }),
            ("one of which is 0", { $0.add("w", shape: [0, 4], type: 0, data: four) }),
            ("product is too large", { $0.add("w", shape: [Int.max, Int.max], type: 0, data: four) }),
            ("fit in memory", { $0.add("w", shape: [Int.max], type: 0, data: four) }),
            ("rows of Q4_0 have to be multiples of 32", { $0.add("w", shape: [2, 48], type: 2, data: four) }),
            ("ggml type 99", { $0.add("w", shape: [4], type: 99, data: four) }),
            ("ggml type 4,", { $0.add("w", shape: [4], type: 4, data: four) }),
            ("has no name", { $0.add("", shape: [4], type: 0, data: four) }),
            ("no multiple of the file's alignment 32", { $0.add("w", shape: [4], type: 0, data: four, offset: 8) }),
            ("needs 16 bytes at offset 64", { $0.add("w", shape: [4], type: 0, data: four, offset: 64) }),
            ("at offset 18446744073709551584", { $0.add("w", shape: [4], type: 0, data: four, offset: 0 &- 32) }),
            ("needs 64 bytes at offset 0", { $0.add("w", shape: [16], type: 0, data: four) }),
        ]
        for (words, change) in cases {
            var builder = GGUFBuilder()
            change(&builder)
            let error = try failure(builder)
            #expect(error?.message.contains(words) == true, "\(words): \(error?.message ?? "")")
        }
        var builder = GGUFBuilder()
        builder.add("a", shape: [16], floats: [Float](repeating: 0, count: 16))
        builder.add("b", shape: [4], type: 0, data: four, offset: 32)
        #expect(try failure(builder)?.message.contains("a and b in model.gguf overlap") == true)
        builder = GGUFBuilder()
        builder.add("a", shape: [1], floats: [0])
        builder.add("a", shape: [1], floats: [0])
        #expect(try failure(builder)?.message.contains("The tensor a in model.gguf is there twice") == true)
    }

    @Test func otherVersionsAreNamed() throws {
        var builder = smallModel()
        builder.version = 1
        #expect(try failure(builder)?.message.contains("is GGUF version 1; versions 2 and 3 are read") == true)
        builder.version = 4
        #expect(try failure(builder)?.message.contains("newer than this program") == true)
        builder.version = UInt32(3).byteSwapped
        #expect(try failure(builder)?.message.contains("big-endian") == true)
    }

    @Test(arguments: [
        ("Hello, this is a text.\n", "a text file"),
        ("<!DOCTYPE html><html></html>", "a web page"),
        ("{\"model_type\": \"mamba2\"}", "a JSON file"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:0", "a Git LFS pointer"),
        ("PK\u{3}\u{4}", "a zip archive"),
        ("lmgg\u{1}\0\0\0", "a ggml file from before GGUF"),
        ("\0\0\0\0\0\0\0\0", "a file of zeros"),
        ("\u{1}\u{2}\u{3}\u{4}", "binary data of another kind (it starts with the bytes 01 02 03 04)"),
        ("GG", "a text file"),
    ])
    func otherFilesAreNamed(content: String, words: String) throws {
        let path = try directory.write(Array(content.utf8), "thing")
        let error = #expect(throws: WeightError.self) { try WeightFile.open(path) }
        #expect(error?.code == .unknownFormat)
        #expect(
            error?.message.hasPrefix(
                "\(path) is not a weight file that this program reads (GGUF, Hugging Face checkpoints); it looks like \(words)"
            )
                == true)
    }

    @Test func whatIsNoRegularFileIsNamed() throws {
        let missing = #expect(throws: WeightError.self) { try WeightFile.open(directory.path("none.gguf")) }
        #expect(missing?.code == .notFound)
        #expect(missing?.message.contains(directory.path("none.gguf")) == true)
        let folder = #expect(throws: WeightError.self) { try WeightFile.open(directory.path("")) }
        #expect(folder?.code == .unreadable)
        #expect(folder?.message.contains("is a directory") == true)
        let device = #expect(throws: WeightError.self) { try WeightFile.open("/dev/zero") }
        #expect(device?.message.contains("is a device, pipe or socket") == true)
        let pipe = directory.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let fifo = #expect(throws: WeightError.self) { try WeightFile.open(pipe) }
        #expect(fifo?.code == .unreadable)
        let empty = try directory.write([])
        let nothing = #expect(throws: WeightError.self) { try WeightFile.open(empty) }
        #expect(nothing?.message == "\(empty) is empty. Download or copy the weights again.")
        #expect(throws: WeightError.self) { try WeightFile.open("a\0b") }
        #expect(throws: WeightError.self) { try WeightFile.open("") }
        let denied = try directory.write(smallModel().build(), "denied.gguf")
        #expect(chmod(denied, 0) == 0)
        if geteuid() != 0 {
            let error = #expect(throws: WeightError.self) { try WeightFile.open(denied) }
            #expect(error?.code == .unreadable)
        }
    }
}
