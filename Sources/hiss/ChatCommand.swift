import ArgumentParser
import Glibc
import Launch

/// The chat on the whole screen.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Chat on the whole screen; without a terminal to read from, answer as hiss run - does.")

    @OptionGroup(title: "Session") var session: SessionOptions
    @OptionGroup(title: "Session") var saving: SavingFlags
    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Model") var compute: ComputeOptions
    @OptionGroup(title: "Conversation") var conversation: ConversationOptions
    @OptionGroup(title: "Sampling") var sampling: SamplingFlags
    @OptionGroup(title: "Screen") var lines: LineFlags
    @OptionGroup(title: "Screen") var screen: ScreenFlags
    @OptionGroup(title: "Answer, without a terminal to read from") var answer: AnswerOptions
    @OptionGroup(title: "Notes") var notes: NoteFlags

    func run() async throws {
        guard isatty(STDIN_FILENO) == 1 else {
            let job = OneAnswer(
                prompt: "-", answer: answer, session: session, model: model, compute: compute,
                conversation: conversation,
                sampling: sampling, notes: notes)
            return try await job.perform()
        }
        if let flag = answer.given {
            throw LaunchError(
                .usage, "\(flag) is for one answer, not for a chat", why: "standard input is a terminal",
                advice: "hiss run \(flag) … PROMPT")
        }
        guard Output.standardOutput.isTerminal else {
            throw LaunchError(
                .usage, "a chat needs a terminal to write to", why: "standard output is none",
                advice: "hiss run PROMPT > FILE")
        }
        let composition = try Composition(model, notes: notes)
        let start = try await SessionStart(composition, session, keepsNothing: saving.keepsNothing)
        let frontEnd = try FrontEnd(
            start, compute: compute, conversation: conversation, sampling: sampling, lines: lines)
        if frontEnd.plain.value {
            try await LineLoop.open(frontEnd, notes: notes).run()
        } else {
            let look = try ScreenLook(start.composition, screen, sampling)
            try await FullScreenLoop(frontEnd, look: look, notes: notes).run()
        }
    }
}
