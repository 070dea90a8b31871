import Chat
public import Screen

/// A screen with a short conversation, to show what a theme looks like.
public enum SampleScreen {
    /// A frame of `size` in a theme.
    public static func frame(size: Size, theme: Theme, usesColor: Bool) -> CellBuffer {
        var model = AppModel(size: size, theme: theme, clock: "21:04")
        model.usesColor = usesColor
        let summary = ModelSummary(
            name: "sample", title: "Sample", family: "mamba2", parameters: 0, precision: "fast", threads: 2,
            trainedContext: 128, stateBytes: 5_045_760, stateBytesPerToken: 0,
            attentionBaseline: AttentionBaseline(name: "attention", bytesPerToken: 23_040))
        _ = update(&model, .loaded(summary))
        say("What does **Markdown** look like?", to: &model)
        answer(
            """
            # Like this
            A *soft* word, a **strong** one and some `code`:
            - an item, and \u{1B}[31m an escape that does nothing

            ```
            let answer = 42
            ```
            """, ends: true, to: &model)
        say("And an answer that is being made?", to: &model)
        answer("It goes on here", ends: false, to: &model)
        var frame = CellBuffer(size: size)
        render(&model, into: &frame)
        return frame
    }

    private static func say(_ text: String, to model: inout AppModel) {
        _ = update(&model, .input(.paste(text)))
        _ = update(&model, .input(.key(Key(.enter))))
    }

    private static func answer(_ text: String, ends: Bool, to model: inout AppModel) {
        var metrics = model.readings.metrics
        let seen = metrics.tokensSeen
        metrics.promptTokens = 20
        metrics.prefillSeconds = 0.05
        metrics.timeToFirstToken = 0.06
        metrics.stateBytes = 5_045_760
        for (index, character) in text.enumerated() {
            metrics.completionTokens = index + 1
            metrics.decodeSeconds = Double(index) / Double(100 + index % 60)
            metrics.tokensSeen = seen + 21 + index
            let token = SampledToken(id: 0, text: String(character), probability: 0.71, entropy: 1.2)
            _ = update(&model, .generation(.token(token, metrics)))
        }
        if ends { _ = update(&model, .generation(.finished(.endOfTurn, metrics))) }
    }
}
