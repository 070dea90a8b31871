import ArgumentParser
import Launch

/// Looks for what keeps the program from working well.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the terminal, the files and the model.",
        discussion: "Exits with 1 if something keeps the program from working.")

    func run() throws {
        let (text, isBroken) = Doctor.report()
        try Output.standardOutput.write(text + "\n")
        if isBroken { throw ExitStatus.failure }
    }
}
