import Digests
import Inference
import TestSupport
import Testing
import Weights

@Suite struct FingerprintTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func fingerprint(_ change: (inout GGUFBuilder) -> Void = { _ in }) throws -> String {
        var builder = TinyGGUF.model(.mamba2)
        change(&builder)
        return Fingerprints.model(try WeightFile.open(directory.write(builder.build()))).description
    }

    @Test func equalFilesHaveOneFingerprint() throws {
        #expect(try fingerprint() == fingerprint())
    }

    @Test func whateverIsDifferentShows() throws {
        let changes: [(inout GGUFBuilder) -> Void] = [
            { _ in }, { $0.add("more", .bool(true)) }, { $0.add("more", .uint32(1)) }, { $0.add("more", .string("1")) },
            { $0.add("more", .array([.string("1")])) }, { $0.pairs.removeLast() }, { $0.tensors.removeLast() },
            { $0.tensors[0].name += "x" }, { $0.tensors[0].data[0] ^= 1 }, { $0.tensors[0].shape.reverse() },
        ]
        let all = try changes.map { try fingerprint($0) }
        #expect(Set(all).count == changes.count)
    }

    @Test func onlyTheFirstPageOfATensorCounts() throws {
        func fingerprint(_ place: Int) throws -> String {
            var values = [Float](repeating: 0, count: 2048)
            values[place] = 1
            var builder = GGUFBuilder()
            builder.add("w", shape: [2048], floats: values)
            return Fingerprints.model(try WeightFile.open(directory.write(builder.build()))).description
        }
        #expect(try fingerprint(1023) != fingerprint(1024))
        #expect(try fingerprint(1024) == fingerprint(2047))
    }

    @Test func tokenizersAreToldApart() throws {
        func fingerprint(_ change: (inout GGUFBuilder) -> Void) throws -> String {
            var builder = TinyGGUF.model(.mamba2)
            change(&builder)
            let file = try WeightFile.open(directory.write(builder.build()))
            return Fingerprints.tokenizer(try TokenizerLoader.load(from: file)).description
        }
        let same = try fingerprint { _ in }
        #expect(try fingerprint { $0.tensors[0].data[0] ^= 1 } == same)
        let other = try fingerprint { builder in
            builder.pairs.removeAll { $0.key == "tokenizer.ggml.eos_token_id" }
            builder.add("tokenizer.ggml.eos_token_id", .uint32(2))
        }
        #expect(other != same)
    }
}
