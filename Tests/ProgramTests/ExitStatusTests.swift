import DefaultModel
import Foundation
import TestSupport
import Testing

@Suite struct ExitStatusTests {
    private let program: Program

    init() throws {
        program = try Program()
    }

    @Test(arguments: [
        ["--no-such-flag"], ["no-such-command"], ["run", "--temp", "-1", "x"], ["run", "--top-p", "2", "x"],
        ["-t", "0", "run", "x"], ["run", "-n", "-1", "x"], ["run", "--json", "--jsonl", "x"],
        ["run", "--stop", "", "x"],
        ["run", "--precision", "best", "x"], ["--config", "/nonexistent", "run", "x"], ["eval"], ["eval", "logits"],
        ["eval", "logits", "--ids", "-", "--chunk", "0"], ["bench", "-p", "0"], ["tokenize", "--skip-special"],
    ])
    func wrongCommandLinesLeaveWithTwo(_ arguments: [String]) throws {
        let outcome = try program.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("hiss: "))
    }

    @Test(arguments: [["--help"], ["run", "--help"], ["help", "bench"], ["--version"]])
    func helpIsNoError(_ arguments: [String]) throws {
        let outcome = try program.run(arguments)
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        #expect(!outcome.output.isEmpty)
    }

    @Test func modelsThatCannotBeUsedLeaveWithThree() throws {
        let shard = try Data(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../../Sources/DefaultModel/\(DefaultModel.fileName)"))
        let files = try TemporaryDirectory()
        let models = [
            files.path("missing.gguf"), "no-such-name", files.url.path,
            try files.write([], "empty.gguf"), try files.write(Array("Hello.\n".utf8), "text.gguf"),
            try files.write(Array(shard.prefix(3000)), "metadata.gguf"),
            try files.write(Array(shard.prefix(3_000_000)), DefaultModel.fileName),
        ]
        for model in models {
            let outcome = try program.run(["run", "-m", model, "x"])
            #expect(outcome.status == 3, "\(model): \(outcome.errors)")
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("hiss: "))
        }
    }

    @Test(
        arguments: [
            (["run", "-"], [0x61, 0xFF]), (["run"], []), (["run", "-"], [0x0A]), (["run", " "], []), ([], [0xFF]),
            (["tokenize"], [0x80]), (["tokenize", "--decode"], [0x5B]),
            (["eval", "perplexity", "--file", "-"], [0xC3]),
            (["eval", "perplexity", "--file", "/nonexistent"], []),
            (["eval", "logits", "--ids", "-"], Array("[]".utf8)),
            (["eval", "logits", "--ids", "-"], Array("[999999]".utf8)),
        ] as [([String], [UInt8])])
    func badInputLeavesWithFive(_ arguments: [String], _ input: [UInt8]) throws {
        let outcome = try program.run(arguments, input: input)
        #expect(outcome.status == 5)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("hiss: "))
    }

    @Test func theByteThatIsNotTextIsNamed() throws {
        let outcome = try program.run(["run", "-"], input: Array("caf".utf8) + [0xE9, 0x0A])
        #expect(outcome.errors.contains("byte 3 of 5 is 0xE9"))
    }

    @Test(arguments: [["run", "-n", "3", "Hello"], ["--version"], ["tokenize"]])
    func outputThatCannotBeWrittenLeavesWithSeven(_ arguments: [String]) throws {
        let process = try program.process(arguments)
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 7)
    }

    @Test func aClosedPipeIsQuiet() throws {
        let process = try program.process(["run", "Hello"])
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try output.fileHandleForReading.close()
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 141)
        #expect(try errors.fileHandleForReading.readToEnd() == nil)
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
    func signalsStopTheAnswerAndKeepIt(_ signal: Int32, _ status: Int32) throws {
        let process = try program.process([
            "run", "--jsonl", "--temp", "0", "-n", "0", "List the numbers from 1 to 5000, one a line.",
        ])
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let reading = output.fileHandleForReading
        var text = ""
        while !text.contains(#""event":"token""#) { text += String(decoding: reading.availableData, as: UTF8.self) }
        kill(process.processIdentifier, signal)
        text += String(decoding: try reading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == status)
        let last = try #require(text.split(separator: "\n").last)
        #expect(last.contains(#""event":"result""#) && last.contains(#""stop_reason":"cancelled""#))
    }
}
