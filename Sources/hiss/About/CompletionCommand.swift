import ArgumentParser
import Launch

/// A shell's completions, made from the commands themselves.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a shell's completions for hiss.",
        discussion: """
            bash: source <(hiss completion bash)
            zsh:  hiss completion zsh > ~/.zfunc/_hiss
            fish: hiss completion fish > ~/.config/fish/completions/hiss.fish
            """)

    @Argument(help: ArgumentHelp("The shell.", valueName: "bash|zsh|fish"))
    var shell: String

    func run() throws {
        guard let shell = CompletionShell(rawValue: shell) else {
            throw LaunchError(
                .usage, "there are no completions for '\(self.shell)'",
                why: "there are some for " + CompletionShell.allCases.map(\.rawValue).joined(separator: ", "),
                advice: "hiss completion bash")
        }
        try Output.standardOutput.write(Hiss.completionScript(for: shell))
    }
}
