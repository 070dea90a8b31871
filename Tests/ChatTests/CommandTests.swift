import Chat
import Testing

@Suite struct CommandTests {
    @Test(arguments: [
        ("Hello", SubmittedLine.message("Hello")), ("", .message("")), ("a /help", .message("a /help")),
        (" /help", .message(" /help")), ("//etc is a path", .message("/etc is a path")), ("///", .message("//")),
        ("/help", .command(.help, argument: "")), ("/stats  ", .command(.stats, argument: "")),
        ("/reset Be brief, and kind.", .command(.reset, argument: "Be brief, and kind.")),
        ("/reset\nYou are a poet.", .command(.reset, argument: "You are a poet.")),
        ("/hlep", .unknown(word: "hlep", nearest: .help)), ("/resett x", .unknown(word: "resett", nearest: .reset)),
        ("/banana", .unknown(word: "banana", nearest: nil)), ("/", .unknown(word: "", nearest: nil)),
        ("/x", .unknown(word: "x", nearest: nil)), ("/HELP", .unknown(word: "HELP", nearest: nil)),
        ("/tmp/file", .unknown(word: "tmp/file", nearest: nil)), ("/ quit", .unknown(word: "", nearest: nil)),
    ])
    func lineIsReadAs(_ line: String, _ meaning: SubmittedLine) {
        #expect(SubmittedLine(line) == meaning)
    }

    @Test func tableHasEveryCommandOnceAndSaysWhatItDoes() {
        #expect(Command.all.map(\.name) == Command.Name.allCases)
        #expect(Command.all.allSatisfy { !$0.summary.isEmpty })
    }

    @Test func onlyWhatLeavesTheStateAloneIsAllowedWhileGenerating() {
        let allowed: Set<Command.Name> = [
            .help, .stop, .sessions, .file, .editFile, .stats, .models, .set, .resetSettings, .seed, .meters, .theme,
            .find,
            .copy, .keys, .wrap, .ascii, .mouse, .info, .doctor, .log, .dumpFrame, .quit,
        ]
        #expect(Set(Command.all.filter(\.whileGenerating).map(\.name)) == allowed)
    }
}
