import Chat

/// What a comparison of two models found.
struct ComparisonReport: WrittenReport {
    let models: [ChatPair.Side: ModelSummary]
    let mode: ChatPair.Mode
    let sampling: SamplingOptions
    /// Empty where only probes were asked for.
    var prompts: [ComparedPrompt] = []
    var probes: ProbeReport?
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
