import Foundation
import TestSupport
import Testing

@Suite struct ModelTests {
    private let program: Program
    private let files: TemporaryDirectory

    init() throws {
        program = try Program()
        files = try TemporaryDirectory()
    }

    private func model(_ change: (inout GGUFBuilder) -> Void = { _ in }) throws -> String {
        var builder = TinyGGUF.model(.granitehybrid)
        change(&builder)
        return try files.write(builder.build(), "tiny.gguf")
    }

    @Test func theShippedModelIsDescribed() throws {
        let outcome = try program.run(["model", "info", "--json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let info = try outcome.object()
        #expect(info["family"] as? String == "granitehybrid")
        #expect(info["parameters"] as? Int == 158_172_138)
        #expect((info["layers"] as? [String])?.count == 30)
        #expect(info["context_length"] as? Int == 1024)
        #expect(info["state_bytes"] as? Int == 5_045_760)
        #expect(info["state_bytes_per_token"] as? Int == 0)
        #expect((info["fingerprint"] as? String)?.count == 64)
        let tokenizer = try #require(info["tokenizer"] as? [String: Any])
        #expect(tokenizer["pre_tokenizer"] as? String == "smollm")
        #expect(tokenizer["end_of_turn"] as? [Int] == [0, 2])
        #expect((info["template"] as? [String: Any])?["status"] as? String == "yes")
        #expect((info["template"] as? [String: Any])?["rewrites_history"] as? Bool == false)
        let text = try program.run(["model", "info"])
        #expect(text.status == 0)
        #expect(text.text.contains("state         4.81 MiB a session, however long the chat\n"))
        #expect(text.text.contains("158,172,138"))
    }

    @Test func aHybridHasBothKindsOfState() throws {
        let info = try program.run(["model", "info", model(), "--json"]).object()
        #expect(info["layers"] as? [String] == ["recurrent", "attention"])
        #expect(try #require(info["state_bytes_per_token"] as? Int) > 0)
        #expect((info["sizes"] as? [String: Any])?["n_kv_heads"] as? [Int] == [0, 1])
    }

    @Test func baseModelsAndTemplatesThatStripThinkingAreTold() throws {
        let base = try model { $0.pairs.removeAll { $0.key == "tokenizer.chat_template" } }
        #expect(try program.run(["model", "info", base]).text.contains("template      none: a base model"))
        let thinking = try model { builder in
            builder.pairs.removeAll { $0.key == "tokenizer.chat_template" }
            builder.add(
                "tokenizer.chat_template",
                .string(
                    "{% for m in messages %}<|a|>{{ m.content.split('</think>')|last if not loop.last else m.content }}"
                        + "<|b|>{% endfor %}<|a|>"))
        }
        let info = try program.run(["model", "info", thinking, "--json"]).object()
        #expect((info["template"] as? [String: Any])?["rewrites_history"] as? Bool == true)
    }

    @Test func whatCannotBeRunIsStillDescribed() throws {
        let path = try model { builder in
            builder.pairs.removeAll { $0.key == "general.architecture" || $0.key == "tokenizer.chat_template" }
            builder.add("general.architecture", .string("dinosaur"))
            builder.add("tokenizer.chat_template", .string("{% if %}"))
        }
        let outcome = try program.run(["model", "info", path])
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("can't be run  tiny.gguf is a dinosaur model"))
        #expect(outcome.text.contains("template      broken: "))
        #expect(try program.run(["model", "info", path, "--json"]).object()["runs"] as? Bool == false)
    }

    @Test func aDamagedFileLeavesWithThree() throws {
        let path = try files.write(Array(TinyGGUF.model(.llama).build().dropLast()), "cut.gguf")
        for command in ["info", "verify"] {
            let outcome = try program.run(["model", command, path])
            #expect(outcome.status == 3)
            #expect(outcome.errors.contains("cut.gguf") && outcome.errors.contains("cut short"), "\(outcome.errors)")
        }
    }

    @Test func verifyPrintsTheDigestOfEachFile() throws {
        let path = try files.write(Array("abc".utf8), "abc")
        #expect(try program.run(["model", "verify", path]).status == 3)
        let outcome = try program.run(["model", "verify", model(), "--json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let report = try outcome.object()
        #expect(report["ok"] as? Bool == true)
        let file = try #require((report["files"] as? [[String: Any]])?.first)
        #expect((file["sha256"] as? String)?.count == 64)
        let text = try program.run(["model", "verify", model()])
        #expect(text.text.hasPrefix("\(file["sha256"] ?? "")  "))
        #expect(text.text.contains("tensors decode, are finite and have the right shapes"))
    }

    @Test func verifyNamesBadTensors() throws {
        let path = try model { builder in
            for index in builder.tensors.indices where builder.tensors[index].name == "blk.1.attn_k.weight" {
                builder.tensors[index].data.replaceSubrange(4..<8, with: [0, 0, 0xc0, 0x7f])
            }
        }
        let outcome = try program.run(["model", "verify", path])
        #expect(outcome.status == 3)
        #expect(
            outcome.errors.contains("blk.1.attn_k.weight: element 1 of 32 is no finite number"), "\(outcome.errors)")
        let bad = try program.run(["model", "verify", path, "--json"])
        #expect(bad.status == 3)
        #expect((try bad.object()["bad"] as? [[String: Any]])?.first?["name"] as? String == "blk.1.attn_k.weight")
        let misshapen = try program.run(["model", "verify", model { $0.add("surprise", shape: [1], floats: [1]) }])
        #expect(misshapen.status == 3 && misshapen.errors.contains("surprise"))
    }

    @Test func listShowsWhatCanBeNamed() throws {
        let models = program.home.url.appending(path: "models")
        try FileManager.default.createDirectory(
            at: models.appending(path: "checkpoint"), withIntermediateDirectories: true)
        try Data(TinyGGUF.model(.mamba).build()).write(to: models.appending(path: "one.gguf"))
        let shards = TinyGGUF.model(.mamba2).buildShards(2)
        for (number, bytes) in shards.enumerated() {
            try Data(bytes).write(to: models.appending(path: "two-0000\(number + 1)-of-00002.gguf"))
        }
        try Data(TinyCheckpoint.config()).write(to: models.appending(path: "checkpoint/config.json"))
        try Data(TinyCheckpoint.shards()[0].build()).write(to: models.appending(path: "checkpoint/model.safetensors"))
        let outcome = try program.run(["model", "list", "--json"])
        #expect(outcome.status == 0)
        let list = try #require(JSONSerialization.jsonObject(with: Data(outcome.output)) as? [[String: Any]])
        #expect(list.compactMap { $0["name"] as? String } == ["checkpoint", "one", "two", "smolmamba2"])
        #expect(list[2]["bytes"] as? Int == shards.reduce(0) { $0 + $1.count })
        for name in ["checkpoint", "one", "two"] {
            let info = try program.run(["model", "info", name])
            #expect(info.status == 0 && info.text.contains("mamba"), "\(info.errors)")
        }
        #expect(try program.run(["model", "list"]).text.contains("two"))
    }

    @Test func withoutCurlNothingIsFetched() throws {
        let outcome = try program.run(["model", "pull", "smollm2"], environment: ["PATH": "/nowhere"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("the program curl, which fetches files, is not installed"))
        #expect(outcome.errors.contains("hiss model pull smollm2 --from FILE"))
    }

    @Test func theCommandWantsToKnowWhat() throws {
        #expect(try program.run(["model"]).status == 2)
    }
}
