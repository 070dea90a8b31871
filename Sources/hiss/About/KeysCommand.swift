import ArgumentParser
import Launch
import UI

/// The keys and commands of the chat.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List the keys and commands of the chat.",
        discussion: """
            To change keys: hiss keys --print > \(Directories.current.keyFile), and change it. A line is KEY ACTION; \
            what isn't named stays as it is.
            """)

    @Flag(help: "The keys in the form of the file of keys.")
    var print = false

    @Flag(help: "The standard keys in that form, whatever the file of keys says.")
    var standard = false

    @Flag(help: "The standard keys and commands as tables of Markdown.")
    var markdown = false

    func run() throws {
        guard !markdown else { return try Output.standardOutput.write(KeyTable.markdown) }
        let keys = standard ? .standard : try KeyFiles.keys()
        try Output.standardOutput.write(print || standard ? keys.fileText : KeyTable.text(keys))
    }
}
