import Chat
import Tokenization

/// A conversation whose messages can be found again in what a template makes of it.
///
/// Messages are rendered as private-use marks, and their texts are put in afterwards, so that markup which a person
/// types is never taken for the template's.
struct MarkedConversation {
    /// A part of the rendered conversation, and which message's own text it is, if any.
    struct Part {
        var piece: PromptPiece
        var message: Int?
    }

    private let messages: [ChatMessage]
    private let template: any ChatTemplate
    /// Whether what the template makes of answers is of no interest.
    private let marksAnswers: Bool
    private let marks: Marks

    init(_ messages: [ChatMessage], template: any ChatTemplate, marksAnswers: Bool) {
        self.messages = messages
        self.template = template
        self.marksAnswers = marksAnswers
        marks = Marks(avoiding: messages)
    }

    /// The conversation up to the header of the next answer.
    ///
    /// A template may trim texts, or look at them. So several ways of marking are tried, and the first is taken which
    /// gives what the template makes of the texts themselves.
    func parts() throws -> [Part] {
        let all = messages.indices.map { marks.mark($0) }
        let written = messages.indices.map { isMarked($0) ? all[$0] : messages[$0].text }
        let truth = try render(written)
        let cut = marks.cut(truth)
        if let parts = match(try? render(all), truth: cut) { return parts }
        if !marksAnswers, messages.contains(where: { $0.role == .assistant }) {
            let others = messages.indices.map { messages[$0].role == .assistant ? messages[$0].text : all[$0] }
            if let parts = match(try? render(others), truth: cut) { return parts }
        }
        let veiled = messages.indices.map { isMarked($0) ? all[$0] : veil($0) }
        if let parts = match(try? render(veiled), truth: cut) { return parts }
        return cut.map { fill($0) }
    }

    /// How often the message stands in the conversation where no answer follows.
    func occurrences(of message: Int) throws -> Int {
        let rendered = try render(messages.indices.map { marks.mark($0) }, addGenerationPrompt: false)
        return marks.cut(rendered).count { $0 == .message(message) }
    }

    private func isMarked(_ index: Int) -> Bool {
        marksAnswers && messages[index].role == .assistant
    }

    /// An answer is left as it is: templates look for thinking in it.
    private func veil(_ index: Int) -> String {
        messages[index].role == .assistant ? messages[index].text : marks.veil(messages[index].text)
    }

    private func render(_ texts: [String], addGenerationPrompt: Bool = true) throws -> String {
        let messages = zip(messages, texts).map { TemplateMessage(role: $0.role.rawValue, content: $1) }
        return try template.render(messages, addGenerationPrompt: addGenerationPrompt)
    }

    /// The parts of `rendered`, if they come to the same as `truth` with texts as they are, or trimmed.
    private func match(_ rendered: String?, truth: [Marks.Segment]) -> [Part]? {
        guard let rendered else { return nil }
        let segments = marks.cut(rendered)
        let expected = text(truth.map { fill($0) })
        for change in Self.changes {
            let parts = segments.map { fill($0, change) }
            if text(parts) == expected { return parts }
        }
        return nil
    }

    /// What templates do to texts without looking at them.
    private static let changes: [@Sendable (String) -> String] = [
        { $0 }, { $0.trimmed(start: true, end: true) }, { $0.trimmed(start: false, end: true) },
        { $0.trimmed(start: true, end: false) },
    ]

    private func fill(_ segment: Marks.Segment, _ change: (String) -> String = { $0 }) -> Part {
        switch segment {
        case .markup(let text): Part(piece: .markup(text))
        case .veiled(let text): Part(piece: .text(text))
        case .message(let index):
            Part(
                piece: .text(isMarked(index) ? messages[index].text : change(messages[index].text)), message: index)
        }
    }

    private func text(_ parts: [Part]) -> [UInt8] {
        parts.flatMap { Array($0.piece.content.utf8) }
    }
}

/// Private-use characters that no message holds, to stand for messages and for what might be markup in them.
private struct Marks {
    /// A piece of a rendered conversation.
    enum Segment: Equatable {
        case markup(String)
        /// Characters that a person typed and that might be markup.
        case veiled(String)
        /// The place of a message's text.
        case message(Int)
    }

    /// Of 256 characters: 0 and 1 enclose a message's number; 33 to 126 stand for ASCII punctuation.
    private let base: UInt32

    init(avoiding messages: [ChatMessage]) {
        var used: Set<UInt32> = []
        for message in messages {
            for scalar in message.text.unicodeScalars where scalar.value >= 0x100000 { used.insert(scalar.value >> 8) }
        }
        base = ((0x1000...0x10F0).first { !used.contains($0) } ?? 0x1000) << 8
    }

    func mark(_ index: Int) -> String {
        scalar(0) + String(index) + scalar(1)
    }

    func veil(_ text: String) -> String {
        var veiled = ""
        for scalar in text.unicodeScalars {
            if isPunctuation(scalar.value) {
                veiled += self.scalar(scalar.value)
            } else {
                veiled.unicodeScalars.append(scalar)
            }
        }
        return veiled
    }

    /// Cuts `rendered` at the marks, wherever they stand.
    func cut(_ rendered: String) -> [Segment] {
        let bytes = Array(rendered.utf8)
        var segments: [Segment] = []
        var start = 0
        var place = 0
        func endMarkup(at end: Int) {
            if end > start { segments.append(.markup(String(decoding: bytes[start..<end], as: UTF8.self))) }
        }
        // All that is searched for begins with this byte, and long conversations have to be quick.
        while let found = bytes[place...].firstIndex(of: 0xF4) {
            place = found + 4
            let offset = scalarValue(bytes[found..<place]) &- base
            if offset == 0, let end = bytes[place...].firstIndex(of: 0xF4),
                let index = Int(String(decoding: bytes[place..<end], as: UTF8.self))
            {
                endMarkup(at: found)
                segments.append(.message(index))
                place = end + 4
                start = place
            } else if isPunctuation(offset), let original = Unicode.Scalar(offset) {
                endMarkup(at: found)
                segments.append(.veiled(String(original)))
                start = place
            }
        }
        endMarkup(at: bytes.count)
        return segments
    }

    /// The value of a scalar of four bytes.
    private func scalarValue(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 6 | UInt32($1 & 0x3F) } & 0x1F_FFFF
    }

    private func scalar(_ offset: UInt32) -> String {
        Unicode.Scalar(base + offset).map { String($0) } ?? ""
    }

    private func isPunctuation(_ value: UInt32) -> Bool {
        switch value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }
}

extension String {
    /// The text without white space at its ends.
    fileprivate func trimmed(start: Bool, end: Bool) -> String {
        var scalars = unicodeScalars[...]
        while start, let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while end, let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }
}
