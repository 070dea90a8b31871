import Weights

/// Zamba2: Mamba-2 layers, some of which also read what a transformer block makes of the stream, one of few blocks that
/// such layers share in turn.
///
/// Follows Hugging Face `transformers` `models/zamba2/modeling_zamba2.py`. There is no GGUF form of it; the names of keys
/// and tensors are ours.
struct Zamba2: Architecture {
    static let names = ["zamba2"]

    /// The epsilon of the mixers' gated norms, which no configuration says.
    private static let mixerEpsilon: Float = 1e-5

    private struct Layer: Sendable {
        let norm: Norm
        let mixer: Mamba2Mixer
        let shared: SharedTransformer?
    }

    let trainedContext: Int?
    private let embedding: Embedding
    private let layers: [Layer]
    private let rotary: RotaryEmbedding?

    init(_ loader: TensorLoader) throws {
        let read = loader.hyperparameters
        let dModel = try read.int(.dModel)
        let nLayers = try read.int(.nLayers)
        let kvHeads = try read.perLayer(.nKVHeads, layers: nLayers)
        let normEpsilon = try read.float(.normEpsilon, default: 1e-5)
        let nBlocks = try read.int(.nSharedBlocks)
        guard nBlocks > 0 else { throw read.wrong(.nSharedBlocks, expected: "a positive number") }
        var shape = try Attention.Shape(loader, dModel: dModel, nKVHeads: kvHeads.max() ?? 0, order: .halves)
        let usesRotary = shape.nKVHeads > 0 && read.bool(.ropeFinetuned, default: true)
        let rotary = usesRotary ? try RotaryEmbedding(loader, headDim: shape.headDim) : nil
        shape.rotary = rotary
        let hybrids = kvHeads.indices.filter { kvHeads[$0] > 0 }
        let blocks = try (0..<min(nBlocks, hybrids.count)).map { block in
            try SharedTransformer(
                loader, prefix: "shared.\(block)", dModel: dModel, shape: shape, normEpsilon: normEpsilon)
        }
        layers = try (0..<nLayers).map { layer in
            let prefix = "blk.\(layer)"
            let shared = try hybrids.firstIndex(of: layer).map { turn in
                try blocks[turn % nBlocks].belonging(to: prefix, loader)
            }
            return Layer(
                norm: try .rms(loader, "\(prefix).attn_norm", count: dModel, epsilon: normEpsilon),
                mixer: try Mamba2Mixer(loader, prefix: prefix, dModel: dModel, normEpsilon: Self.mixerEpsilon),
                shared: shared)
        }
        embedding = try Embedding(
            loader, dModel: dModel, outputNorm: .rms(loader, "output_norm", count: dModel, epsilon: normEpsilon))
        trainedContext = try read.optionalInt(.trainedContext)
        self.rotary = rotary
    }

    var vocabSize: Int { embedding.vocabSize }

    func makeState() -> SequenceState {
        SequenceState(
            layers: layers.map { layer in
                LayerState(buffers: layer.mixer.makeState().buffers, cache: layer.shared?.makeState().cache)
            })
    }

    func advance(_ tokens: ArraySlice<Int32>, state: inout SequenceState, workspace: Workspace) {
        let count = tokens.count * embedding.dModel
        embedding.embed(tokens, workspace: workspace)
        workspace.embedded.reserve(count)
        workspace.pool.observed(.embedding) {
            Kernels.copy(workspace.hidden, from: 0, count: count, to: &workspace.embedded, at: 0)
        }
        rotary?.prepare(start: state.position, tokens: tokens.count, workspace: workspace)
        for (index, layer) in layers.enumerated() {
            workspace.enter(layer: index)
            if let shared = layer.shared {
                shared.apply(tokens: tokens.count, state: &state.layers[index], workspace: workspace)
                Kernels.add(
                    workspace.hidden, scale: 1, to: &workspace.routed, count: count, pool: workspace.pool)
                layer.norm.apply(
                    workspace.routed, rows: tokens.count, into: &workspace.normed, pool: workspace.pool)
            } else {
                layer.norm.apply(
                    workspace.hidden, rows: tokens.count, into: &workspace.normed, pool: workspace.pool)
            }
            layer.mixer.apply(tokens: tokens.count, state: &state.layers[index], workspace: workspace)
            Kernels.add(workspace.branch, scale: 1, to: &workspace.hidden, count: count, pool: workspace.pool)
            workspace.leaveLayer(dModel: embedding.dModel)
        }
        state.position += tokens.count
    }

    func computeLogits(rows: Range<Int>, workspace: Workspace) {
        embedding.computeLogits(rows: rows, workspace: workspace)
    }
}
