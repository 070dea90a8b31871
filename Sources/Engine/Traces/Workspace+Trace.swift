extension Workspace {
    /// Keeps what Mamba-1's scan has selected for the tokens of this pass.
    ///
    /// Reads `convolved`, `steps`, `selection` (rows dt | B | C), `projected` (rows x | z) and `mixed`.
    func record(_ scan: Kernels.SelectiveScan, selectionStride: Int, gateStride: Int) {
        record(
            channels: scan.dInner, dState: scan.dState, nGroups: 1, A: scan.A, D: scan.D, dInner: scan.dInner,
            isGated: true
        ) { token in
            let B = (token + 1) * selectionStride - 2 * scan.dState
            return ScanTrace.Source(
                steps: (steps, token * scan.dInner), B: (selection, B), C: (selection, B + scan.dState),
                input: (convolved, token * scan.dInner), output: (mixed, token * scan.dInner),
                gate: (projected, token * gateStride + scan.dInner))
        }
    }

    /// Keeps what Mamba-2's scan has selected for the tokens of this pass.
    ///
    /// Reads `convolved` (rows x | B | C) and `mixed`.
    ///
    /// - Parameter raw: step sizes before bias and softplus, in rows of `stride` from `column` on
    func record(_ ssd: Kernels.StateSpace, steps raw: [Float], column: Int, stride: Int) {
        record(
            channels: ssd.nHeads, dState: ssd.dState, nGroups: ssd.nGroups, A: ssd.A, D: ssd.D, dInner: ssd.dInner,
            isGated: false
        ) { token in
            let start = token * stride + column
            let B = token * ssd.channels + ssd.dInner
            return ScanTrace.Source(
                steps: (ssd.stepSizes(Array(raw[start..<(start + ssd.nHeads)])), 0),
                B: (convolved, B), C: (convolved, B + ssd.nGroups * ssd.dState),
                input: (convolved, token * ssd.channels), output: (mixed, token * ssd.dInner))
        }
    }

    private func record(
        channels: Int, dState: Int, nGroups: Int, A: [Float], D: [Float], dInner: Int, isGated: Bool,
        source: (Int) -> ScanTrace.Source
    ) {
        guard let trace else { return }
        if trace.layers[layer].scan == nil {
            trace.layers[layer].scan = ScanTrace(
                channels: channels, dState: dState, nGroups: nGroups, A: A, D: D, dInner: dInner, isGated: isGated,
                in: trace)
        }
        for (token, position) in trace.pass.enumerated() {
            let (slot, displaces) = (trace.slot(position), trace.displaces(position))
            let source = source(token)
            trace.layers[layer].scan?.record(source, slot: slot, displaces: displaces)
        }
    }

    /// Keeps what an attention layer asks with the tokens of this pass; reads `queries` and `mixed`.
    func record(_ shape: Kernels.AttentionShape) {
        guard let trace else { return }
        if trace.layers[layer].attention == nil { trace.layers[layer].attention = AttentionTrace(shape, in: trace) }
        for (token, position) in trace.pass.enumerated() {
            let slot = trace.slot(position)
            trace.layers[layer].attention?.record(queries: queries, outputs: mixed, token: token, slot: slot)
        }
    }

    /// Takes what follows as one layer's; the trace's rows go there.
    func enter(layer: Int) {
        self.layer = layer
    }

    /// Keeps the stream that the layer leaves, where there is a trace.
    func leaveLayer(dModel: Int) {
        guard let trace else { return }
        if trace.layers[layer].stream == nil {
            trace.layers[layer].stream = TraceRows(width: dModel, half: trace.half)
        }
        for (token, position) in trace.pass.enumerated() {
            let slot = trace.slot(position)
            trace.layers[layer].stream?.write(hidden, from: token * dModel, slot: slot)
        }
    }
}

extension Kernels.StateSpace {
    /// Δ = clamp(softplus(raw + bias)) of one token, `[nHeads]`.
    fileprivate func stepSizes(_ raw: [Float]) -> [Float] {
        var steps = zip(raw, dtBias).map { $0 + $1 }
        Kernels.softplus(&steps)
        return steps.map { min(dtMax, max(dtMin, $0)) }
    }
}
