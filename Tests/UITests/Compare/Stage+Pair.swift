import Chat
import Foundation
import Screen
import TestSupport

@testable import UI

extension ModelSummary {
    /// An attention model of the default model's teacher's size.
    static var attention: ModelSummary {
        var summary = sample
        (summary.name, summary.title, summary.family) = ("smollm2", "SmolLM2 135M Instruct", "llama")
        (summary.stateBytes, summary.stateBytesPerToken) = (0, 46_080)
        return summary
    }
}

/// What happens on both sides of a comparison, with the metrics that engines would send.
enum PairScript {
    /// The tokens of an answer that both are fed, and what the one that follows would have said.
    static let compared: [(text: String, choice: String, p: Double, q: Double)] = [
        ("You", "You", 0.5, 0.25), (" said", " said", 0.8, 0.4), (" room", " 412", 0.5, 0.125),
        (" 412", " 412", 0.9, 0.45), (",", ".", 0.5, 0.25), (" and", " and", 0.7, 0.35),
        (" Thursday", " Friday", 0.6, 0.3),
        (".", ".", 0.9, 0.9),
    ]

    static func events(
        _ side: ChatPair.Side, tokens: [SampledToken], rate: Double, model: ModelSummary, seenBefore: Int,
        finish: FinishReason? = .endOfTurn
    ) -> [ChatPair.Event] {
        var metrics = Metrics()
        metrics.promptTokens = 20
        metrics.prefillSeconds = side == .a ? 0.05 : 0.1
        metrics.timeToFirstToken = metrics.prefillSeconds + 0.011
        var events: [GenerationEvent] = [.prefill(done: 20, total: 20)]
        for (index, token) in tokens.enumerated() {
            metrics.completionTokens = index + 1
            metrics.decodeSeconds = Double(index + 1) / rate
            metrics.tokensSeen = seenBefore + 20 + index + 1
            metrics.stateBytes = model.stateBytes + metrics.tokensSeen * model.stateBytesPerToken
            events.append(.token(token, metrics))
        }
        if let finish { events.append(.finished(finish, metrics)) }
        return events.map { ChatPair.Event(side: side, event: $0) }
    }

    /// Both sides of a prompt in lock-step: A leads.
    static func lockStep(seenBefore: Int = 0, finish: FinishReason? = .endOfTurn) -> [ChatPair.Event] {
        let led = compared.map { SampledToken(id: 1, text: $0.text, probability: Float($0.p)) }
        let followed = compared.map { token in
            SampledToken(
                id: 1, text: token.text, probability: Float(token.q),
                comparison: PredictionComparison(
                    choice: TokenChoice(id: 2, text: token.choice, probability: 0.5),
                    agrees: token.text == token.choice,
                    divergence: token.p / token.q / 4, leaderProbability: token.p, followerProbability: token.q))
        }
        return events(.a, tokens: led, rate: 40, model: .sample, seenBefore: seenBefore, finish: finish)
            + events(.b, tokens: followed, rate: 20, model: .attention, seenBefore: seenBefore, finish: finish)
    }

    /// Both sides of a prompt where each says its own.
    static func free(
        _ a: String, _ b: String, seenBefore: Int = 0, finish: FinishReason? = .endOfTurn
    ) -> [ChatPair.Event] {
        func tokens(_ text: String) -> [SampledToken] {
            text.split(separator: " ").map { SampledToken(id: 1, text: $0 + " ", probability: 0.5) }
        }
        return events(.a, tokens: tokens(a), rate: 40, model: .sample, seenBefore: seenBefore, finish: finish)
            + events(.b, tokens: tokens(b), rate: 22.6, model: .attention, seenBefore: seenBefore, finish: finish)
    }
}

extension Stage {
    /// A chat from which a comparison was opened.
    init(comparing mode: ChatPair.Mode, columns: Int, rows: Int, glyphs: Glyphs = .unicode, isBlind: Bool = false)
        throws
    {
        try self.init(columns: columns, rows: rows, glyphs: glyphs)
        press(.function(7))
        begin(mode, isBlind: isBlind)
    }

    mutating func begin(_ mode: ChatPair.Mode, isBlind: Bool = false, sharesTokens: Bool = true) {
        send(
            .pair(
                .began(
                    PairOpening(
                        models: [.a: .sample, .b: .attention], sharesTokens: sharesTokens, mode: mode, isBlind: isBlind)
                )))
    }

    /// Asks both, and plays what happens.
    mutating func compare(_ question: String, _ events: [ChatPair.Event]) {
        type(question)
        press(.enter)
        for event in events { send(.pair(.event(event))) }
    }

    /// Two turns in which each says its own.
    mutating func compareFreely(finish: FinishReason? = .endOfTurn) {
        compare(
            "Remember: my hotel is the Sakura, room 412, and I leave on Thursday.",
            PairScript.free(
                "Noted. You are staying at the Sakura, room 412, until Thursday.",
                "I will remember that your hotel is the Sakura and your room is 412."))
        compare(
            "Which room did I say, and when do I check out?",
            PairScript.free(
                "You said room 412, and you leave on Thursday.", "Room 412. You check out on Thursday.", seenBefore: 40,
                finish: finish))
    }
}
