/// Makes tokens less likely that came up lately.
enum Penalties {
    /// Divides positive and multiplies negative logits by the repetition penalty (CTRL, arXiv 1909.05858 §4.1), and takes
    /// off the frequency penalty once for each occurrence and the presence penalty once.
    ///
    /// - Parameter occurrences: memory, which holds zeros before and afterwards
    static func apply(
        _ settings: SamplerSettings, window: [Int32], to logits: inout [Float], occurrences: inout [Int32]
    ) {
        guard settings.penalizes else { return }
        occurrences.reserve(logits.count)
        for token in window where token >= 0 && Int(token) < logits.count { occurrences[Int(token)] += 1 }
        for token in window where token >= 0 && Int(token) < logits.count {
            let index = Int(token)
            let count = occurrences[index]
            guard count > 0 else { continue }
            occurrences[index] = 0
            var logit = Double(logits[index])
            logit = logit > 0 ? logit / settings.repeatPenalty : logit * settings.repeatPenalty
            logit -= settings.frequencyPenalty * Double(count) + settings.presencePenalty
            logits[index] = Float(logit)
        }
    }
}
