import Chat

/// What a comparison of two models found.
struct ComparisonReport {
    let models: [ChatPair.Side: ModelSummary]
    let mode: ChatPair.Mode
    let sampling: SamplingOptions
    var prompts: [ComparedPrompt] = []
    /// Over all prompts.
    var tally: ComparisonTally { ComparisonTally(prompts.flatMap(\.comparisons)) }

    init(_ models: [ChatPair.Side: ModelSummary], mode: ChatPair.Mode, sampling: SamplingOptions) {
        self.models = models
        self.mode = mode
        self.sampling = sampling
    }

    func total(_ side: ChatPair.Side) -> ComparisonTotal {
        ComparisonTotal(prompts.compactMap { $0.sides[side] })
    }
}
