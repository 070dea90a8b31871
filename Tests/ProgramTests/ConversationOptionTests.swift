import Foundation
import TestSupport
import Testing

/// Flags for how conversations are laid out and how long they may become.
@Suite struct ConversationOptionTests {
    private let program: Program

    init() throws {
        program = try Program()
    }

    /// A tiny model without template, whose keys and values take 192 bytes a token.
    private let attention = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "EngineTests/Golden/gguf/llama-gqa-F32.gguf").path

    @Test func aBaseModelAnswersAndSaysWhatItIs() throws {
        let outcome = try program.run(["run", "-m", attention, "--json", "-n", "3", "Hi"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("base model") && outcome.errors.contains("User: "))
        #expect(try outcome.object()["completion_tokens"] as? Int == 3)
        #expect(try program.run(["run", "-q", "-m", attention, "-n", "1", "Hi"]).errors.isEmpty)
        let chosen = try program.run(["run", "-m", attention, "--template", "chatml", "--json", "-n", "1", "Hi"])
        #expect(chosen.status == 0 && chosen.errors.isEmpty)
    }

    @Test func aTemplateMayBeAFileOrASetting() throws {
        let file = try program.home.write(Array("{{ messages[0].content }}!".utf8), "own.jinja")
        let plain = ["run", "-m", attention, "--json", "-n", "1", "Hi"]
        func promptTokens(_ outcome: Program.Outcome) throws -> Int? { try outcome.object()["prompt_tokens"] as? Int }
        #expect(try promptTokens(try program.run(plain + ["--template", file])) == 3)
        #expect(try promptTokens(try program.run(plain, environment: ["HISS_TEMPLATE": file])) == 3)
        _ = try program.home.write(
            Array("template = \"\(file)\"\nkv_max_mb = 1\nrerender = true\n".utf8), "config.toml")
        let configured = try program.run(plain + ["-v"])
        #expect(try promptTokens(configured) == 3)
        #expect(configured.errors.contains("kv_max_mb = 1 (") && configured.errors.contains("rerender = true ("))
    }

    @Test func aTurnWithoutRoomIsRefusedAndAnAnswerWithoutRoomEnds() throws {
        let long = String(repeating: "x", count: 6000)
        let refused = try program.run(["run", "-m", attention, "--kv-max-mb", "1", "-"], input: Array(long.utf8))
        #expect(refused.status == 5)
        #expect(refused.output.isEmpty)
        #expect(refused.errors.contains("no room for this turn") && refused.errors.contains("--kv-max-mb"))
        let fitting = ["run", "-m", attention, "--kv-max-mb", "1", "-n", "0", "--json", "--fail-on-limit", "-"]
        let cut = try program.run(fitting, input: Array(long.utf8.prefix(5400)))
        #expect(cut.status == 6)
        #expect(try cut.object()["stop_reason"] as? String == "memory_limit")
    }

    @Test(arguments: [
        (["--template", "chatlm"], "the names are alpaca, chatml"),
        (["--template", "/nonexistent/x"], "/nonexistent/x"),
        (["--template", "BROKEN"], "line 1"), (["--kv-max-mb", "0"], "from 1"), (["--kv-max-mb", "much"], "from 1"),
    ])
    func wrongOptionsAreRefused(_ flags: [String], _ message: String) throws {
        let broken = try program.home.write(Array("{{ x".utf8), "broken.jinja")
        let outcome = try program.run(["run", "Hi"] + flags.map { $0 == "BROKEN" ? broken : $0 })
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test func aTemplateThatRefusesLeavesWithFive() throws {
        let file = try program.home.write(Array("{{ raise_exception('not this one') }}".utf8), "no.jinja")
        let outcome = try program.run(["run", "--template", file, "Hi"])
        #expect(outcome.status == 5)
        #expect(outcome.errors.contains("not this one") && outcome.errors.contains("--template"))
    }
}
