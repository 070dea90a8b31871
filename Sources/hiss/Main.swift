import ArgumentParser
import Chat
import Glibc
import Inference
import Launch
import Screen

/// The root of the command line.
struct Hiss: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hiss",
        abstract: "Chat with a recurrent language model, whose memory does not grow.",
        discussion: """
            Without a subcommand: a chat on the whole screen, or, where input is no terminal, hiss run. \
            'hiss help chat' lists its options; options may stand before a subcommand, too.
            """,
        version: "hiss 0.1.0",
        subcommands: [
            ChatCommand.self, ReplCommand.self, RunCommand.self, CompareCommand.self, VotesCommand.self,
            BenchCommand.self,
            EvalCommand.self, TokenizeCommand.self, TemplateCommand.self, SessionCommand.self, StateCommand.self,
            MindCommand.self, ModelCommand.self, ThemeCommand.self, ConfigCommand.self, KeysCommand.self,
            InfoCommand.self, DoctorCommand.self, CompletionCommand.self, ManCommand.self,
        ],
        defaultSubcommand: ChatCommand.self)
}

/// The program: reads the command line, runs one command, and turns every error into a message and a status.
@main
enum Main {
    static func main() async {
        prepareStreams()
        let status = await perform()
        exit(status.rawValue)
    }

    private static func perform() async -> ExitStatus {
        do {
            let arguments = try textArguments()
            let subcommands = Set(Hiss.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"])
            if let topic = try HelpTopic(arguments, subcommands: subcommands) { return try topic.print() }
            let ordered = ArgumentOrder.subcommandFirst(arguments, subcommands: subcommands)
            do {
                let command = try await Hiss.asyncParseAsRoot(ordered)
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    var command = command
                    try command.run()
                }
            } catch {
                try explain(error, subcommand: ordered.first.flatMap { subcommands.contains($0) ? $0 : nil })
            }
            return .done
        } catch let status as ExitStatus {
            return status
        } catch let error as LaunchError {
            report(error)
            return error.status
        } catch {
            report(LaunchError(.failure, ChatFailure(error)))
            return .failure
        }
    }

    /// Prints help where that was asked for; throws what the parser says of a wrong command line as our own error.
    private static func explain(_ error: any Error, subcommand: String?) throws {
        if error is LaunchError || error is ExitStatus || error is ChatFailure { throw error }
        switch Hiss.exitCode(for: error) {
        case .success:
            try Output.standardOutput.write(Hiss.fullMessage(for: error) + "\n")
        case .validationFailure:
            let message = Hiss.message(for: error)
            throw LaunchError(
                .usage, message.prefix(1).lowercased() + message.dropFirst(),
                advice: ["hiss", subcommand, "--help"].compactMap { $0 }.joined(separator: " "))
        default:
            throw error
        }
    }

    /// Prints `error` on standard error; nothing that it quotes can act on the terminal.
    private static func report(_ error: LaunchError) {
        let lines = error.description.split(separator: "\n").map { InertText.plain(String($0)) }
        // Where even this can't be written the status still says it.
        try? Output.standardError.write(lines.joined(separator: "\n") + "\n")
    }

    /// The arguments, all of which have to be UTF-8.
    private static func textArguments() throws -> [String] {
        try (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            guard let pointer = CommandLine.unsafeArgv[index] else { return nil }
            let bytes = UnsafeBufferPointer(start: pointer, count: strlen(pointer)).map { UInt8(bitPattern: $0) }
            return try TextInput.text(bytes, from: "argument \(index)")
        }
    }

    /// Turns writing into a closed pipe into an error that can be told apart, and keeps the three standard
    /// descriptors from being given to files that are opened later.
    private static func prepareStreams() {
        signal(SIGPIPE, SIG_IGN)
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
            // The wrong direction, so that using it fails as using a closed one does.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
