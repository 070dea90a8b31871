import ArgumentParser
import Chat
import Foundation
import Launch

/// In which form a report is written.
struct ReportOptions: ParsableArguments {
    @Flag(help: "One JSON object.")
    var json = false

    @Flag(help: "Markdown, to paste into a text.")
    var markdown = false

    @Flag(help: "A drawing (SVG).")
    var svg = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write it to a file too, in the form of its ending: .json, .md, .svg or .txt; may be repeated.",
            valueName: "file"))
    var output: [String] = []

    func validate() throws {
        for file in output {
            guard ReportForm(ofFile: file) != nil else {
                throw ValidationError("--output takes a name that ends in .json, .md, .svg or .txt, not '\(file)'")
            }
            // What takes long to find out has a place from the beginning.
            guard !FileManager.default.fileExists(atPath: file) else {
                throw ValidationError("'\(file)' is there already, and nothing is written over: take another name")
            }
        }
        if [json, markdown, svg].count(where: { $0 }) > 1 {
            throw ValidationError("only one of --json, --markdown and --svg can be had")
        }
    }

    var form: ReportForm { json ? .json : markdown ? .markdown : svg ? .svg : .text }

    /// Writes a report to standard output, and then to the files that were asked for.
    func write(_ report: some WrittenReport) throws {
        try Output.standardOutput.write(form.bytes(of: report))
        for file in output {
            guard let form = ReportForm(ofFile: file) else { continue }
            do {
                try SessionFiles.write(form.bytes(of: report), to: file, replacing: false)
            } catch let failure as ChatFailure {
                throw LaunchError(.output, failure)
            }
        }
    }
}

/// What has been found out, in every form.
protocol WrittenReport {
    /// For people at a terminal.
    var text: String { get }
    /// One object and a line end.
    var json: [UInt8] { get }
    /// To paste into a text.
    var markdown: String { get }
    /// A drawing.
    var svg: String { get }
}

enum ReportForm {
    case text, json, markdown, svg

    /// The form that a file's name asks for by its ending.
    init?(ofFile name: String) {
        switch URL(filePath: name).pathExtension.lowercased() {
        case "txt": self = .text
        case "json": self = .json
        case "md", "markdown": self = .markdown
        case "svg": self = .svg
        default: return nil
        }
    }

    func bytes(of report: some WrittenReport) -> [UInt8] {
        switch self {
        case .text: Array(report.text.utf8)
        case .json: report.json
        case .markdown: Array(report.markdown.utf8)
        case .svg: Array(report.svg.utf8)
        }
    }
}
