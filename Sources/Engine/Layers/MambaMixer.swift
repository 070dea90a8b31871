import Weights

/// The Mamba-1 mixer (arXiv 2312.00752 §3; mamba_ssm/modules/mamba_simple.py).
///
///     x, z = W_in u;    x = SiLU(conv(x));    dt, B, C = W_x x;    dt = softplus(W_dt dt + bias)
///     y = (SSM(x, dt, B, C) + D x) ⊙ SiLU(z);    out = W_out y
///
/// State: the convolution's window `[dConv − 1, dInner]` and h `[dState, dInner]`, both with channels innermost.
struct MambaMixer: Sendable {
    private let input: Linear
    private let output: Linear
    /// x → dt, B, C.
    private let selection: Linear
    /// dt → step sizes of all channels, before bias and softplus.
    private let steps: Linear
    private let recurrence: MambaRecurrence
    /// Norms of dt, B and C, where the family has them.
    private let norms: SelectionNorms?

    /// Takes `PREFIX.ssm_*`.
    init(_ loader: TensorLoader, prefix: String, dModel: Int, norms: SelectionNorms? = nil) throws {
        let read = loader.hyperparameters
        let dInner = try read.int(.dInner)
        let dState = try read.int(.dState)
        let rank = try read.int(.timeStepRank)
        let dConv = try read.int(.dConv)
        guard dInner > 0 else { throw read.wrong(.dInner, expected: "a positive size") }
        guard dState > 0 else { throw read.wrong(.dState, expected: "a positive size") }
        guard rank > 0 else { throw read.wrong(.timeStepRank, expected: "a positive rank") }
        guard (2...16).contains(dConv) else { throw read.wrong(.dConv, expected: "a width from 2 to 16") }

        input = try loader.linear("\(prefix).ssm_in", rows: 2 * dInner, columns: dModel)
        // A gated value can be far larger than its neighbours.
        output = try loader.linear("\(prefix).ssm_out", rows: dModel, columns: dInner, rounding: .sixteenBits)
        // Step sizes are exponents, so errors in them grow with the length of the text; the matrix is small.
        selection = try loader.linear(
            "\(prefix).ssm_x", rows: rank + 2 * dState, columns: dInner, rounding: .sixteenBits)
        steps = Linear(
            weight: try loader.matrix("\(prefix).ssm_dt.weight", rows: dInner, columns: rank), bias: nil,
            rounding: .sixteenBits)
        let taps = try loader.values("\(prefix).ssm_conv1d.weight", shapes: [[dInner, dConv]])
        let filterBias =
            loader.has("\(prefix).ssm_conv1d.bias")
            ? try loader.vector("\(prefix).ssm_conv1d.bias", count: dInner) : nil
        let A = try loader.values("\(prefix).ssm_a", shapes: [[dInner, dState]])
        guard A.allSatisfy({ $0 < 0 && $0.isFinite }) else {
            throw EngineError(
                .badValue,
                "\(prefix).ssm_a in \(loader.file.name) has values that are not negative: the state would grow.")
        }
        let scan = Kernels.SelectiveScan(
            dInner: dInner, dState: dState, A: transposed(A, rows: dInner, columns: dState),
            D: try loader.vector("\(prefix).ssm_d", count: dInner),
            dtBias: try loader.vector("\(prefix).ssm_dt.bias", count: dInner))
        recurrence = MambaRecurrence(
            dConv: dConv, filter: transposed(taps, rows: dInner, columns: dConv), filterBias: filterBias, scan: scan,
            mean: loader.selection == .runningMean ? SelectionMean(steps: dInner, BC: 2 * dState) : nil)
        self.norms = norms
    }

    /// The state of a layer that has read nothing.
    func makeState() -> LayerState {
        let scan = recurrence.scan
        return LayerState(
            buffers: [
                StateBuffer(name: .convState, shape: [recurrence.dConv - 1, scan.dInner]),
                StateBuffer(name: .ssmState, shape: [scan.dState, scan.dInner]),
            ] + [recurrence.mean?.makeBuffer()].compactMap { $0 })
    }

    /// Reads `workspace.normed` and writes `workspace.branch`, both `[tokens, dModel]`.
    func apply(tokens: Int, state: inout LayerState, workspace: Workspace) {
        let (pool, scan, rank) = (workspace.pool, recurrence.scan, steps.columns)
        workspace.apply(input, to: workspace.normed, tokens: tokens, output: &workspace.projected)
        recurrence.convolve(
            workspace.projected, stride: input.rows, tokens: tokens, state: &state, workspace: workspace)
        workspace.apply(selection, to: workspace.convolved, tokens: tokens, output: &workspace.selection)
        norms?.apply(to: &workspace.selection, tokens: tokens, pool: pool)
        workspace.ranks.reserve(tokens * rank)
        pool.observed(.elementwise) {
            Kernels.copyColumns(
                workspace.selection, count: rank, stride: selection.rows, tokens: tokens, into: &workspace.ranks)
        }
        workspace.apply(steps, to: workspace.ranks, tokens: tokens, output: &workspace.steps)
        workspace.note(recurrence, workspace.projected, 0..<scan.dInner)
        workspace.noteMore(workspace.steps, 0..<scan.dInner)
        workspace.noteMore(workspace.selection, rank..<selection.rows)
        recurrence.average(
            &workspace.selection, column: rank, stride: selection.rows, tokens: tokens, state: &state,
            workspace: workspace)
        recurrence.advance(
            BC: workspace.selection, BCColumn: rank, BCStride: selection.rows, z: workspace.projected,
            zColumn: scan.dInner, zStride: input.rows, tokens: tokens, state: &state, workspace: workspace)
        if workspace.trace != nil {
            workspace.record(scan, selectionStride: selection.rows, gateStride: input.rows)
        }
        workspace.apply(output, to: workspace.mixed, tokens: tokens, output: &workspace.branch)
    }
}

/// What takes tokens into Mamba-1's state: the convolution and the scan, between which the selection is made.
final class MambaRecurrence: Recurrence {
    let dConv: Int
    let scan: Kernels.SelectiveScan
    private let filter: [Float]
    private let filterBias: [Float]?
    /// Means that are to be taken instead of what tokens select.
    let mean: SelectionMean?

    /// - Parameter filter: `[dConv, dInner]`
    init(
        dConv: Int, filter: [Float], filterBias: [Float]?, scan: Kernels.SelectiveScan, mean: SelectionMean? = nil
    ) {
        self.mean = mean
        self.dConv = dConv
        self.filter = filter
        self.filterBias = filterBias
        self.scan = scan
    }

    /// Reads the first columns of `input`, and writes `workspace.convolved`.
    func convolve(_ input: [Float], stride: Int, tokens: Int, state: inout LayerState, workspace: Workspace) {
        workspace.convolved.reserve(tokens * scan.dInner)
        Kernels.causalConvSiLU(
            input, column: 0, stride: stride, tokens: tokens, weight: filter, bias: filterBias,
            channels: scan.dInner, dConv: dConv, state: &state.buffers[0].values, into: &workspace.convolved,
            pool: workspace.pool)
    }

    /// Replaces `workspace.steps`, and B and C in rows of `BC`, by their means, where those are to be taken.
    func average(
        _ BC: inout [Float], column: Int, stride: Int, tokens: Int, state: inout LayerState, workspace: Workspace
    ) {
        mean?.apply(
            dt: &workspace.steps, bias: scan.dtBias, selected: &BC, column: column, stride: stride, tokens: tokens,
            buffer: &state.buffers[2])
    }

    /// Reads `workspace.convolved` and `workspace.steps`, which become step sizes, and writes `workspace.mixed`.
    func advance(
        BC: [Float], BCColumn: Int, BCStride: Int, z: [Float], zColumn: Int, zStride: Int, tokens: Int,
        state: inout LayerState, workspace: Workspace
    ) {
        workspace.mixed.reserve(tokens * scan.dInner)
        Kernels.selectiveScan(
            scan, x: workspace.convolved, dt: &workspace.steps, BC: BC, BCColumn: BCColumn, BCStride: BCStride, z: z,
            zColumn: zColumn, zStride: zStride, tokens: tokens, state: &state.buffers[1].values,
            into: &workspace.mixed, pool: workspace.pool)
    }

    /// The input's columns are x | dt | B | C.
    func take(_ input: [Float], into state: inout LayerState, workspace: Workspace) {
        convolve(input, stride: input.count, tokens: 1, state: &state, workspace: workspace)
        workspace.steps.reserve(scan.dInner)
        Kernels.copy(input, from: scan.dInner, count: scan.dInner, to: &workspace.steps, at: 0)
        var input = input
        average(
            &input, column: 2 * scan.dInner, stride: input.count, tokens: 1, state: &state, workspace: workspace)
        // The gate is of the output only, which nobody reads.
        advance(
            BC: input, BCColumn: 2 * scan.dInner, BCStride: input.count, z: input, zColumn: 0, zStride: input.count,
            tokens: 1, state: &state, workspace: workspace)
    }
}

/// RMS norms of dt, B and C before they are used.
struct SelectionNorms: Sendable {
    private let dt, B, C: [Float]
    private let epsilon: Float

    /// Norms with weights: dt `[rank]`, B and C `[dState]`.
    init(dt: [Float], B: [Float], C: [Float], epsilon: Float) {
        self.dt = dt
        self.B = B
        self.C = C
        self.epsilon = epsilon
    }

    /// Takes `PREFIX.ssm_dt_norm`, `ssm_b_norm` and `ssm_c_norm`.
    init(_ loader: TensorLoader, prefix: String, epsilon: Float) throws {
        let rank = try loader.hyperparameters.int(.timeStepRank)
        let dState = try loader.hyperparameters.int(.dState)
        self.init(
            dt: try loader.vector("\(prefix).ssm_dt_norm.weight", count: rank),
            B: try loader.vector("\(prefix).ssm_b_norm.weight", count: dState),
            C: try loader.vector("\(prefix).ssm_c_norm.weight", count: dState), epsilon: epsilon)
    }

    /// Norms whose weights are all 1.
    static func plain(rank: Int, dState: Int, epsilon: Float) -> SelectionNorms {
        let ones = [Float](repeating: 1, count: dState)
        return SelectionNorms(dt: [Float](repeating: 1, count: rank), B: ones, C: ones, epsilon: epsilon)
    }

    /// Norms rows dt | B | C of `selection` in place.
    func apply(to selection: inout [Float], tokens: Int, pool: WorkerPool) {
        let stride = dt.count + B.count + C.count
        for (column, weight) in [(0, dt), (dt.count, B), (dt.count + B.count, C)] {
            Kernels.rmsNormColumns(
                &selection, column: column, stride: stride, weight: weight, epsilon: epsilon, tokens: tokens, pool: pool
            )
        }
    }
}
