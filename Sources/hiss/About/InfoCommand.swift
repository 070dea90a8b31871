import ArgumentParser
import Chat
import Launch

/// Where everything lies.
struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Print every path that the program uses.")

    func run() throws {
        try Output.standardOutput.write(Directories.current.listing + "\n")
    }

    /// The model that a chat uses, and every path.
    static func text(model: ModelSummary?, path: String) -> String {
        let words = model.map { model in
            let threads = model.threads == 1 ? "1 thread" : "\(model.threads) threads"
            return "\(model.name), \(model.precision), \(threads)"
        }
        return "model           \(words ?? "not loaded")\n                \(path)\n"
            + Directories.current.listing
    }
}
