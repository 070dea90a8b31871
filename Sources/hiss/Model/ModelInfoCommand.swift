import ArgumentParser
import Inference
import Launch

/// What a model is.
struct ModelInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what a model is, and what it takes to run it.")

    @OptionGroup var argument: ModelArgument

    func run() throws {
        let path = try argument.locate()
        let report = ModelReport(path: path, info: try ModelPlan.reportingErrors { try ModelInfo(path: path) })
        try Output.standardOutput.write(argument.json ? report.json : Array(report.table.utf8))
    }
}
