/// The ChatML layout: `<|im_start|>role`, a line feed, the content, `<|im_end|>`, a line feed.
package struct ChatML: ChatTemplate {
    /// What is put in front as a system message where a conversation has none.
    package let defaultSystem: String?

    /// Makes the layout.
    package init(defaultSystem: String? = nil) { self.defaultSystem = defaultSystem }

    /// Recognises a Jinja template that lays out ChatML, with its default system text; any other gives nil.
    package init?(recognizing source: String) {
        guard source.contains("<|im_start|>"), source.contains("<|im_end|>") else { return nil }
        self.defaultSystem = ChatML.systemText(in: source)
    }

    package func render(_ messages: [TemplateMessage], addGenerationPrompt: Bool) throws -> String {
        var messages = messages
        if let defaultSystem, let first = messages.first, first.role != "system" {
            messages.insert(TemplateMessage(role: "system", content: defaultSystem), at: 0)
        }
        let turns = messages.map { "<|im_start|>\($0.role)\n\($0.content)<|im_end|>\n" }.joined()
        return addGenerationPrompt ? turns + "<|im_start|>assistant\n" : turns
    }

    /// Returns the system text that stands literally in a template's source.
    private static func systemText(in source: String) -> String? {
        var rest = source[...]
        while let header = rest.firstRange(of: "<|im_start|>system") {
            let quote = source[..<header.lowerBound].last.flatMap { $0 == "'" || $0 == "\"" ? $0 : nil }
            rest = rest[header.upperBound...]
            guard let end = rest.firstRange(of: "<|im_end|>") else { return nil }
            let literal = rest[..<end.lowerBound]
            if let text = systemText(literal: literal, quote: quote) { return text }
        }
        return nil
    }

    private static func systemText(literal: Substring, quote: Character?) -> String? {
        var text = ""
        var place = literal.startIndex
        while place < literal.endIndex {
            let character = literal[place]
            place = literal.index(after: place)
            // The literal ends here and an expression follows: the text is not fixed.
            if character == quote { return nil }
            if quote != nil, character == "\\", place < literal.endIndex {
                let escaped = literal[place]
                place = literal.index(after: place)
                text.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped)
            } else {
                text.append(character)
            }
        }
        guard text.hasPrefix("\n"), quote != nil || !(text.contains("{{") || text.contains("{%")) else { return nil }
        return String(text.dropFirst())
    }
}
