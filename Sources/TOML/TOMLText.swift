package import TOMLKit

/// Reads TOML texts, and takes every wrong one for an error.
package enum TOMLText {
    /// The table that a text holds.
    ///
    /// - Throws: `TOMLProblem`, which names the line.
    package static func table(of text: String) throws -> TOMLTable {
        // On a header without a name TOMLKit's parser ends the program.
        if let line = lineOfNamelessHeader(in: text) {
            throw TOMLProblem(
                line: line, message: "a line that begins with [ has to be a table's name in brackets, such as [sampler]"
            )
        }
        do {
            return try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw TOMLProblem(line: error.source.begin.line, message: error.description)
        }
    }

    /// The first line, from 1, that opens a bracket and goes on with no name; lines within long strings don't count.
    static func lineOfNamelessHeader(in text: String) -> Int? {
        var quote: String?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let isWithinString = quote != nil
            for mark in ["\"\"\"", "'''"] where quote == nil || quote == mark {
                if (line.components(of: mark) - 1) % 2 == 1 { quote = quote == nil ? mark : nil }
            }
            let content = line.drop { $0.isWhitespace }
            guard !isWithinString, content.hasPrefix("[") else { continue }
            let name = content.drop { $0 == "[" || $0 == " " || $0 == "\t" }
            if !(name.first.map(isNamePart) ?? false) { return index + 1 }
            if !name.contains(where: { "\"'".contains($0) }), !name.prefix(while: { $0 != "]" }).allSatisfy(isNamePart)
            {
                return index + 1
            }
        }
        return nil
    }

    private static func isNamePart(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "_-.\"' \t".contains(character))
    }
}

/// What is wrong with a TOML text, and in which line.
package struct TOMLProblem: Error, Sendable, Equatable {
    package let line: Int
    package let message: String
}

extension Substring {
    /// How many parts `mark` splits the text into.
    fileprivate func components(of mark: String) -> Int {
        split(separator: mark, omittingEmptySubsequences: false).count
    }
}
