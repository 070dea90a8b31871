import ArgumentParser

/// In which form a report is written.
struct ReportOptions: ParsableArguments {
    @Flag(help: "One JSON object.")
    var json = false

    @Flag(help: "Markdown, to paste into a text.")
    var markdown = false

    @Flag(help: "A drawing (SVG).")
    var svg = false

    func validate() throws {
        if [json, markdown, svg].count(where: { $0 }) > 1 {
            throw ValidationError("only one of --json, --markdown and --svg can be had")
        }
    }

    var form: ReportForm { json ? .json : markdown ? .markdown : svg ? .svg : .text }
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

    func bytes(of report: some WrittenReport) -> [UInt8] {
        switch self {
        case .text: Array(report.text.utf8)
        case .json: report.json
        case .markdown: Array(report.markdown.utf8)
        case .svg: Array(report.svg.utf8)
        }
    }
}
