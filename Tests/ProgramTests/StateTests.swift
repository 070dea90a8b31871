import Foundation
import TestSupport
import Testing

/// States in files, with the shipped model.
@Suite struct StateTests {
    private let program: Program
    private let file: String

    init() throws {
        program = try Program()
        file = program.home.url.appending(path: "trip.hiss").path
        for prompt in ["Remember: my room is 412.", "Which room is mine?"] {
            let outcome = try program.run(["run", "-q", "-s", "trip", "--temp", "0", "-n", "12", prompt])
            try #require(outcome.status == 0, "\(outcome.errors)")
        }
        try #require(program.run(["session", "export", "trip", "-o", file, "-q"]).status == 0)
    }

    /// The files of the store's snapshots.
    private func snapshots() throws -> [String] {
        let folder = program.home.url.appending(path: "snapshots").path
        let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.hasSuffix(".safetensors") }.map { "\(folder)/\($0)" }
    }

    @Test func whatAStateIsIsSaidWithoutItsModel() throws {
        let object = try program.run(["state", "info", "--json", file]).object()
        #expect(object["kind"] as? String == "session" && object["turn"] as? String == "2")
        #expect(object["model"] as? String == "smolmamba2" && object["states"] as? Int == 2)
        let shown = try program.run(["session", "show", "--json", "trip"]).object()
        let seen = (shown["timeline"] as? [[String: Any]])?.compactMap { $0["tokens_seen"] as? Int }
        #expect(object["tokens_seen"] as? Int == seen?.last)
        let first = try program.run(["state", "info", "--json", "--turn", "1", file]).object()
        #expect(first["tokens_seen"] as? Int == seen?[1])
        let layers = try #require(object["layers"] as? [[String: Any]])
        let parts = layers.flatMap { $0["parts"] as? [[String: Any]] ?? [] }
        #expect(parts.reduce(0) { $0 + ($1["bytes"] as? Int ?? 0) } == object["state_bytes"] as? Int)
        let text = try program.run(["state", "info", file]).text
        let digest = try #require(object["sha256"] as? String)
        #expect(text.contains("ssm_state F32 [") && text.contains(digest))
    }

    @Test func aSnapshotOfTheStoreIsAState() throws {
        let expected = try program.run(["state", "probe", "--json", file]).object()
        let found = try snapshots().map { try program.run(["state", "probe", "--json", $0]).object() }
        let same = try #require(found.first { $0["tokens_seen"] as? Int == expected["tokens_seen"] as? Int })
        for key in ["next", "layers"] {
            #expect(same[key] as? NSObject == expected[key] as? NSObject && same[key] != nil)
        }
        let snapshot = try #require(try snapshots().first)
        let name = URL(filePath: snapshot).deletingPathExtension().lastPathComponent
        #expect(try program.run(["state", "info", "--json", snapshot]).object()["sha256"] as? String == name)
        #expect(try program.run(["state", "info", "--turn", "1", snapshot]).status == 2)
    }

    @Test func whatTwoStatesSayIsCompared() throws {
        let turns = ["--from-turn", "1", "--to-turn", "2"]
        let here = try program.run(["state", "diff", "--json", file, file] + turns).object()
        var there = try program.run(["session", "diff", "--json", "trip", "1", "2"]).object()
        #expect(here["from"] as? String == "trip.hiss@1" && here["to"] as? String == "trip.hiss@2")
        (there["from"], there["to"]) = (here["from"], here["to"])
        #expect(here as NSDictionary == there as NSDictionary)
        let same = try program.run(["state", "diff", "--json", file, file]).object()
        #expect(same["kl_nats"] as? Double == 0)
        #expect(try program.run(["state", "diff", file, file] + turns).text.contains("next token:  entropy"))
    }

    @Test func aQuestionIsAnsweredFromTheStateAndChangesNothing() throws {
        let before = try Data(contentsOf: URL(filePath: file))
        let question = "Which room is mine?"
        let object = try program.run(["state", "probe", "--json", "--turn", "1", "-n", "12", file, question]).object()
        let shown = try program.run(["session", "show", "--json", "trip"]).object()
        let timeline = try #require(shown["timeline"] as? [[String: Any]])
        // As the session itself answered it there.
        #expect(object["answer"] as? String == timeline.last?["answer"] as? String)
        let choices = (object["next"] as? [String: Any])?["top"] as? [[String: Any]]
        #expect(choices?.count == 8)
        #expect(try program.run(["state", "probe", file, question]).text.contains("\nanswer:\n"))
        #expect(try Data(contentsOf: URL(filePath: file)) == before)
    }

    @Test func whatIsNoStateIsRefused() throws {
        let folder = program.home.url
        func refused(_ arguments: [String], _ status: Int32, _ words: String...) throws {
            let outcome = try program.run(["state"] + arguments)
            #expect(outcome.status == status && outcome.output.isEmpty, "\(arguments)")
            for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
        }
        try refused(["info", "\(folder.path)/none.hiss"], 4, "can't read a state from", "none.hiss")
        let text = folder.appending(path: "text.hiss")
        try Data("not a state at all, only some words that go on for a while".utf8).write(to: text)
        try refused(["info", text.path], 4, "text.hiss")
        try refused(["info", "--turn", "9", file], 4, "there is no turn '9'", "its turns are 0, 1, 2")
        try refused(["info", "--turn", "0", file], 4, "no state of turn 0 is kept", "1, 2")

        var bytes = try Data(contentsOf: URL(filePath: file))
        try bytes.prefix(bytes.count / 2).write(to: text)
        for command in [["info"], ["probe"], ["diff", file]] { try refused(command + [text.path], 4, "text.hiss") }
        let format = try #require(bytes.firstRange(of: Data("hiss-session-1".utf8)))
        bytes.replaceSubrange(format, with: Data("hiss-session-9".utf8))
        try bytes.write(to: text)
        try refused(["info", text.path], 4, "its format is hiss-session-9", "try: a newer version of hiss")
        // Another precision computes other states.
        try refused(["probe", "--precision", "exact", file], 4, "was made by smolmamba2")
        try refused(["probe", "--top", "0", file], 2, "--top cannot be 0")
        try refused([], 2, "info, diff, probe")
    }
}
