import ArgumentParser
import Chat
import Glibc
import Launch

/// What only a comparison on the whole screen takes.
struct PairOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Keep both sides as the sessions NAME-a and NAME-b, or go on with them.", valueName: "name"))
    var session: String?

    @Flag(help: "Hide which model is which until a vote.")
    var blind = false

    @OptionGroup var saving: SavingFlags
    @OptionGroup var lines: LineFlags
    @OptionGroup var screen: ScreenFlags

    func validate() throws {
        if session == "" { throw ValidationError("--session cannot be empty") }
    }

    /// The first of those flags that say what is to be on the screen.
    var given: String? {
        if session != nil { return "--session" }
        return blind ? "--blind" : nil
    }
}

extension CompareCommand {
    /// Whether both are asked on the whole screen: where there is one, and nothing else to do.
    var opensScreen: Bool {
        prompt == nil && prompts == nil && probes.probes == nil && report.form == .text
            && report.output.isEmpty
            && !pane.lines.plain && isatty(STDIN_FILENO) == 1
            && Output.standardOutput.isTerminal
    }

    /// Opens the chat with A, and over it the comparison.
    func openScreen() async throws {
        let b = self.b(beside: a)
        let composition = try Composition(model: a, config: config, notes: notes)
        // What is missing is said before a screen opens.
        _ = try (ComparedModel.plan(a, composition, compute), ComparedModel.plan(b, composition.naming(b), compute))
        var conversation = try ConversationOptions.parse([])
        conversation.system = system
        let start = try await SessionStart(composition, nil, keepsNothing: pane.saving.keepsNothing)
        if pane.session != nil, start.store == nil {
            throw LaunchError(
                .session, "no session can be kept", why: start.notes.first, advice: "hiss compare \(a) \(b)")
        }
        let frontEnd = try FrontEnd(
            start, compute: compute, conversation: conversation, sampling: sampling, lines: pane.lines,
            maxTokens: maxTokens)
        guard !frontEnd.plain.value else {
            throw LaunchError(
                .usage, "two panes need the whole screen", why: "plain = true (\(frontEnd.plain.origin))",
                advice: "hiss compare \(a) \(b) PROMPT")
        }
        let look = try ScreenLook(start.composition, pane.screen, sampling)
        let comparison = PairPlan.Start(
            model: b, isTimeInvariant: timeInvariant, mode: lockstep ? .lockstep : .free, isBlind: pane.blind,
            session: pane.session)
        try await FullScreenLoop(frontEnd, look: look, notes: notes, comparison: comparison).run()
    }
}
