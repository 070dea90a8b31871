import ArgumentParser
import Launch

/// Where everything lies.
struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Print every path that the program uses.")

    func run() throws {
        try Output.standardOutput.write(Directories.current.listing + "\n")
    }
}
