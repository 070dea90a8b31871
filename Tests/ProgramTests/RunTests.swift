import Foundation
import TestSupport
import Testing

@Suite struct RunTests {
    private let program: Program

    init() throws {
        program = try Program()
    }

    @Test func oneObjectHoldsAnswerAndMeasures() throws {
        let outcome = try program.run(["run", "--json", "--temp", "0", "-n", "5", "What is a tide?"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        let object = try outcome.object()
        #expect(object["text"] as? String != "")
        #expect((object["ids"] as? [Int])?.count == 5)
        #expect(try #require(object["prompt_tokens"] as? Int) > 5)
        #expect(object["recomputed"] as? Int == 0)
        #expect(object["completion_tokens"] as? Int == 5)
        #expect(try #require(object["prompt_tokens_per_second"] as? Double) > 0)
        #expect(try #require(object["tokens_per_second"] as? Double) > 0)
        #expect(try #require(object["state_bytes"] as? Int) > 1_000_000)
        #expect(object["stop_reason"] as? String == "limit")
        #expect(object["model"] as? String == "smolmamba2")
    }

    @Test func everyFormSaysTheSame() throws {
        let arguments = ["--temp", "0", "-n", "12", "What is a tide?"]
        let text = try #require(try program.run(["run", "--json"] + arguments).object()["text"] as? String)
        let plain = try program.run(["run"] + arguments)
        #expect(plain.text == text + "\n")
        #expect(plain.errors.contains("recomputed 0"))
        #expect(try program.run(["run", "--raw", "-q"] + arguments).text == text)
        let piped = try program.run(
            ["--temp", "0", "run", "-q", "-n", "12", "-"], input: Array("What is a tide?\n".utf8))
        #expect(piped.text == text + "\n")
        #expect(piped.errors.isEmpty)
        #expect(try program.run(["--temp=0", "-n", "12"], input: Array("What is a tide?".utf8)).text == text + "\n")

        let lines = try program.run(["run", "--jsonl"] + arguments).text.split(separator: "\n")
        let events = try lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(events.first?["event"] as? String == "init")
        #expect(events.last?["event"] as? String == "result")
        #expect(events.last?["text"] as? String == text)
        let tokens = events.filter { $0["event"] as? String == "token" }
        #expect(tokens.compactMap { $0["i"] as? Int } == Array(0..<12))
    }

    @Test func theSameSeedGivesTheSameText() throws {
        func text(_ seed: String) throws -> String {
            try program.run(["run", "-q", "-n", "24", "--temp", "1.5", "--seed", seed, "Tell me a story."]).text
        }
        #expect(try text("7") == text("7"))
        #expect(try text("7") != text("8"))
    }

    @Test func theLimitFailsOnlyWhereAsked() throws {
        #expect(try program.run(["run", "-n", "2", "Tell me a story."]).status == 0)
        let outcome = try program.run(["run", "-n", "2", "--fail-on-limit", "Tell me a story."])
        #expect(outcome.status == 6)
        #expect(!outcome.output.isEmpty)
    }

    @Test func aStopTextEndsTheAnswerAndIsNotPartOfIt() throws {
        let arguments = ["run", "--json", "--temp", "0", "-n", "40", "What is a tide?"]
        let text = try #require(try program.run(arguments).object()["text"] as? String)
        let words = text.split(separator: " ")
        try #require(words.count > 5)
        let object = try program.run(arguments + ["--stop", String(words[4])]).object()
        #expect(object["stop_reason"] as? String == "stop_text")
        #expect(object["text"] as? String == words[..<4].joined(separator: " ") + " ")
    }

    @Test func aPromptArgumentLeavesStandardInputAlone() throws {
        let process = try program.process(["run", "-q", "-n", "2", "Hello"])
        // A pipe that nobody writes to and nobody closes.
        let input = Pipe()
        process.standardInput = input
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        try input.fileHandleForWriting.close()
    }

    @Test func settingsComeFromTheConfigurationToo() throws {
        _ = try program.home.write(Array("[sampler]\ntemp = 0\nseed = 5\n".utf8), "config.toml")
        let outcome = try program.run(
            ["run", "-v", "--json", "-n", "1", "Hi"], environment: ["HISS_SAMPLER_SEED": "6"])
        #expect(outcome.errors.contains("sampler.temp = 0.0 (\(program.home.url.path)/config.toml:2)"))
        #expect(outcome.errors.contains("sampler.seed = 6 (HISS_SAMPLER_SEED)"))
        #expect(try outcome.object()["seed"] as? Int == 6)
    }
}
