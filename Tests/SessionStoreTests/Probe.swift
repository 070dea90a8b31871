import Foundation
import Glibc
import SessionStore

/// A store's user in another process: `store-probe` of the same build.
final class Probe {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts it.
    init(_ command: String, _ folder: StoreFolder, _ arguments: String...) throws {
        // Tests and programs of a build lie in one folder.
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(filePath: tests).deletingLastPathComponent().appending(path: "store-probe")
        process.arguments = [command, folder.path] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    /// Its process's number.
    var number: Int32 { process.processIdentifier }

    /// Waits for its next output, and returns it.
    func say() -> String { String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) }

    /// Ends its input.
    func endInput() { try? input.fileHandleForWriting.close() }

    /// Waits for its end, and returns the lines of its output that were not taken yet.
    func end() -> (lines: [String], status: Int32, isKilled: Bool) {
        endInput()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (
            text.split(separator: "\n").map { String($0) }, process.terminationStatus,
            process.terminationReason == .uncaughtSignal
        )
    }
}
