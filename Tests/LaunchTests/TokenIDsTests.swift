import Chat
import Launch
import Testing

@Suite struct TokenIDsTests {
    private func parse(_ text: String) throws -> [Int32] {
        try TokenIDs.parse(Array(text.utf8), from: "standard input")
    }

    @Test(
        arguments: [
            ("[]", []), (" [ ] \n", []), ("[1]", [1]), ("[1,2 , 3]\n", [1, 2, 3]),
            ("[-1,0,2147483647]", [-1, 0, .max]),
        ] as [(String, [Int32])])
    func arraysOfWholeNumbersAreRead(_ text: String, _ ids: [Int32]) throws {
        #expect(try parse(text) == ids)
    }

    @Test(arguments: [
        ("", 0), ("[", 1), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[1 2]", 3), ("[1.5]", 2), ("[\"a\"]", 1), ("{}", 0),
        ("[2147483648]", 1), ("[1] x", 4), ("[[1]]", 1), ("[-]", 1),
    ])
    func theFirstByteThatDoesNotFitIsNamed(_ text: String, _ offset: Int) throws {
        let error = try #require(throws: LaunchError.self) { try parse(text) }
        #expect(error.status == .input)
        #expect(error.failure.why?.hasPrefix("at byte \(offset) ") == true, "\(error)")
    }

    @Test func idsOutsideTheVocabularyAreRefused() throws {
        try TokenIDs.check([0, 9], vocabSize: 10, from: "x")
        for ids in [[0, 10], [-1, 3]] as [[Int32]] {
            let error = try #require(throws: LaunchError.self) { try TokenIDs.check(ids, vocabSize: 10, from: "x") }
            #expect(error.status == .input)
            #expect(error.failure.why?.contains("0 to 9") == true)
        }
    }
}

@Suite struct ArgumentOrderTests {
    @Test(arguments: [
        (["run", "x"], ["run", "x"]),
        (["-m", "run", "run", "x"], ["run", "-m", "run", "x"]),
        (["--temp=0", "-q", "--seed", "1", "run", "run"], ["run", "--temp=0", "-q", "--seed", "1", "run"]),
        (["--plain"], ["--plain"]),
        (["-m", "x"], ["-m", "x"]),
        (["-m"], ["-m"]),
        (["--", "run"], ["--", "run"]),
        (["x", "run"], ["x", "run"]),
        ([], []),
    ])
    func theSubcommandComesFirst(_ arguments: [String], _ expected: [String]) {
        #expect(ArgumentOrder.subcommandFirst(arguments, subcommands: ["run", "bench"]) == expected)
    }
}
