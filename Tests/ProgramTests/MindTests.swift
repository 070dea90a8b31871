import Foundation
import Testing

/// What tokens read from, as files and text, with the shipped model.
@Suite struct MindTests {
    private let program: Program
    private let text = "Paris is the capital of France. Rome is the capital of"

    init() throws {
        program = try Program()
    }

    private func numbers(_ object: [String: Any], _ name: String) -> [Double] {
        ((object["state_space"] as? [String: Any])?[name] as? [Double]) ?? []
    }

    @Test func everyFormHasTheSameNumbers() throws {
        let object = try program.run(["mind", "--json", "--layer", "7", text]).object()
        let tokens = try #require(object["tokens"] as? [[String: Any]])
        #expect(tokens.compactMap { $0["text"] as? String }.joined().hasSuffix(text))
        #expect(object["token"] as? Int == tokens.count - 1 && object["layer"] as? Int == 7)
        let reads = numbers(object, "reads")
        #expect(reads.count == tokens.count && abs(reads.reduce(0, +) - 1) < 1e-6)
        #expect(numbers(object, "retained").last == 1 && numbers(object, "written").allSatisfy { $0 > 0 })
        let layers = try #require(object["layers"] as? [[String: Any]])
        #expect(layers.count == 30)

        let report = try program.run(["mind", "--layer", "7", text]).text
        let lines = report.split(separator: "\n").map(String.init)
        // A layer a row, with the numbers of the object.
        for (index, layer) in layers.enumerated() {
            let name = index < 10 ? "L0\(index)" : "L\(index)"
            let row = try #require(lines.first { $0.dropFirst().hasPrefix(name) })
            let delta = try #require(layer["delta"] as? Double)
            let lens = try #require((layer["lens"] as? [String: Any])?["p"] as? Double)
            let reach = try #require(layer["reach_90"] as? Int)
            for expected in [
                String(format: delta < 0.0995 ? "%.3f" : "%.2f", delta), " \(reach) ", String(format: "%.2f", lens),
            ] {
                #expect(row.contains(expected), "\(row) without \(expected)")
            }
        }
        // The tokens that most is read from, in the object's order.
        let order = reads.indices.sorted { reads[$0] > reads[$1] }.prefix(3)
        let start = try #require(lines.firstIndex(of: "most is read from:"))
        for (row, token) in zip(lines[(start + 1)...], order) {
            let share = reads[token] * 100
            #expect(
                row.hasPrefix("  \(token) ")
                    && row.contains(String(format: share < 9.95 ? "%.1f %%" : "%.0f %%", share)))
        }
        let reach = (object["state_space"] as? [String: Any])?["reach_90"] as? Int
        #expect(report.contains("reads 90 % from the last \(reach ?? -1) tokens"))

        let drawing = try program.run(["mind", "--svg", "--layer", "7", text]).text
        #expect(drawing.hasPrefix("<svg xmlns=") && drawing.contains("90 % within the last \(reach ?? -1) tokens"))
        for (token, share) in reads.enumerated() where share > 0 {
            #expect(drawing.contains("token \(token): \(String(format: "%.4f", share))"))
        }
    }

    @Test func aSessionIsLookedAtAndStaysAsItIs() throws {
        for prompt in ["Remember: my room is 412.", "Which room is mine?"] {
            let outcome = try program.run(["run", "-q", "-s", "trip", "--temp", "0", "-n", "12", prompt])
            try #require(outcome.status == 0, "\(outcome.errors)")
        }
        let before = try program.run(["session", "show", "--json", "trip"]).object()
        let object = try program.run(["mind", "--json", "-s", "trip", "--token", "3", "--head", "2"]).object()
        #expect(object["token"] as? Int == 3 && object["head"] as? Int == 2)
        let seen = (before["timeline"] as? [[String: Any]])?.compactMap { $0["tokens_seen"] as? Int }
        #expect(object["reread"] as? Int == seen?.last)
        #expect((object["tokens"] as? [Any])?.count == seen?.last)
        let after = try program.run(["session", "show", "--json", "trip"]).object()
        #expect(after as NSDictionary == before as NSDictionary)
        let next = try program.run(["run", "--json", "-s", "trip", "--temp", "0", "-n", "4", "And?"]).object()
        #expect(next["recomputed"] as? Int == 0)
    }

    @Test func whatCantBeLookedAtIsExplained() throws {
        for (arguments, words) in [
            (["--token", "9999", text], "there is no token 9999"), (["--layer", "30", text], "there is no layer 30"),
            (["--head", "99", text], "there is no head 99"), (["--json", "--svg", text], "only one of"),
            (["-s", "x", text], "can't be had together"),
        ] {
            let outcome = try program.run(["mind"] + arguments)
            #expect(outcome.status == 2 && outcome.errors.contains(words), "\(outcome.errors)")
        }
        #expect(try program.run(["mind", "-s", "nobody"]).status == 4)
        #expect(try program.run(["mind", "-"]).status == 5)
    }
}
