import Foundation
import Testing

@testable import UI

/// What the README shows of the screen, its keys and its commands; `RECORD=1` writes it anew.
@Suite(.serialized) struct ReadmeTests {
    private static let file = Stage.tests.appending(path: "../../README.md").standardizedFileURL

    /// Compares what stands in the README between two marks with what the program writes.
    private func compare(_ name: String, with expected: String) throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let begin = "<!-- \(name): written by RECORD=1 swift test --filter ReadmeTests -->\n\n"
        let start = try #require(text.range(of: begin))
        let stop = try #require(text.range(of: "\n<!-- end of \(name) -->"))
        let found = String(text[start.upperBound..<stop.lowerBound])
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            let new = text.replacingCharacters(in: start.upperBound..<stop.lowerBound, with: expected)
            try new.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        #expect(found == expected)
    }

    @Test func keysAndCommandsAreThoseOfTheTables() throws {
        try compare("keys", with: KeyTable.markdown)
    }

    @Test(arguments: ReadmePictures.all.map(\.name))
    func picturesAreWhatTheProgramDraws(_ name: String) throws {
        let picture = try #require(ReadmePictures.all.first { $0.name == name })
        let lines = try picture.lines()
        try compare(name, with: "```\n" + lines.joined(separator: "\n") + "\n```\n")
    }
}
