import Foundation
import Launch

/// The prompts of a comparison.
struct PromptSet {
    let prompts: [String]

    /// - Parameters:
    ///   - prompt: the only one; `-` reads it from standard input
    ///   - file: a file with one a line; where both are nil the set is the program's own
    init(prompt: String?, file: String?) throws {
        if let file {
            let source = file == "-" ? "standard input" : "'\(file)'"
            let text = try TextInput.text(TextInput.file(file), from: source)
            prompts = Self.lines(of: text)
            guard !prompts.isEmpty else {
                throw LaunchError(
                    .input, "\(source) has no prompt", why: "it takes one a line; '#' begins a comment",
                    advice: Self.example)
            }
        } else if let prompt {
            prompts = [try PromptText.read(prompt, example: Self.example)]
        } else {
            prompts = Self.own
        }
    }

    private static let example = "hiss compare A B 'What is a tide?'"

    static func lines(of text: String) -> [String] {
        text.split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    }

    /// Short questions of the kinds that small chat models are asked: facts, recall, rewriting, code, invention.
    static let own = [
        "What is the capital of France?",
        "Why is the sky blue? Answer in two sentences.",
        "My sister is called Nora and she plays the cello. What does my sister play?",
        "Repeat these words in the same order: lantern, river, copper, seven, window.",
        "The code of the green door is 5821. What is the code of the green door?",
        "Write a polite note that says I will be ten minutes late.",
        "Rewrite this in the past tense: The cat sits on the wall and watches the street.",
        "Write a Python function that returns the sum of a list of numbers.",
        "List three things that float on water.",
        "Tell a very short story about a lighthouse keeper who loses his key.",
        "Which is heavier, a kilogram of feathers or a kilogram of iron?",
        "Explain what a stack is to a child.",
    ]
}
