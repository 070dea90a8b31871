/// Makes tokens less likely that came up lately.
enum Penalties {
    /// Divides positive and multiplies negative logits by the repetition penalty (CTRL, arXiv 1909.05858 §4.1), and takes
    /// off the frequency penalty once for each occurrence and the presence penalty once.
    ///
    /// - Parameter replaced: logits that differ from `logits` already; the penalised ones are added
    static func apply(
        _ settings: SamplerSettings, window: [Int32], to logits: [Float], replaced: inout [Int32: Float]
    ) {
        var counts: [Int32: Int] = [:]
        for token in window where token >= 0 && Int(token) < logits.count { counts[token, default: 0] += 1 }
        for (token, count) in counts {
            var logit = Double(replaced[token] ?? logits[Int(token)])
            logit = logit > 0 ? logit / settings.repeatPenalty : logit * settings.repeatPenalty
            logit -= settings.frequencyPenalty * Double(count) + settings.presencePenalty
            replaced[token] = Float(logit)
        }
    }
}
