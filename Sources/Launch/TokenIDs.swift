/// Reads token ids that other programs wrote.
package enum TokenIDs {
    /// Returns the JSON array of whole numbers in `bytes`.
    ///
    /// - Parameter source: what the message calls the place they come from
    /// - Throws: `LaunchError` with status `.input` that names the first byte which doesn't fit.
    package static func parse(_ bytes: [UInt8], from source: String) throws -> [Int32] {
        var reader = Reader(bytes: bytes, source: source)
        return try reader.array()
    }

    /// Refuses the first id that a vocabulary of `vocabSize` tokens has not got.
    package static func check(_ ids: [Int32], vocabSize: Int, from source: String) throws {
        guard let index = ids.firstIndex(where: { $0 < 0 || Int($0) >= vocabSize }) else { return }
        throw LaunchError(
            .input, "\(source) has an id that the model doesn't know",
            why: "element \(index) is \(ids[index]), and the vocabulary's ids go from 0 to \(vocabSize - 1)")
    }

    /// Goes through the bytes once.
    private struct Reader {
        let bytes: [UInt8]
        let source: String
        var position = 0

        mutating func array() throws -> [Int32] {
            var ids: [Int32] = []
            try expect("[")
            skipWhitespace()
            if position == bytes.count || bytes[position] != UInt8(ascii: "]") {
                ids.append(try number())
                skipWhitespace()
                while position < bytes.count, bytes[position] == UInt8(ascii: ",") {
                    position += 1
                    ids.append(try number())
                    skipWhitespace()
                }
            }
            try expect("]")
            skipWhitespace()
            guard position == bytes.count else { throw refusal("the end") }
            return ids
        }

        private mutating func number() throws -> Int32 {
            skipWhitespace()
            let start = position
            if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
            while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
                position += 1
            }
            guard let value = Int32(String(decoding: bytes[start..<position], as: UTF8.self)) else {
                position = start
                throw refusal("a whole number of 32 bits")
            }
            return value
        }

        private mutating func expect(_ character: Character) throws {
            skipWhitespace()
            guard position < bytes.count, bytes[position] == character.asciiValue else {
                throw refusal("'\(character)'\(character == "]" ? " or ','" : "")")
            }
            position += 1
        }

        private mutating func skipWhitespace() {
            while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        }

        private func refusal(_ expected: String) -> LaunchError {
            let rest = String(decoding: bytes[position...].prefix(16), as: UTF8.self)
            let found = rest.isEmpty ? "the input ends" : "there is '\(rest)'"
            return LaunchError(
                .input, "\(source) is not a JSON array of token ids",
                why: "at byte \(position) \(found), and not \(expected)", advice: "[1, 2, 3]")
        }
    }
}
