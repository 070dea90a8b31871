package import Chat
package import Engine

extension SamplerSettings {
    /// The engine's settings for what a front end asks for.
    package init(_ options: SamplingOptions) {
        self.init(
            temperature: options.temperature, topK: options.topK, topP: options.topP, minP: options.minP,
            typicalP: options.typicalP, repeatPenalty: options.repeatPenalty,
            frequencyPenalty: options.frequencyPenalty, presencePenalty: options.presencePenalty,
            penaltyWindow: options.penaltyWindow, logitBias: options.logitBias)
    }
}
