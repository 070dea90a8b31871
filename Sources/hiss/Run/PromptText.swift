import Glibc
import Launch

/// The prompt that a command is given.
enum PromptText {
    /// The prompt itself, or standard input for `-` and none, without the line end that shells and editors put after it.
    ///
    /// - Parameter example: what could be typed instead
    /// - Throws: `LaunchError` where there is none, or nothing but white space
    static func read(_ prompt: String?, example: String) throws -> String {
        var text: String
        if let prompt, prompt != "-" {
            text = prompt
        } else {
            if prompt == nil, isatty(STDIN_FILENO) == 1 {
                throw LaunchError(.usage, "there is no prompt", advice: example)
            }
            text = try TextInput.text(TextInput.standardInput(), from: "standard input")
            if text.hasSuffix("\n") || text.hasSuffix("\r\n") { text.removeLast() }
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw LaunchError(
                .input, "the prompt is empty", why: "it has \(text.utf8.count) bytes, and nothing but white space",
                advice: example)
        }
        return text
    }
}
