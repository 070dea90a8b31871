import ArgumentParser
import Chat
import Inference
import Launch
import Screen

/// Writes a session to a file.
struct SessionExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a session to one file: a .hiss that goes on elsewhere, or its transcript.")

    @OptionGroup var session: SessionArgument

    @Option(
        help: ArgumentHelp("The form (default: hiss).", valueName: "hiss|md|json|txt"),
        completion: .list(TranscriptFormat.allCases.map(\.rawValue)),
        transform: { text in
            guard let format = TranscriptFormat(rawValue: text) else {
                let all = TranscriptFormat.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--format cannot be '\(text)': there are \(all)")
            }
            return format
        })
    var format = TranscriptFormat.hiss

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The file; - is standard output (default: NAME.hiss, or standard output for transcripts).",
            valueName: "file"))
    var output: String?

    @Flag(help: "Write over a file that is there.")
    var force = false

    @OptionGroup var options: SessionModelOptions

    func run() async throws {
        let (store, info) = try await session.find()
        let path = output ?? (format == .hiss ? SessionFiles.name(for: info.name, format) : "-")
        if format == .hiss {
            let chat = try await options.open(session).chat
            guard path != "-" else { return try await SessionFiles.export(chat, to: .standardOutput) }
            try await reportingOutputErrors { _ = try await SessionFiles.export(chat, to: path, replacing: force) }
        } else {
            let turns = try await SessionPlace.reportingErrors { try await store.turns(of: info.id) }
            let bytes = TranscriptBytes.bytes(format, info, turns)
            guard path != "-" else { return try Output.standardOutput.write(bytes) }
            try await reportingOutputErrors { try SessionFiles.write(bytes, to: path, replacing: force) }
        }
        options.notes.note("note: written to \(path)")
    }

    private func reportingOutputErrors(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            throw LaunchError(.output, ChatFailure(error))
        }
    }
}

/// Takes in a session from a file.
struct SessionImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take in a session from a .hiss file.",
        discussion: "It keeps its name where that is free. Prints the name that it has here.")

    @Argument(help: ArgumentHelp("The file.", valueName: "file"), completion: .file(extensions: ["hiss"]))
    var file: String

    @Option(help: ArgumentHelp("What to call it.", valueName: "name"))
    var name: String?

    @OptionGroup var options: SessionModelOptions

    func run() async throws {
        let chat = try await options.begin().chat
        let (file, name) = (file, name)
        let place = try await SessionPlace.reportingErrors { try await chat.importFile(file, name: name) }
        try await OneAnswer.keep(chat)
        try Output.standardOutput.write(InertText.plain(place.session?.name ?? "") + "\n")
    }
}
