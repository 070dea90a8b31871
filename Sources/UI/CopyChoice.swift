/// What `/copy` means by its argument: nothing is the last answer, `2` the second one, `code 1` a block of code, `all` the
/// whole chat.
public enum CopyChoice {
    /// Why there is nothing to copy.
    public struct Refusal: Error, Equatable {
        public var why: String
    }

    /// The text to copy.
    ///
    /// - Parameters:
    ///   - answers: oldest first
    ///   - whole: the whole chat as text
    public static func text(_ argument: String, answers: [String], whole: String) throws(Refusal) -> String {
        let words = argument.split(whereSeparator: \.isWhitespace)
        let number = words.last.flatMap { Int($0) }
        switch (words.first, words.count, number) {
        case (nil, _, _): return try nonEmpty(answers.last { !$0.isEmpty }, "There is no answer yet.")
        case ("all", 1, _): return try nonEmpty(whole, "Nothing has been said yet.")
        case ("code", 1, _):
            return try nonEmpty(blocks(answers).last, "There is no block of code yet.")
        case ("code", 2, let number?):
            let blocks = blocks(answers)
            return try nonEmpty(
                blocks.dropFirst(max(0, number - 1)).first, number, of: blocks.count, "block of code")
        case (_, 1, let number?):
            return try nonEmpty(answers.dropFirst(max(0, number - 1)).first, number, of: answers.count, "answer")
        default: throw Refusal(why: "/copy takes a number, 'code' and a number, or 'all'.")
        }
    }

    private static func blocks(_ answers: [String]) -> [String] {
        answers.flatMap { CodeBlocks.all(in: $0[...]) }
    }

    private static func nonEmpty(_ text: String?, _ why: String) throws(Refusal) -> String {
        guard let text, !text.isEmpty else { throw Refusal(why: why) }
        return text
    }

    private static func nonEmpty(
        _ text: String?, _ number: Int, of count: Int, _ what: String
    ) throws(Refusal) -> String {
        guard number > 0, let text else {
            let there = count == 1 ? "there is 1" : "there are \(count)"
            throw Refusal(why: count == 0 ? "There is no \(what) yet." : "There is no \(what) \(number); \(there).")
        }
        return text
    }
}
