import Foundation
import TestSupport
import Testing

@Suite struct PairCommandTests {
    private let program: Program

    init() throws {
        program = try Program()
    }

    @Test func aMissingBaselineIsOffered() throws {
        let outcome = try program.run(["compare", "smolmamba2", "smollm2", "hello"])
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("try: hiss model pull smollm2"))
    }

    @Test func aPromptInAModelsPlaceIsExplained() throws {
        let outcome = try program.run(["compare", "What is a tide?"])
        #expect(outcome.status == 2 && outcome.errors.contains("the third one is the prompt"), "\(outcome.errors)")
    }

    @Test func whatIsForTheScreenIsRefusedWithoutOne() throws {
        for flags in [["--blind"], ["-s", "trip"]] {
            let outcome = try program.run(["compare", "smolmamba2", "smolmamba2"] + flags + ["hello"])
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("is for a comparison on the whole screen"))
        }
    }

    @Test func noVotesAreNone() throws {
        #expect(try program.run(["votes"]).text == "No vote yet: hiss compare asks for one (^X v).\n")
        let object = try program.run(["votes", "--json", "--blind"]).object()
        #expect(object["votes"] as? Int == 0 && (object["pairs"] as? [Any])?.isEmpty == true)
    }
}
