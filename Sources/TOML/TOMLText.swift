package import TOMLKit

/// Reads TOML texts, and takes every wrong one for an error.
package enum TOMLText {
    /// The table that a text holds.
    ///
    /// - Throws: `TOMLProblem`, which names the line.
    package static func table(of text: String) throws -> TOMLTable {
        // On these TOMLKit's parser ends the program.
        if let problem = TOMLOutline.problem(in: text) { throw problem }
        do {
            return try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw TOMLProblem(line: error.source.begin.line, message: error.description)
        }
    }
}

/// What is wrong with a TOML text, and in which line.
package struct TOMLProblem: Error, Sendable, Equatable {
    package let line: Int
    package let message: String
}
