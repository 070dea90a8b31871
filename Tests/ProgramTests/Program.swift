import Foundation
import TestSupport
import Testing

/// The built program, run as scripts run it.
struct Program {
    /// What a run left behind.
    struct Outcome {
        var status: Int32
        var output: [UInt8]
        var errors: String

        var text: String { String(decoding: output, as: UTF8.self) }

        /// The JSON object that is the whole output.
        func object() throws -> [String: Any] {
            try #require(JSONSerialization.jsonObject(with: Data(output)) as? [String: Any])
        }
    }

    /// Its own home, so that nobody's configuration counts.
    let home: TemporaryDirectory

    init() throws {
        home = try TemporaryDirectory()
    }

    /// A process that is yet to be started, with no input.
    func process(_ arguments: [String], environment: [String: String] = [:]) throws -> Process {
        let process = Process()
        // The tests' own executable lies beside the program's.
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(filePath: tests).deletingLastPathComponent().appending(path: "hiss")
        process.arguments = arguments
        process.environment = ["HISS_HOME": home.url.path, "PATH": "/usr/bin:/bin"]
            .merging(sanitizerOptions) { $1 }.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }

    /// Runs the program to its end.
    func run(
        _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> Outcome {
        let process = try process(arguments, environment: environment)
        // Files can't fill up as pipes do.
        let files = try TemporaryDirectory()
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: files.write(input, "in")))
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: files.write([], "out")))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: files.write([], "err")))
        try process.run()
        process.waitUntilExit()
        let output = try Data(contentsOf: files.url.appending(path: "out"))
        let errors = try Data(contentsOf: files.url.appending(path: "err"))
        return Outcome(
            status: process.terminationStatus, output: Array(output), errors: String(decoding: errors, as: UTF8.self))
    }
}
