import Foundation
import TestSupport
import Testing

/// Sessions as scripts use them, with the shipped model.
@Suite struct SessionTests {
    private let program: Program
    private let greedy = ["--temp", "0", "-n", "24"]

    init() throws {
        program = try Program()
    }

    private func run(_ session: String, _ prompt: String, _ more: [String] = []) throws -> [String: Any] {
        let outcome = try program.run(["run", "--json", "-s", session] + greedy + more + [prompt])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try outcome.object()
    }

    @Test func aSecondRunGoesOnAsIfNothingHadBeenBetween() throws {
        let first = try run("trip", "Remember: my room is 412.")
        #expect(first["session"] as? String == "trip")
        let second = try run("trip", "Which room is mine?")
        #expect(second["recomputed"] as? Int == 0)
        let seen = try #require(first["tokens_seen"] as? Int)
        let read = try #require(second["prompt_tokens"] as? Int)
        let written = try #require(second["completion_tokens"] as? Int)
        #expect(second["tokens_seen"] as? Int == seen + read + written)

        // The same in one process.
        let lines = "Remember: my room is 412.\nWhich room is mine?\n"
        let uninterrupted = try program.run(
            ["repl", "--plain", "--no-autosave", "-q", "--temp", "0"], input: Array(lines.utf8))
        let answer = try #require(second["text"] as? String)
        #expect(uninterrupted.text.contains(answer))
        let listed = try program.run(["session", "list"]).text
        #expect(listed.hasPrefix("trip ") && listed.split(separator: "\n").count == 1)
    }

    @Test func linesOfJSONNameTheSession() throws {
        _ = try run("a", "Hello")
        let outcome = try program.run(["run", "--jsonl", "-c"] + greedy + ["Hello again"])
        let line = try #require(outcome.text.split(separator: "\n").first)
        let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(event["session"] as? String == "a" && event["recomputed"] as? Int == 0)
    }

    @Test func saveMakesANewSessionAndNeverChangesOne() throws {
        let arguments = ["run", "-q", "--save", "kept"] + greedy + ["Hello"]
        #expect(try program.run(arguments).status == 0)
        let again = try program.run(arguments)
        #expect(again.status == 4)
        #expect(again.errors.contains("hiss: there is a session 'kept' already"))
        #expect(try program.run(["run", "-s", "a", "--save", "b", "Hi"]).status == 2)
        #expect(try program.run(["run", "-q"] + greedy + ["Hello"]).status == 0)
        #expect(try program.run(["session", "list"]).text.split(separator: "\n").count == 1)
    }

    @Test func sessionsAreListedShownFoundRenamedForkedAndDeleted() throws {
        _ = try run("trip", "What is a tide?")
        _ = try run("trip", "And the moon?")
        let shown = try program.run(["session", "show", "trip"]).text
        #expect(shown.contains("What is a tide?") && shown.contains("@ 2"))
        let object = try program.run(["session", "show", "--json", "trip"]).object()
        #expect((object["timeline"] as? [[String: Any]])?.count == 3)
        #expect(try program.run(["session", "search", "moon"]).text.hasPrefix("trip: "))
        #expect(try program.run(["session", "search", "giraffe"]).text == "")
        #expect(try program.run(["session", "rename", "trip", "sea"]).status == 0)
        #expect(try program.run(["session", "fork", "sea", "lake", "--turn", "1"]).text == "lake\n")
        let forked = try program.run(["session", "show", "--json", "lake"]).object()
        #expect((forked["timeline"] as? [[String: Any]])?.count == 2)
        #expect(try program.run(["session", "verify"]).text == "all right\n")
        let verified = try program.run(["session", "verify", "--json", "sea"]).object()
        #expect(verified["ok"] as? Bool == true && (verified["problems"] as? [String])?.isEmpty == true)
        let merged = try program.run(["session", "merge", "--json", "sea", "1"]).object()
        #expect(merged["turn"] as? String == "2b" && merged["merged"] as? String == "1")
        #expect(try program.run(["session", "rm", "sea"]).status == 2)
        #expect(try program.run(["session", "rm", "--yes", "sea", "none"]).status == 4)
        #expect(try program.run(["session", "list"]).text.split(separator: "\n").count == 2)
        #expect(try program.run(["session", "rm", "--yes", "sea"]).status == 0)
        #expect(try run("lake", "Hello")["recomputed"] as? Int == 0)
    }

    @Test func anExportGoesOnElsewhere() throws {
        _ = try run("trip", "Remember: my room is 412.")
        let file = program.home.url.appending(path: "trip.hiss").path
        #expect(try program.run(["session", "export", "trip", "-o", file, "-q"]).status == 0)
        #expect(try program.run(["session", "export", "trip", "-o", file, "-q"]).status == 7)
        let elsewhere = try Program()
        let imported = try elsewhere.run(["session", "import", file])
        #expect(imported.status == 0 && imported.text == "trip\n", "\(imported.errors)")
        let there = try elsewhere.run(["run", "--json", "-s", "trip"] + greedy + ["Which room is mine?"]).object()
        let here = try run("trip", "Which room is mine?")
        #expect(there["ids"] as? [Int] == here["ids"] as? [Int])
        #expect(there["recomputed"] as? Int == 0)
        for format in ["md", "txt", "json"] {
            let text = try program.run(["session", "export", "trip", "--format", format]).text
            #expect(text.contains("Which room is mine?"))
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        _ = try run("trip", "Hello")
        let refused = try program.run(["run", "-s", "trip", "--precision", "exact", "Hello"])
        #expect(refused.status == 4)
        #expect(refused.errors.hasPrefix("hiss: cannot resume 'trip'\n  it was made by smolmamba2 ("))
        let unknown = try program.run(["session", "show", "tripe"])
        #expect(unknown.status == 4)
        #expect(unknown.errors.contains("there is no session 'tripe'") && unknown.errors.contains("trip"))
        #expect(try Program().run(["run", "-c", "Hello"]).status == 4)
        #expect(try program.run(["repl", "-s", "trip", "--no-autosave"]).status == 2)
        #expect(try program.run(["run", "-s", "trip", "-c", "Hello"]).status == 2)
    }

    @Test func aSessionBringsHowItIsComputed() throws {
        _ = try run("sharp", "Hello", ["--precision", "exact", "--top-k", "7"])
        let outcome = try program.run(["run", "-v", "-s", "sharp", "-n", "2", "Hello"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("precision = exact (session 'sharp')"))
        #expect(outcome.errors.contains("sampler.top_k = 7 (session 'sharp')"))
        #expect(outcome.errors.contains("model = smolmamba2 (session 'sharp')"))
    }

    @Test func anotherProcessThatWritesTheSessionIsNamed() throws {
        _ = try run("trip", "Hello")
        let holder = try program.process(["repl", "--plain", "-s", "trip"])
        let (input, output) = (Pipe(), Pipe())
        (holder.standardInput, holder.standardOutput, holder.standardError) = (input, output, output)
        try holder.run()
        // It says so once it has the session.
        var said = ""
        while !said.contains("Resumed 'trip'") {
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "\(said)")
            said += String(decoding: data, as: UTF8.self)
        }
        let refused = try program.run(["run", "-s", "trip", "Hello"])
        #expect(refused.status == 4)
        #expect(refused.errors.contains("process \(holder.processIdentifier) "), "\(refused.errors)")
        try input.fileHandleForWriting.close()
        holder.waitUntilExit()
        #expect(holder.terminationStatus == 0)
        #expect(try run("trip", "Hello")["recomputed"] as? Int == 0)
    }

    @Test func lineModeGoesBackForksAndComesBack() throws {
        let lines = [
            "Remember: my room is 412.", "And my bed is the left one.", "/undo", "/fork second", "What did I say?",
            "/load first", "/time", "/ask Which room?", "/diff", "/step 1", "/export md \(program.home.url.path)/a.md",
        ]
        let outcome = try program.run(
            ["repl", "--plain", "-s", "first", "--temp", "0"], input: Array(lines.joined(separator: "\n").utf8))
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("This is 'second' now"))
        #expect(outcome.errors.contains("recomp") == false || outcome.errors.contains("recomp 0"))
        #expect(outcome.text.contains("state diff ") && outcome.text.contains("could come next"))
        #expect(outcome.errors.contains("asked on a copy"))
        #expect(outcome.errors.contains("Written: "))
        let sessions = try program.run(["session", "list"]).text
        #expect(sessions.contains("first") && sessions.contains("second"))
    }
}
