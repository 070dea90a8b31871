/// One layer of the families whose blocks are norm → mixer → add and, where there is an MLP, norm → MLP → add.
struct ResidualBlock: Sendable {
    enum Mixer: Sendable {
        case mamba(MambaMixer)
        case mamba2(Mamba2Mixer)
        case attention(Attention)
        case shortConvolution(ShortConvolution)
        /// Attention and Mamba-2 side by side.
        case parallel(Attention, Mamba2Mixer)
        /// For families whose layers are either a mixer or an MLP.
        case feedForward(FeedForward)
    }

    /// What reads the normed stream and is added to it.
    struct Branch<Content: Sendable>: Sendable {
        let norm: Norm
        let content: Content
        /// Norms what is added, where the family does.
        var outputNorm: Norm?
    }

    let mixer: Branch<Mixer>
    let feedForward: Branch<FeedForward>?
    /// Multiplies what mixer and MLP add to the stream.
    var residualScale: Float = 1
    /// Whether the MLP reads the stream as it is before the mixer adds to it.
    var isParallel = false

    /// The state of a layer that has read nothing.
    func makeState() -> LayerState {
        switch mixer.content {
        case .mamba(let mixer): mixer.makeState()
        case .mamba2(let mixer): mixer.makeState()
        case .attention(let mixer): mixer.makeState()
        case .shortConvolution(let mixer): mixer.makeState()
        case .parallel(let attention, let mixer):
            LayerState(buffers: mixer.makeState().buffers, cache: attention.makeState().cache)
        case .feedForward: LayerState()
        }
    }

    /// Updates `workspace.hidden` `[tokens, dModel]`.
    func apply(tokens: Int, state: inout LayerState, workspace: Workspace) {
        normalize(mixer.norm, tokens: tokens, workspace: workspace)
        mix(tokens: tokens, state: &state, workspace: workspace)
        if isParallel, let feedForward { normalize(feedForward.norm, tokens: tokens, workspace: workspace) }
        add(mixer.outputNorm, tokens: tokens, workspace: workspace)

        guard let feedForward else { return }
        if !isParallel { normalize(feedForward.norm, tokens: tokens, workspace: workspace) }
        feedForward.content.apply(
            workspace.normed, tokens: tokens, into: &workspace.branch, workspace: workspace)
        add(feedForward.outputNorm, tokens: tokens, workspace: workspace)
    }

    /// Reads `workspace.normed` and writes `workspace.branch`.
    private func mix(tokens: Int, state: inout LayerState, workspace: Workspace) {
        switch mixer.content {
        case .mamba(let mixer): mixer.apply(tokens: tokens, state: &state, workspace: workspace)
        case .mamba2(let mixer): mixer.apply(tokens: tokens, state: &state, workspace: workspace)
        case .attention(let mixer): mixer.apply(tokens: tokens, state: &state, workspace: workspace)
        case .shortConvolution(let mixer): mixer.apply(tokens: tokens, state: &state, workspace: workspace)
        case .parallel(let attention, let mixer):
            mixer.apply(tokens: tokens, state: &state, workspace: workspace)
            swap(&workspace.branch, &workspace.routed)
            attention.apply(tokens: tokens, state: &state, workspace: workspace)
            Kernels.add(
                workspace.routed, scale: 1, to: &workspace.branch, count: tokens * self.mixer.norm.count,
                pool: workspace.pool)
        case .feedForward(let content):
            content.apply(workspace.normed, tokens: tokens, into: &workspace.branch, workspace: workspace)
        }
    }

    private func normalize(_ norm: Norm, tokens: Int, workspace: Workspace) {
        norm.apply(workspace.hidden, rows: tokens, into: &workspace.normed, pool: workspace.pool)
    }

    /// Adds the branch that `workspace.branch` holds to the stream.
    private func add(_ outputNorm: Norm?, tokens: Int, workspace: Workspace) {
        outputNorm?.apply(inPlace: &workspace.branch, rows: tokens, pool: workspace.pool)
        Kernels.add(
            workspace.branch, scale: residualScale, to: &workspace.hidden, count: tokens * mixer.norm.count,
            pool: workspace.pool)
    }
}

/// Embedding, residual blocks and head: the whole of a family whose layers follow one another.
struct ResidualStack: Sendable {
    let embedding: Embedding
    let layers: [ResidualBlock]
    /// The position embeddings that the attention layers share.
    let rotaries: [RotaryEmbedding]
}

/// A family that is a `ResidualStack`: it only has to build it.
protocol ResidualArchitecture: Architecture {
    var stack: ResidualStack { get }
}

extension ResidualArchitecture {
    package var vocabSize: Int { stack.embedding.vocabSize }

    package func makeState() -> SequenceState {
        SequenceState(layers: stack.layers.map { $0.makeState() })
    }

    package func advance(_ tokens: ArraySlice<Int32>, state: inout SequenceState, workspace: Workspace) {
        stack.embedding.embed(tokens, workspace: workspace)
        for rotary in stack.rotaries {
            rotary.prepare(start: state.position, tokens: tokens.count, workspace: workspace)
        }
        for (index, layer) in stack.layers.enumerated() {
            workspace.enter(layer: index)
            layer.apply(tokens: tokens.count, state: &state.layers[index], workspace: workspace)
            workspace.leaveLayer(dModel: stack.embedding.dModel)
        }
        state.position += tokens.count
    }

    package func computeLogits(rows: Range<Int>, workspace: Workspace) {
        stack.embedding.computeLogits(rows: rows, workspace: workspace)
    }
}
