import Weights

/// The Mamba-2 mixer (arXiv 2405.21060 §7; mamba_ssm/modules/mamba2.py).
///
///     z, xBC, dt = W_in u;    xBC = SiLU(conv(xBC));    y = SSM(x, B, C, dt) + D x;    out = W_out norm(y ⊙ SiLU(z))
///
/// dt is clamped after softplus where the family says so, for every token alike.
///
/// State: the convolution's window `[dConv − 1, channels]` and h `[nHeads, dState, headDim]`. Both have the axis along
/// which nothing is summed innermost, so that sums have one order on every processor; `LayerState.summary` shows them
/// in the reference's order.
struct Mamba2Mixer: Sendable {
    private let input: Linear
    private let output: Linear
    private let recurrence: Mamba2Recurrence
    private let norm: GatedNorm

    /// Takes `PREFIX.ssm_*`.
    init(
        _ loader: TensorLoader, prefix: String, dModel: Int, normEpsilon: Float, normIsOptional: Bool = false
    ) throws {
        let read = loader.hyperparameters
        let dInner = try read.int(.dInner)
        let nHeads = try read.int(.timeStepRank)
        let dState = try read.int(.dState)
        let nGroups = try read.int(.nGroups)
        let dConv = try read.int(.dConv)
        guard nHeads > 0, dInner > 0, dInner % nHeads == 0 else {
            throw read.wrong(.timeStepRank, expected: "a number of heads that divides ssm.inner_size \(dInner)")
        }
        guard nGroups > 0, nHeads % nGroups == 0, dInner % nGroups == 0 else {
            throw read.wrong(.nGroups, expected: "a number of groups that divides the \(nHeads) heads")
        }
        guard dState > 0 else { throw read.wrong(.dState, expected: "a positive size") }
        guard (2...16).contains(dConv) else { throw read.wrong(.dConv, expected: "a width from 2 to 16") }

        let channels = dInner + 2 * nGroups * dState
        input = try loader.linear("\(prefix).ssm_in", rows: dInner + channels + nHeads, columns: dModel)
        output = try loader.linear("\(prefix).ssm_out", rows: dModel, columns: dInner)
        let taps = try loader.values("\(prefix).ssm_conv1d.weight", shapes: [[channels, dConv]])
        let filterBias =
            loader.has("\(prefix).ssm_conv1d.bias")
            ? try loader.vector("\(prefix).ssm_conv1d.bias", count: channels) : nil
        let A = try loader.vector("\(prefix).ssm_a", count: nHeads)
        guard A.allSatisfy({ $0 < 0 && $0.isFinite }) else {
            throw EngineError(
                .badValue,
                "\(prefix).ssm_a in \(loader.file.name) has values that are not negative: the state would grow.")
        }
        let ssd = Kernels.StateSpace(
            nHeads: nHeads, headDim: dInner / nHeads, dState: dState, nGroups: nGroups, A: A,
            D: try loader.vector("\(prefix).ssm_d", count: nHeads),
            dtBias: try loader.vector("\(prefix).ssm_dt.bias", count: nHeads),
            dtMin: try read.float(.timeStepMin, default: 0), dtMax: try read.float(.timeStepMax, default: .infinity))
        recurrence = Mamba2Recurrence(
            dConv: dConv, filter: transposed(taps, rows: channels, columns: dConv), filterBias: filterBias, ssd: ssd,
            mean: loader.selection == .runningMean
                ? SelectionMean(steps: nHeads, BC: 2 * nGroups * dState) : nil)
        norm = try GatedNorm(
            loader, "\(prefix).ssm_norm", dInner: dInner, nGroups: nGroups, epsilon: normEpsilon,
            isOptional: normIsOptional)
    }

    /// The state of a layer that has read nothing.
    func makeState() -> LayerState {
        let ssd = recurrence.ssd
        return LayerState(
            buffers: [
                StateBuffer(name: .convState, shape: [recurrence.dConv - 1, ssd.channels]),
                StateBuffer(name: .ssmState, shape: [ssd.nHeads, ssd.dState, ssd.headDim]),
            ] + [recurrence.mean?.makeBuffer()].compactMap { $0 })
    }

    /// Reads `workspace.normed` and writes `workspace.branch`, both `[tokens, dModel]`.
    func apply(tokens: Int, state: inout LayerState, workspace: Workspace) {
        let ssd = recurrence.ssd
        workspace.apply(input, to: workspace.normed, tokens: tokens, output: &workspace.projected)
        recurrence.advance(
            workspace.projected, column: ssd.dInner, stride: input.rows, tokens: tokens, state: &state,
            workspace: workspace)
        workspace.note(recurrence, workspace.projected, ssd.dInner..<input.rows)
        if workspace.trace != nil {
            if recurrence.mean == nil {
                workspace.record(
                    ssd, steps: workspace.projected, column: ssd.dInner + ssd.channels, stride: input.rows)
            } else {
                workspace.record(ssd, steps: workspace.steps, column: 0, stride: ssd.nHeads)
            }
        }
        norm.apply(tokens: tokens, gateStride: input.rows, workspace: workspace)
        workspace.apply(output, to: workspace.mixed, tokens: tokens, output: &workspace.branch)
    }
}

/// What takes tokens into Mamba-2's state: the convolution and the scan.
final class Mamba2Recurrence: Recurrence {
    let dConv: Int
    let ssd: Kernels.StateSpace
    private let filter: [Float]
    private let filterBias: [Float]?
    /// Means that are to be taken instead of what tokens select; step sizes are then in `Workspace.steps`.
    let mean: SelectionMean?

    /// - Parameter filter: `[dConv, channels]`
    init(
        dConv: Int, filter: [Float], filterBias: [Float]?, ssd: Kernels.StateSpace, mean: SelectionMean? = nil
    ) {
        self.mean = mean
        self.dConv = dConv
        self.filter = filter
        self.filterBias = filterBias
        self.ssd = ssd
    }

    /// Reads rows x B C | dt of `input` from `column` on, and writes `workspace.convolved` and `workspace.mixed`.
    func advance(
        _ input: [Float], column: Int, stride: Int, tokens: Int, state: inout LayerState, workspace: Workspace
    ) {
        workspace.convolved.reserve(tokens * ssd.channels)
        Kernels.causalConvSiLU(
            input, column: column, stride: stride, tokens: tokens, weight: filter, bias: filterBias,
            channels: ssd.channels, dConv: dConv, state: &state.buffers[0].values, into: &workspace.convolved,
            pool: workspace.pool)
        var dt = (values: input, column: column + ssd.channels, stride: stride)
        if let mean {
            workspace.steps.reserve(tokens * ssd.nHeads)
            Kernels.copyColumns(
                input, from: dt.column, count: ssd.nHeads, stride: stride, tokens: tokens, into: &workspace.steps)
            mean.apply(
                dt: &workspace.steps, bias: ssd.dtBias, limits: ssd.dtMin...ssd.dtMax,
                selected: &workspace.convolved, column: ssd.dInner, stride: ssd.channels, tokens: tokens,
                buffer: &state.buffers[2])
            dt = (workspace.steps, 0, ssd.nHeads)
        }
        workspace.mixed.reserve(tokens * ssd.dInner)
        Kernels.stateSpace(
            ssd, xBC: workspace.convolved, dt: dt.values, dtColumn: dt.column, dtStride: dt.stride, tokens: tokens,
            state: &state.buffers[1].values, into: &workspace.mixed, scratch: &workspace.scratch,
            pool: workspace.pool)
    }

    func take(_ input: [Float], into state: inout LayerState, workspace: Workspace) {
        advance(input, column: 0, stride: input.count, tokens: 1, state: &state, workspace: workspace)
    }
}

/// The transpose of a row-major `[rows, columns]`.
func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    for row in 0..<rows {
        for column in 0..<columns { result[column * rows + row] = values[row * columns + column] }
    }
    return result
}
