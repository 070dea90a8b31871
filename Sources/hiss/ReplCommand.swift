import ArgumentParser

/// The chat, line by line.
struct ReplCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repl", abstract: "Chat line by line, with editing and history.")

    @OptionGroup(title: "Session") var session: SessionOptions
    @OptionGroup(title: "Session") var saving: SavingFlags
    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Model") var compute: ComputeOptions
    @OptionGroup(title: "Conversation") var conversation: ConversationOptions
    @OptionGroup(title: "Sampling") var sampling: SamplingFlags
    @OptionGroup(title: "Screen") var lines: LineFlags
    @OptionGroup(title: "Notes") var notes: NoteFlags

    func run() async throws {
        let composition = try Composition(model, notes: notes)
        let start = try await SessionStart(composition, session, keepsNothing: saving.keepsNothing)
        let frontEnd = try FrontEnd(
            start, compute: compute, conversation: conversation, sampling: sampling, lines: lines)
        try await LineLoop.open(frontEnd, notes: notes).run()
    }
}
