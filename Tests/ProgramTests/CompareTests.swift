import Foundation
import TestSupport
import Testing

/// `hiss compare` and `hiss eval probes` with tiny models.
@Suite struct CompareTests {
    private let program: Program
    private let recurrent: String
    private let attention: String

    init() throws {
        program = try Program()
        recurrent = try program.home.write(TinyGGUF.model(.mamba2).build(), "recurrent.gguf")
        attention = try program.home.write(TinyGGUF.model(.llama).build(), "attention.gguf")
    }

    private static let small = ["--trials", "3", "--distances", "8,80", "--depths", "0,300"]

    private func object(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try program.run(["compare"] + arguments + ["--json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try outcome.object()
    }

    @Test func lockStepSaysWhatScriptsNeed() throws {
        let found = try object([recurrent, attention, "abc", "--lockstep", "-n", "5", "--temp", "0"])
        #expect(found["top1_agree"] is Double && found["kl_mean"] is Double)
        #expect(found["compared_tokens"] as? Int == 5)
        for side in ["a", "b"] {
            let side = try #require(found[side] as? [String: Any])
            #expect(side["tokens_per_second"] is Double && side["perplexity"] is Double)
            #expect(try #require(side["memory_bytes"] as? Int) > 0)
            #expect(side["completion_tokens"] as? Int == 5)
        }
        #expect(found["probes"] == nil)
    }

    @Test func probesRunOnAnyTwoModels() throws {
        let found = try object([recurrent, attention, "--probes", "all", "--seed", "7"] + Self.small)
        #expect((found["prompts"] as? [Any])?.isEmpty == true)
        let probes = try #require(found["probes"] as? [String: Any])
        #expect(probes["seed"] as? Int == 7 && probes["trials"] as? Int == 3)
        let recall = try #require(probes["recall"] as? [[String: Any]])
        #expect(recall.map { $0["probe"] as? String } == ["needle", "copy", "association"])
        for probe in recall {
            let rows = try #require(probe["rows"] as? [[String: Any]])
            #expect(rows.map { $0["distance"] as? Int } == [8, 80])
            for row in rows {
                let chance = try #require(row["chance"] as? Double)
                #expect(chance > 0 && chance < 1)
                for side in ["a", "b"] {
                    let cell = try #require(row[side] as? [String: Any])
                    let (low, value, high) = (
                        try #require(cell["correct_low"] as? Double), try #require(cell["correct"] as? Double),
                        try #require(cell["correct_high"] as? Double)
                    )
                    #expect(0 <= low && low <= value && value <= high && high <= 1 && low < high)
                    #expect(try #require(cell["log_probability"] as? Double) < 0)
                    // The files say that training had 64 tokens.
                    #expect(try cell["past_trained_context"] as? Bool == (#require(row["length"] as? Int) > 64))
                }
            }
        }
        let losses = try #require(probes["perplexity"] as? [[String: Any]])
        #expect(losses.map { $0["to"] as? Int } == [8, 80])
        let depths = try #require(probes["depth"] as? [[String: Any]])
        func cells(_ side: String, _ key: String) -> [Any?] { depths.map { ($0[side] as? [String: Any])?[key] } }
        #expect(cells("a", "made_up_cache") as? [Bool] == [false, false])
        #expect(cells("b", "made_up_cache") as? [Bool] == [false, true])
        let memory = try #require(cells("a", "memory_bytes") as? [Int])
        #expect(memory[0] == memory[1])
        // Two layers of one key-value head of 4 values, in float16.
        #expect(cells("b", "memory_bytes") as? [Int] == [0, 300 * 2 * 2 * 4 * 2])

        let again = try object([recurrent, attention, "--probes", "needle,copy", "--seed", "7"] + Self.small)
        let same = try #require((again["probes"] as? [String: Any])?["recall"] as? [[String: Any]])
        #expect(same as NSArray == Array(recall.prefix(2)) as NSArray)
    }

    @Test func reportsCanBePasted() throws {
        let arguments = ["compare", recurrent, attention, "--probes", "all"] + Self.small
        let markdown = try program.run(arguments + ["--markdown"]).text
        for title in ["needle:", "copy:", "association:", "perplexity by position:", "decoding after"] {
            #expect(markdown.contains("**\(title)"))
        }
        #expect(markdown.contains("+: keys and values were made up") && markdown.contains("3 trials from seed 1"))
        let text = try program.run(arguments).text
        #expect(text.contains("tokens between  A right") && text.contains("*: longer than what a model was trained on"))
        let drawing = try program.run(arguments + ["--svg"])
        let count = { (part: String) in drawing.text.components(separatedBy: part).count - 1 }
        #expect(drawing.text.hasPrefix("<svg ") && drawing.text.hasSuffix("</svg>\n"))
        #expect(count("<g ") == 7 && count("</g>") == 7)
        #expect(!drawing.text.contains("nan") && !drawing.text.contains("inf"))
        #expect(drawing.text.contains("Recall: association") && drawing.text.contains("A trained"))
    }

    @Test func oneRunWritesEveryForm() throws {
        let names = ["report.json", "report.md", "report.svg", "report.txt"]
        let files = names.map { program.home.url.appending(path: $0) }
        let arguments =
            ["compare", recurrent, attention, "--probes", "needle,depth"] + Self.small
            + files.flatMap { ["-o", $0.path] }
        let outcome = try program.run(arguments)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
        #expect(outcome.text == texts[3] && outcome.text.contains("tokens between  A right"))
        #expect(texts[0].hasPrefix("{\"mode\":") && texts[1].contains("**needle:"))
        // Each plot has a name beside its y axis, and depth 0 a place of its own.
        #expect(texts[2].components(separatedBy: "rotate(-90").count - 1 == 4 && texts[2].contains(">0</text>"))
        let again = try program.run(arguments)
        #expect(again.status == 2 && again.errors.contains("is there already") && again.text.isEmpty)
        #expect(try program.run(["compare", recurrent, attention, "-o", "report.pdf"]).errors.contains(".svg or .txt"))
    }

    @Test func oneModelCanBeProbedAlone() throws {
        let outcome = try program.run(["eval", "probes", "-m", recurrent, "--probes", "copy", "--json"] + Self.small)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let rows = try #require(
            (try outcome.object()["recall"] as? [[String: Any]])?.first?["rows"] as? [[String: Any]])
        #expect(rows.count == 2 && rows.allSatisfy { $0["a"] != nil && $0["b"] == nil })
    }

    @Test func aTimeInvariantModelRunsBesideItself() throws {
        let found = try object(
            [recurrent, "--time-invariant", "--prompts", "-", "--lockstep", "-n", "6", "--probes", "needle"]
                + Self.small, input: "abc\nsad\n")
        #expect((found["b"] as? [String: Any])?["model"] as? String == "Tiny, time-invariant")
        #expect(try #require(found["kl_mean"] as? Double) > 0)
        #expect(found["probes"] != nil && (found["prompts"] as? [Any])?.count == 2)
        let outcome = try program.run(["compare", attention, "--time-invariant"])
        #expect(outcome.status == 3 && outcome.errors.contains("has no state-space layer"))
    }

    private func object(_ arguments: [String], input: String) throws -> [String: Any] {
        let outcome = try program.run(["compare"] + arguments + ["--json"], input: Array(input.utf8))
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try outcome.object()
    }

    @Test(arguments: [
        (["--probes", "neddle"], "association"),
        (["--probes", "all", "--distances", "1"], "2 tokens or more"),
        (["--probes", "all", "--trials", "0"], "1 or more"),
    ])
    func whatCannotBeProbedIsSaid(arguments: [String], reason: String) throws {
        let outcome = try program.run(["compare", recurrent, attention] + arguments)
        #expect(outcome.status == 2 && outcome.errors.contains(reason), "\(outcome.errors)")
    }
}
