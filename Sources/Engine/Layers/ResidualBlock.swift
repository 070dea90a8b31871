/// One layer of the families whose blocks are norm → mixer → add and, where there is an MLP, norm → MLP → add.
struct ResidualBlock: Sendable {
    enum Mixer: Sendable {
        case mamba(MambaMixer)
        case mamba2(Mamba2Mixer)
        case attention(Attention)
    }

    let mixer: Mixer
    let mlp: GatedMLP?
    let mixerNorm: [Float]
    /// Empty where there is no MLP.
    let mlpNorm: [Float]
    let normEpsilon: Float
    /// Multiplies what mixer and MLP add to the stream.
    let residualScale: Float

    /// The state of a layer that has read nothing.
    func makeState() -> LayerState {
        switch mixer {
        case .mamba(let mixer): mixer.makeState()
        case .mamba2(let mixer): mixer.makeState()
        case .attention(let mixer): mixer.makeState()
        }
    }

    /// Updates `workspace.hidden` `[tokens, dModel]`.
    func apply(tokens: Int, state: inout LayerState, workspace: Workspace) {
        let count = tokens * mixerNorm.count
        workspace.normed.reserve(count)
        normalize(weight: mixerNorm, tokens: tokens, workspace: workspace)
        switch mixer {
        case .mamba(let mixer): mixer.apply(tokens: tokens, state: &state, workspace: workspace)
        case .mamba2(let mixer): mixer.apply(tokens: tokens, state: &state, workspace: workspace)
        case .attention(let mixer): mixer.apply(tokens: tokens, state: &state, workspace: workspace)
        }
        Kernels.add(
            workspace.branch, scale: residualScale, to: &workspace.hidden, count: count, pool: workspace.pool)
        guard let mlp else { return }
        normalize(weight: mlpNorm, tokens: tokens, workspace: workspace)
        mlp.apply(tokens: tokens, workspace: workspace)
        Kernels.add(
            workspace.branch, scale: residualScale, to: &workspace.hidden, count: count, pool: workspace.pool)
    }

    private func normalize(weight: [Float], tokens: Int, workspace: Workspace) {
        Kernels.rmsNorm(
            workspace.hidden, weight: weight, epsilon: normEpsilon, tokens: tokens, into: &workspace.normed,
            pool: workspace.pool)
    }
}

/// Embedding, residual blocks and head: the whole of a family whose layers follow one another.
struct ResidualStack: Sendable {
    let embedding: Embedding
    let layers: [ResidualBlock]
    /// The position embedding that the attention layers share.
    let rotary: RotaryEmbedding?
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
        stack.rotary?.prepare(start: state.position, tokens: tokens.count, workspace: workspace)
        for (index, layer) in stack.layers.enumerated() {
            layer.apply(tokens: tokens.count, state: &state.layers[index], workspace: workspace)
        }
        state.position += tokens.count
    }

    package func computeLogits(rows: Range<Int>, workspace: Workspace) {
        stack.embedding.computeLogits(rows: rows, workspace: workspace)
    }
}
