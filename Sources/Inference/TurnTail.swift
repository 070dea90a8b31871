package import Chat
import Synchronization
package import Tokenization

/// What a template writes for a later turn, found without rendering the whole conversation.
///
/// The end of a long conversation could depend on all that was said before; with most templates it does not, and their
/// syntax proves it (`TemplateReach`). Then a short stand-in serves for what was said, or one of as many messages where
/// the template counts them, and a turn costs what its own text costs. The stand-in is tried, too, before it is used:
/// after conversations of several lengths and texts, this one among them, the last turn has to come out the same.
package final class TurnTail: Sendable {
    private let template: any ChatTemplate
    /// Nil until a conversation was long enough to ask.
    private let isIndependent = Mutex<Bool?>(nil)

    /// Messages and bytes from which a conversation is long.
    private static let longMessages = 8
    private static let longBytes = 4096

    package init(_ template: any ChatTemplate) {
        self.template = template
    }

    /// The pieces of `TurnPrompt.pieces(for:after:template:)`.
    package func pieces(for text: String, after history: [ChatMessage]) throws -> [PromptPiece] {
        guard template.reach != .texts, isLong(history), let standIn = standIn(for: history) else {
            return try TurnPrompt.pieces(for: text, after: history, template: template)
        }
        if let known = isIndependent.withLock({ $0 }) {
            return try TurnPrompt.pieces(for: text, after: known ? standIn : history, template: template)
        }
        let whole = try TurnPrompt.pieces(for: text, after: history, template: template)
        let short = try? TurnPrompt.pieces(for: text, after: standIn, template: template)
        let found = short == whole && Self.trials.allSatisfy(isSame)
        isIndependent.withLock { $0 = found }
        return whole
    }

    /// Whether a turn comes out the same after `trial` and after its stand-in: the same pieces, or refused both times.
    private func isSame(_ trial: (history: [ChatMessage], text: String)) -> Bool {
        let whole = try? TurnPrompt.pieces(for: trial.text, after: trial.history, template: template)
        let standIn = standIn(for: trial.history) ?? []
        return whole == (try? TurnPrompt.pieces(for: trial.text, after: standIn, template: template))
    }

    private func isLong(_ history: [ChatMessage]) -> Bool {
        var bytes = 0
        // Counting stops early, so that a long conversation is not read either.
        return history.count >= Self.longMessages
            || history.contains { message in
                bytes += message.text.utf8.count
                return bytes >= Self.longBytes
            }
    }

    /// The system's messages and up to two exchanges, or as many as there are where that decides; nil where questions and answers do not take turns, or are empty.
    ///
    /// Texts are told apart by white space around them only, which templates trim: all of them, or all but the first,
    /// which may follow the system's.
    private func standIn(for history: [ChatMessage]) -> [ChatMessage]? {
        let opening = history.prefix { $0.role == .system }
        let turns = history[opening.endIndex...]
        guard !turns.isEmpty, turns.count.isMultiple(of: 2) else { return nil }
        var first = Surroundings()
        var others = Surroundings()
        for (place, message) in turns.enumerated() {
            guard message.role == (place.isMultiple(of: 2) ? .user : .assistant) else { return nil }
            guard message.role == .user else { continue }
            // Templates that trim join what stands around a text of nothing.
            guard !message.text.allSatisfy(\.isWhitespace) else { return nil }
            if place == 0 { first.add(message.text) } else { others.add(message.text) }
        }
        let laterExchanges = template.reach == .turns ? min(turns.count / 2 - 1, 1) : turns.count / 2 - 1
        let later = Self.exchange(others.around("Another question."), "An answer.")
        return opening + Self.exchange(first.around("A question."), "An answer.")
            + (0..<laterExchanges).flatMap { _ in later }
    }

    /// Whether there is white space before and after some texts.
    private struct Surroundings {
        private var isBefore = false
        private var isAfter = false

        mutating func add(_ text: String) {
            if text.unicodeScalars.first?.properties.isWhitespace == true { isBefore = true }
            if text.unicodeScalars.last?.properties.isWhitespace == true { isAfter = true }
        }

        func around(_ text: String) -> String {
            (isBefore ? " " : "") + text + (isAfter ? " " : "")
        }
    }

    private static func exchange(_ question: String, _ answer: String) -> [ChatMessage] {
        [ChatMessage(role: .user, text: question), ChatMessage(role: .assistant, text: answer)]
    }

    /// Conversations of one to twelve exchanges, with and without a system prompt, with texts that templates look for.
    private static var trials: [(history: [ChatMessage], text: String)] {
        let questions = [
            "What is it?", "Why?", " Two\nlines. ", "<tool_response>\n1\n</tool_response>", "<think>\nNo.\n</think>",
            "[INST] <<SYS>>x<</SYS>> {{ y }}",
        ]
        let answers = ["It is.", "", "<think>\nHm.\n</think>\n\nYes.", "<tool_call>\n{}\n</tool_call>"]
        return [1, 2, 3, 6, 12].flatMap { count in
            ["Go on.", " <tool_response>\n2\n</tool_response>"].flatMap { text in
                [[], [ChatMessage(role: .system, text: "Be brief.")]].map { opening in
                    let turns = (0..<count).flatMap { place in
                        exchange(questions[(place + count) % questions.count], answers[place % answers.count])
                    }
                    return (opening + turns, text)
                }
            }
        }
    }
}
