/// LFM2's short convolution, gated before and after.
///
///     B, C, x = W_in u;    y = C ⊙ conv(B ⊙ x);    out = W_out y
///
/// Follows Hugging Face `transformers` `models/lfm2/modeling_lfm2.py`. State: the last inputs B ⊙ x of the convolution,
/// `[dConv − 1, dModel]`, channels innermost.
struct ShortConvolution: Sendable {
    private let input: Linear
    private let output: Linear
    private let recurrence: ShortConvolutionRecurrence

    /// Takes `PREFIX.shortconv.*`.
    init(_ loader: TensorLoader, prefix: String, dModel: Int) throws {
        let read = loader.hyperparameters
        let dConv = try read.int(.shortConvolutionWidth)
        guard (2...16).contains(dConv) else {
            throw read.wrong(.shortConvolutionWidth, expected: "a width from 2 to 16")
        }
        input = try loader.linear("\(prefix).shortconv.in_proj", rows: 3 * dModel, columns: dModel)
        // A gated value can be far larger than its neighbours.
        output = try loader.linear(
            "\(prefix).shortconv.out_proj", rows: dModel, columns: dModel, rounding: .sixteenBits)
        let taps = try loader.values("\(prefix).shortconv.conv.weight", shapes: [[dModel, dConv]])
        recurrence = ShortConvolutionRecurrence(
            dConv: dConv, filter: transposed(taps, rows: dModel, columns: dConv),
            filterBias: loader.has("\(prefix).shortconv.conv.bias")
                ? try loader.vector("\(prefix).shortconv.conv.bias", count: dModel) : nil)
    }

    /// The state of a layer that has read nothing.
    func makeState() -> LayerState {
        LayerState(buffers: [StateBuffer(name: .convState, shape: [recurrence.dConv - 1, output.columns])])
    }

    /// Reads `workspace.normed` and writes `workspace.branch`, both `[tokens, dModel]`.
    func apply(tokens: Int, state: inout LayerState, workspace: Workspace) {
        let dModel = output.columns
        workspace.apply(input, to: workspace.normed, tokens: tokens, output: &workspace.projected)
        workspace.mixed.reserve(tokens * dModel)
        Kernels.multiply(
            workspace.projected, column: 0, stride: 3 * dModel, by: workspace.projected, column: 2 * dModel,
            stride: 3 * dModel, width: dModel, tokens: tokens, into: &workspace.mixed,
            pool: workspace.pool)
        workspace.note(recurrence, workspace.mixed, 0..<dModel)
        recurrence.advance(workspace.mixed, tokens: tokens, channels: dModel, state: &state, workspace: workspace)
        Kernels.multiply(
            workspace.projected, column: dModel, stride: 3 * dModel, by: workspace.convolved, column: 0,
            stride: dModel, width: dModel, tokens: tokens, into: &workspace.mixed, pool: workspace.pool)
        workspace.apply(output, to: workspace.mixed, tokens: tokens, output: &workspace.branch)
    }
}

/// What takes tokens into a short convolution's window.
final class ShortConvolutionRecurrence: Recurrence {
    let dConv: Int
    private let filter: [Float]
    private let filterBias: [Float]?

    /// - Parameter filter: `[dConv, channels]`
    init(dConv: Int, filter: [Float], filterBias: [Float]?) {
        self.dConv = dConv
        self.filter = filter
        self.filterBias = filterBias
    }

    /// Reads `input` `[tokens, channels]`, and writes `workspace.convolved`.
    func advance(_ input: [Float], tokens: Int, channels: Int, state: inout LayerState, workspace: Workspace) {
        workspace.convolved.reserve(tokens * channels)
        Kernels.causalConv(
            input, tokens: tokens, weight: filter, bias: filterBias, channels: channels, dConv: dConv,
            state: &state.buffers[0].values, into: &workspace.convolved, pool: workspace.pool)
    }

    func take(_ input: [Float], into state: inout LayerState, workspace: Workspace) {
        advance(input, tokens: 1, channels: input.count, state: &state, workspace: workspace)
    }
}
