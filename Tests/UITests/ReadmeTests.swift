import Foundation
import Testing

@testable import UI

/// What the README says of keys and commands; `RECORD=1` writes it anew.
@Suite struct ReadmeTests {
    private static let begin = "<!-- keys: written by RECORD=1 swift test --filter ReadmeTests -->\n\n"
    private static let end = "\n<!-- end of keys -->"

    @Test func keysAndCommandsAreThoseOfTheTables() throws {
        let file = Stage.tests.appending(path: "../../README.md").standardizedFileURL
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: Self.begin))
        let stop = try #require(text.range(of: Self.end))
        let found = String(text[start.upperBound..<stop.lowerBound])
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            let new = text.replacingCharacters(in: start.upperBound..<stop.lowerBound, with: KeyTable.markdown)
            try new.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(found == KeyTable.markdown)
    }
}
