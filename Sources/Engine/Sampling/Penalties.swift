/// Makes tokens less likely that came up lately.
enum Penalties {
    /// Divides positive and multiplies negative logits by the repetition penalty (CTRL, arXiv 1909.05858 §4.1), and takes
    /// off the frequency penalty once for each occurrence and the presence penalty once.
    static func apply(_ settings: SamplerSettings, window: [Int32], to logits: inout [Float]) {
        var counts: [Int32: Int] = [:]
        for token in window where token >= 0 && Int(token) < logits.count { counts[token, default: 0] += 1 }
        for (token, count) in counts {
            var logit = Double(logits[Int(token)])
            logit = logit > 0 ? logit / settings.repeatPenalty : logit * settings.repeatPenalty
            logit -= settings.frequencyPenalty * Double(count) + settings.presencePenalty
            logits[Int(token)] = Float(logit)
        }
    }
}
