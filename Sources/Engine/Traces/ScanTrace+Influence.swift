/// What a traced token reads through a layer's state, of itself and of the traced tokens before it.
package struct ScanInfluence: Sendable {
    /// The positions of the traced tokens up to the reading one.
    package let positions: Range<Int>
    /// α[t, s] for each of them, `[positions, channels]`.
    package let weights: [[Float]]
    /// exp(A·Σ Δ) of what each of them wrote, at the state whose rate is the median one: the median over channels.
    package let retained: [Float]
    /// The same of each channel, `[positions, channels]`.
    package let retainedByHead: [[Float]]
    /// Mean Δ over channels as each of them was written.
    package let written: [Float]
    /// Δ of each channel as each of them was written, `[positions, channels]`.
    package let steps: [[Float]]
}

extension Trace {
    /// What a traced token reads through a layer's state: its row of the hidden attention.
    ///
    ///     α[t, s] = Σ_n C_t[n] · exp(A[n] · Σ_{k = s+1 … t} Δ_k) · Δ_s · B_s[n],    y_t = Σ_s α[t, s] x_s + …
    ///
    /// Ali et al., arXiv 2403.01590; for each channel of Mamba-1 and each head of Mamba-2, whose A is one number. What
    /// else is in y_t is what the state held before the first traced token, and D·x_t.
    ///
    /// - Returns: nil where the layer has no state-space model or the token isn't traced.
    /// - Complexity: O(traced tokens · A.count) exponentials.
    package func influence(layer: Int, position: Int) -> ScanInfluence? {
        guard let scan = layers[layer].scan, positions.contains(position) else { return nil }
        let C = scan.C.row(slot(position))
        var since = [Float](repeating: 0, count: scan.channels)  // Σ Δ after s
        var weights: [[Float]] = []
        var retained: [[Float]] = []
        var written: [[Float]] = []
        for source in (positions.lowerBound...position).reversed() {
            let steps = scan.steps.row(slot(source))
            let passed = scan.passed(B: scan.B.row(slot(source)), C: C, after: since)
            weights.append(zip(passed, steps).map { $0 * $1 })
            var left = zip(scan.rates, since).map { -$0 * $1 }
            Kernels.exp(&left)
            retained.append(left)
            written.append(steps)
            for channel in since.indices { since[channel] += steps[channel] }
        }
        return ScanInfluence(
            positions: positions.lowerBound..<(position + 1), weights: weights.reversed(),
            retained: retained.reversed().map { median($0) ?? 0 }, retainedByHead: retained.reversed(),
            written: written.reversed().map { $0.reduce(0, +) / Float($0.count) }, steps: written.reversed())
    }

    /// Mean Δ over channels of a traced token in a layer; nil where the layer has no state-space model.
    package func meanStep(layer: Int, position: Int) -> Float? {
        guard let scan = layers[layer].scan, positions.contains(position) else { return nil }
        let steps = scan.steps.row(slot(position))
        return steps.reduce(0, +) / Float(steps.count)
    }

    /// Tokens after which half is left of what was written: ln 2 / (−A · mean Δ).
    ///
    /// The mean is over the traced tokens, the median over channels, of whose states' rates the median counts. Nil where
    /// the layer has no state-space model.
    package func halfLife(layer: Int) -> Float? {
        guard let scan = layers[layer].scan, !positions.isEmpty else { return nil }
        let decays = zip(scan.rates, scan.meanSteps(count: positions.count)).map { $0 * $1 }
        return median(decays).map { $0 > 0 ? 0.693_147_2 / $0 : .infinity }
    }
}

extension ScanTrace {
    /// Σ_n C[n] · B[n] · exp(A[n] · since), for each channel.
    fileprivate func passed(B: [Float], C: [Float], after since: [Float]) -> [Float] {
        let states = A.count / channels
        var decay = [Float](repeating: 0, count: A.count)
        for state in 0..<states {
            for channel in 0..<channels {
                decay[state * channels + channel] = A[state * channels + channel] * since[channel]
            }
        }
        Kernels.exp(&decay)
        var passed = [Float](repeating: 0, count: channels)
        if states == 1 {
            let each = channels / nGroups
            for channel in 0..<channels {
                let group = channel / each * dState
                var score: Float = 0
                for state in 0..<dState { score += C[group + state] * B[group + state] }
                passed[channel] = score * decay[channel]
            }
        } else {
            for state in 0..<dState {
                let score = C[state] * B[state]
                for channel in 0..<channels { passed[channel] += score * decay[state * channels + channel] }
            }
        }
        return passed
    }
}
