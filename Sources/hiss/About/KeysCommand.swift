import ArgumentParser
import Launch
import UI

/// The keys and commands of the chat.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List the keys and commands of the chat.")

    @Flag(help: "As tables of Markdown.")
    var markdown = false

    func run() throws {
        try Output.standardOutput.write(markdown ? KeyTable.markdown : KeyTable.text)
    }
}
