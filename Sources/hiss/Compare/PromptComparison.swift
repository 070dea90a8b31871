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

    func run(_ text: String) async throws -> ComparedPrompt {
        let pair = try ModelPlan.reportingErrors {
            try ChatPair(
                ChatSession(LocalEngine(a, systemPrompt: system)), ChatSession(LocalEngine(b, systemPrompt: system)),
                mode: mode)
        }
        interrupts.answer(with: { pair.stop() })
        var prompt = ComparedPrompt(text: text)
        switch mode {
        case .lockstep:
            for await event in await pair.reply(to: text, options: options) { try prompt.take(event) }
        case .free:
            // One after the other: neither takes the processor from the other.
            for side in ChatPair.Side.allCases {
                for await event in pair.session(side).reply(to: text, options: options) {
                    try prompt.take(ChatPair.Event(side: side, event: event))
                }
            }
        }
        if let status = interrupts.status { throw status }
        return prompt
    }
}

extension ComparedPrompt {
    /// Takes what happens on a side; a failed answer fails the comparison.
    fileprivate mutating func take(_ event: ChatPair.Event) throws {
        do {
            try add(event)
        } catch {
            throw LaunchError(error.isRefusal ? .input : .failure, error)
        }
    }
}
