import Chat
import Foundation
import Inference
import SessionStore
import TestSupport

/// Uses sessions for hours: says things, goes back and forth, forks, stops, resumes, exports and imports at random, and
/// watches that a resumed session says what the one that it was saved from says, and that memory and file descriptors
/// stay flat.
///
///     swift run -c release hiss-soak MODEL FOLDER SECONDS [PAUSE [SEED]]
///
/// MODEL is a file or folder, or `tiny:FAMILY` for made-up weights of a family (`tiny:granitehybrid`), with which steps cost
/// little. PAUSE is how many milliseconds it rests after each step. Prints a line a minute; the exit status is 1 where something
/// was lost or grew.
@main
struct Soak {
    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4, let seconds = Double(arguments[3]) else {
            print("usage: hiss-soak MODEL FOLDER SECONDS [PAUSE [SEED]]")
            exit(64)
        }
        let pause = arguments.count > 4 ? Int(arguments[4]) ?? 0 : 0
        let seed = arguments.count > 5 ? UInt64(arguments[5]) ?? 1 : 1
        do {
            let loaded = try LoadedModel(
                path: model(arguments[1], folder: arguments[2]), options: LoadOptions(threads: 1))
            var steps = try SoakSteps(loaded, folder: arguments[2], seed: seed)
            let isFlat = try await run(&steps, seconds: seconds, pause: pause)
            exit(isFlat && steps.losses.isEmpty ? 0 : 1)
        } catch {
            print("ended: \(error)")
            exit(1)
        }
    }

    /// The path of the model, which is made in the folder if it is one of the tiny ones.
    private static func model(_ name: String, folder: String) throws -> String {
        guard name.hasPrefix("tiny:") else { return name }
        guard let family = TinyGGUF.Family(rawValue: String(name.dropFirst(5))) else {
            throw ChatFailure(
                what: "there is no tiny model '\(name)'",
                advice: TinyGGUF.Family.allCases.map { "tiny:" + $0.rawValue }.joined(separator: ", "))
        }
        let path = folder + ".gguf"
        try Data(TinyGGUF.model(family).build()).write(to: URL(filePath: path))
        return path
    }

    /// Takes steps until the time is over; returns whether nothing grew.
    private static func run(_ steps: inout SoakSteps, seconds: Double, pause: Int) async throws -> Bool {
        let clock = ContinuousClock()
        let begin = clock.now
        var history = ResourceHistory()
        var (nextReading, nextLine) = (0.0, 0.0)
        while true {
            let elapsed = (clock.now - begin) / .seconds(1)
            if elapsed >= nextReading {
                history.add(.now)
                nextReading = elapsed + seconds / 600
            }
            if elapsed >= nextLine || elapsed >= seconds {
                say("\(Int(elapsed)) s: \(steps.count) steps, \(ResourceReading.now), \(await steps.usage())")
                nextLine = elapsed + 60
            }
            guard elapsed < seconds else { break }
            try await steps.takeOne()
            if pause > 0 { try await Task.sleep(for: .milliseconds(pause)) }
        }
        say("steps: " + steps.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        for (refusal, count) in steps.refusals.sorted(by: { $0.key < $1.key }) { say("refused \(count)×: \(refusal)") }
        for loss in steps.losses { say("LOST: \(loss)") }
        say("\(steps.comparisons) comparisons with a resumed session; \(history.verdict)")
        return history.isFlat
    }

    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
