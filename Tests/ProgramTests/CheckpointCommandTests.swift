import Foundation
import TestSupport
import Testing

/// The program on checkpoints' directories.
@Suite struct CheckpointCommandTests {
    private let program: Program
    private let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "EngineTests/Golden/models")

    init() throws {
        program = try Program()
    }

    @Test(arguments: ["mamba-tied", "mamba2-g1", "llama-gqa"])
    func aDirectoryIsRunOnTokensWithoutATokenizer(name: String) throws {
        let directory = models.appending(path: name)
        let data = try Data(contentsOf: directory.appending(path: "golden.json"))
        let golden = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        let prompt = try #require((golden["prompts"] as? [[String: Any]])?.first { ($0["ids"] as? [Int])?.count == 17 })
        let ids = try #require(prompt["ids"] as? [Int])
        for path in [directory.path, directory.path + "/", directory.appending(path: "model.safetensors").path] {
            let outcome = try program.run(
                ["eval", "logits", "-m", path, "--ids", "-", "--precision", "exact", "--greedy", "32", "--json"],
                input: Array("\(ids)".utf8))
            #expect(outcome.status == 0, "\(outcome.errors)")
            let object = try outcome.object()
            #expect(object["argmax_all"] as? [Int] == prompt["argmax_all"] as? [Int])
            #expect(object["greedy"] as? [Int] == prompt["greedy"] as? [Int])
        }
    }

    @Test func aCheckpointIsFoundByItsName() throws {
        let folder = program.home.url.appending(path: "data/models")
        for candidate in [folder, program.home.url.appending(path: "models")] {
            try FileManager.default.createDirectory(at: candidate, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                at: candidate.appending(path: "Tiny-Mamba"), withDestinationURL: models.appending(path: "mamba-tied"))
        }
        let outcome = try program.run(["eval", "logits", "-m", "tiny", "--ids", "-"], input: Array("[3]".utf8))
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test func aMissingTokenizerSaysHowToBringOne() throws {
        let path = models.appending(path: "mamba-tied").path
        let outcome = try program.run(["run", "-m", path, "Hi"])
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("tokenizer.json") && outcome.errors.contains("--tokenizer"))
        let gguf = models.deletingLastPathComponent().appending(path: "gguf/mamba-tied-F16.gguf").path
        let helped = try program.run(
            ["eval", "perplexity", "-m", path, "--tokenizer", gguf, "--file", "-", "--json"], input: Array("Hello".utf8)
        )
        #expect(helped.status == 0, "\(helped.errors)")
    }
}
