import Chat
import Inference
import Launch

/// Asks two models the same, each prompt in a conversation of its own.
struct PromptComparison {
    let a: LoadedModel
    let b: LoadedModel
    let system: String?
    let mode: ChatPair.Mode
    let options: GenerationOptions
    let interrupts: Interrupts

    func run(_ text: String) async throws -> ComparisonReport.Prompt {
        let pair = try ModelPlan.reportingErrors {
            try ChatPair(
                ChatSession(LocalEngine(a, systemPrompt: system)), ChatSession(LocalEngine(b, systemPrompt: system)),
                mode: mode)
        }
        interrupts.answer(with: { pair.stop() })
        var prompt = ComparisonReport.Prompt(text: text, sides: [:])
        switch mode {
        case .lockstep:
            for await event in await pair.reply(to: text, options: options) { try prompt.add(event) }
        case .free:
            // One after the other: neither takes the processor from the other.
            for side in ChatPair.Side.allCases {
                for await event in pair.session(side).reply(to: text, options: options) {
                    try prompt.add(ChatPair.Event(side: side, event: event))
                }
            }
        }
        if let status = interrupts.status { throw status }
        return prompt
    }
}

extension ComparisonReport.Prompt {
    /// Takes what happens on a side.
    mutating func add(_ event: ChatPair.Event) throws {
        var side = sides[event.side] ?? ComparisonReport.Side()
        switch event.event {
        case .prefill: break
        case .token(let token, let metrics):
            side.text += token.text
            side.tokens.append(token)
            side.metrics = metrics
        case .text(let text): side.text += text
        case .finished(let reason, let metrics): (side.reason, side.metrics) = (reason, metrics)
        case .failed(let failure): throw LaunchError(failure.isRefusal ? .input : .failure, failure)
        }
        sides[event.side] = side
    }
}
