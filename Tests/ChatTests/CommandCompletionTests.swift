import Chat
import Testing

@Suite struct CommandCompletionTests {
    private func lines(_ line: String) -> [String] {
        CommandCompletion.candidates(for: line) { place in
            switch place.words {
            case .turns: [CommandCompletion.Word("2", "two"), CommandCompletion.Word("2b")]
            case .files: [CommandCompletion.Word("my notes.txt"), CommandCompletion.Word("docs/")]
            case .personas: [CommandCompletion.Word("guide")]
            default: []
            }
        }.map(\.line)
    }

    @Test(arguments: [
        ("/re", ["/regen", "/redo ", "/reset ", "/rename ", "/reset-set"]), ("/quit", ["/quit"]), ("//re", []),
        ("re", []), ("/nothing ", []),
        ("/help re", ["/help regen", "/help redo", "/help reset", "/help rename", "/help reset-set"]),
        ("/goto 2", ["/goto 2b"]), ("/goto  ", ["/goto  2", "/goto  2b"]), ("/diff ", ["/diff 2 ", "/diff 2b "]),
        ("/diff 2b 2", ["/diff 2b 2b"]), ("/file my n", ["/file my notes.txt"]),
        ("/export m", ["/export md "]), ("/export md d", ["/export md docs/"]), ("/persona l", ["/persona load "]),
        ("/persona load ", ["/persona load guide"]), ("/seed ", ["/seed new"]), ("/undo ", []), ("/file a\nb", []),
    ])
    func linesGoOn(_ line: String, _ expected: [String]) {
        #expect(lines(line) == expected)
    }
}
