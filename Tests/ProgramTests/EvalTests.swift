import Foundation
import TestSupport
import Testing

@Suite struct EvalTests {
    private let program: Program
    private let ids = Array("[19556, 28, 905, 17, 1812, 314, 260, 7613]".utf8)

    init() throws {
        program = try Program()
    }

    private func logits(_ arguments: String...) throws -> [String: Any] {
        let outcome = try program.run(
            ["eval", "logits", "--ids", "-", "--precision", "exact", "--json"] + arguments, input: ids)
        #expect(outcome.status == 0)
        return try outcome.object()
    }

    @Test func logitsAreThoseOfTheAskedPositions() throws {
        let object = try logits("--positions", "7,0", "--greedy", "3", "--states")
        #expect(object["vocab_size"] as? Int == 49152)
        let rows = try #require(object["logits"] as? [String: [Double]])
        #expect(Set(rows.keys) == ["0", "7"])
        let argmaxes = try #require(object["argmax_all"] as? [Int])
        #expect(argmaxes.count == 8)
        for (position, row) in rows {
            #expect(row.count == 49152)
            #expect(try row.firstIndex(of: #require(row.max())) == argmaxes[#require(Int(position))])
        }
        let greedy = try #require(object["greedy"] as? [Int])
        #expect(greedy.count == 3 && greedy[0] == argmaxes[7])
        let last = try #require(rows["7"]).sorted(by: >)
        let margins = try #require(object["greedy_margins"] as? [Double])
        #expect(margins.count == 3 && abs(margins[0] - (last[0] - last[1])) < 1e-4)
        let first = try #require(rows["0"])
        let top = try #require(first.max())
        let expected = top + log(first.reduce(0) { $0 + exp($1 - top) }) - first[28]
        let likelihoods = try #require(object["nll"] as? [Double])
        #expect(likelihoods.count == 7 && abs(likelihoods[0] - expected) < 1e-4)
        let states = try #require(object["states"] as? [[String: Any]])
        #expect(states.enumerated().allSatisfy { $1["layer"] as? Int == $0 && $1["ssm_state"] != nil })
    }

    @Test func piecesChangeNothingThatMatters() throws {
        let whole = try #require(try logits()["logits"] as? [String: [Double]])["7"]
        let pieces = try #require(try logits("--chunk", "3")["logits"] as? [String: [Double]])["7"]
        let difference = zip(try #require(whole), try #require(pieces)).map { abs($0 - $1) }.max()
        #expect(try #require(difference) < 1e-3)
    }

    @Test func theTwoPrecisionsOfTheShippedModelAreClose() throws {
        let text = Array(
            "<|im_start|>user\nThe lighthouse keeper counted the ships.<|im_end|>\n<|im_start|>assistant\nHow many?"
                .utf8)
        let object = try program.run(["eval", "kl", "--file", "-", "--json"], input: text).object()
        let mean = try #require(object["kl_mean"] as? Double)
        #expect(mean > 0 && mean < 0.02)
        #expect(try #require(object["kl_p99"] as? Double) >= mean)
        #expect(try #require(object["top1_agree"] as? Double) > 0.7)
        #expect(try #require(object["ppl_a"] as? Double) != object["ppl_b"] as? Double)
        let same = try program.run(
            ["eval", "kl", "--against", "smolmamba2", "--file", "-", "--json"], input: text
        ).object()
        #expect(try #require(same["kl_mean"] as? Double) == 0)
        #expect(same["top1_agree"] as? Double == 1)
    }

    /// The shipped model's state takes up what the first token parks in it.
    @Test func aTextsFirstTokenIsRoundedFinely() throws {
        let text = Array(
            "The sun was low over the hills when the two travellers reached the inn, tired after their long walk.".utf8)
        let object = try program.run(["eval", "kl", "--file", "-", "--json"], input: text).object()
        #expect(try #require(object["kl_mean"] as? Double) < 0.01)
    }

    @Test func perplexityIsTheExponentOfTheMean() throws {
        let text = Array("The tide is the rise and fall of the sea.\n".utf8)
        let object = try program.run(["eval", "perplexity", "--file", "-", "--json"], input: text).object()
        let mean = try #require(object["nll_mean"] as? Double)
        #expect(abs(try #require(object["perplexity"] as? Double) - exp(mean)) < 1e-6 * exp(mean))
        #expect(object["tokens"] as? Int == 12)
    }

    @Test func tokensGoThereAndBack() throws {
        let text = "Hello, <|im_end|> wörld! 日本\n"
        let object = try program.run(["tokenize"], input: Array(text.utf8)).object()
        let ids = try #require(object["ids"] as? [Int])
        #expect(ids.contains(2))
        let bytes = try #require(object["token_bytes"] as? [String]).joined()
        #expect(bytes == text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        let list = Array(ids.description.utf8)
        #expect(try program.run(["tokenize", "--decode"], input: list).object()["text"] as? String == text)
        let skipped = try program.run(["tokenize", "--decode", "--skip-special"], input: list).object()
        #expect(skipped["text"] as? String == text.replacing("<|im_end|>", with: ""))
        let plain = try program.run(["tokenize", "--special-as-text"], input: Array(text.utf8)).object()
        #expect(try !#require(plain["ids"] as? [Int]).contains(2))
    }

    @Test func theBenchmarkMeasuresWhatItSays() throws {
        let outcome = try program.run([
            "bench", "-p", "16", "-n", "4", "--depth", "3", "--repetitions", "3", "-t", "1", "-q", "--json",
        ])
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        let object = try outcome.object()
        for name in ["prefill", "decode"] {
            let spread = try #require(object[name] as? [String: Double])
            let (least, median) = (try #require(spread["min"]), try #require(spread["median"]))
            #expect(0 < least && least <= median && median <= spread["max"] ?? 0)
        }
        let decode = try #require((object["decode"] as? [String: Double])?["median"])
        let bytes = try #require(object["bytes_per_token"] as? Double)
        let bandwidth = try #require(object["read_bandwidth"] as? Double)
        let fraction = try #require(object["bandwidth_fraction"] as? Double)
        #expect(abs(fraction - bytes * decode / bandwidth) < 1e-9)
        #expect(try #require(object["peak_bytes"] as? Double) > bytes)
        #expect(try #require(object["load_seconds"] as? Double) > 0)
        #expect(object["threads"] as? Int == 1)
        #expect(object["depth"] as? Int == 3)
    }

    @Test func theBenchmarkMeasuresEveryDepthItIsAskedFor() throws {
        let arguments = ["bench", "-p", "8", "-n", "2", "--repetitions", "1", "-t", "1", "-q", "--json"]
        let depths = try #require(
            try program.run(arguments + ["--depth", "0,300"]).object()["depths"] as? [[String: Any]])
        #expect(depths.map { $0["depth"] as? Int } == [0, 300])
        // The default model has no attention: every token was really read, and its state is as large as before.
        #expect(depths.allSatisfy { $0["cache_is_made_up"] as? Bool == false })
        #expect(depths[0]["state_bytes"] as? Int == depths[1]["state_bytes"] as? Int)
        for wrong in ["", "1,", "-1", "x"] {
            #expect(try program.run(arguments + ["--depth=\(wrong)"]).status == 2)
        }
    }

    @Test func theProfileAddsUpToTheWhole() throws {
        let object = try program.run([
            "bench", "-p", "32", "-n", "2", "--repetitions", "1", "-t", "1", "-q", "--json", "--profile", "--kernels",
        ]).object()
        let profile = try #require(object["profile"] as? [String: [String: Double]])
        for part in ["prefill", "decode"] {
            var seconds = try #require(profile[part])
            let total = try #require(seconds["seconds_per_token"])
            seconds["seconds_per_token"] = nil
            #expect(abs(seconds.values.reduce(0, +) - total) < 1e-9)
            #expect(try #require(seconds["projections"]) > total / 4)
            #expect(seconds["attention"] == nil, "the default model has none")
        }
        #expect(profile["prefill"]?["sampling"] == nil)
        #expect(try #require(profile["decode"]?["sampling"]) > 0)
        let kernels = try #require(object["kernels"] as? [[String: Any]])
        #expect(kernels.reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == 30 * 5 + 1, "five matrices a layer, one head")
        let rates = ["decode_operations_per_second", "prefill_operations_per_second", "streaming_bytes_per_second"]
        #expect(kernels.allSatisfy { kernel in rates.allSatisfy { kernel[$0] as? Double ?? 0 > 0 } })
        #expect(try #require(object["kernel_peak_operations_per_second"] as? Double) > 0)
    }

    @Test func sessionsAreMeasuredAndLeaveNothing() throws {
        let program = try Program()
        let object = try program.run([
            "bench", "-p", "8", "-n", "2", "--repetitions", "1", "-q", "--json", "--sessions",
        ]).object()
        let sessions = try #require(object["sessions"] as? [String: Any])
        #expect((sessions["turns"] as? Int ?? 0) > 3 && (sessions["tokens"] as? Int ?? 0) > 40)
        for name in ["snapshot", "copy", "restore", "keep", "branch", "branch_from_disk", "resume", "regenerate"] {
            let spread = try #require(sessions["\(name)_seconds"] as? [String: Double])
            #expect((spread["median"] ?? 0) > 0)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: program.home.url.path).isEmpty)
    }

    @Test func whatAnAnswerTakesIsMeasured() throws {
        let arguments = ["bench", "-p", "8", "-n", "4", "--repetitions", "2", "-q", "--answer"]
        let answer = try #require(try program.run(arguments + ["--json"]).object()["answer"] as? [String: Any])
        for name in ["fed", "chosen", "kept"] {
            #expect(try #require(answer[name] as? [String: Double])["median"] ?? 0 > 0)
        }
        for name in ["choosing_part", "keeping_part"] {
            #expect(try #require(answer[name] as? Double) < 1)
        }
        let table = try program.run(arguments).text
        #expect(table.contains("choosing takes") && table.contains("places to go back to take"))
    }

    @Test func sessionsSideBySideAreMeasured() throws {
        let arguments = ["bench", "-p", "8", "-n", "4", "--repetitions", "2", "-t", "2", "-q", "--side-by-side"]
        let object = try program.run(arguments + ["--json"]).object()
        let pair = try #require(object["side_by_side"] as? [String: [String: Double]])
        let median = try ["alone", "together", "slower", "faster"].map { try #require(pair[$0]?["median"]) }
        #expect(median.allSatisfy { $0 > 0 })
        #expect(median[2] <= median[3] && median[3] < median[1], "a session is a part of both")
        let table = try program.run(arguments).text
        #expect(table.contains("one alone") && table.contains("together") && table.contains("each"))
    }
}
