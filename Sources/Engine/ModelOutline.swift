package import Weights

/// What a model is, and the memory that it takes, from what its file says: no weight is read, but every shape is checked.
package struct ModelOutline: Sendable {
    /// What a layer remembers of a sequence.
    package enum LayerKind: String, Sendable, CaseIterable {
        /// A state-space layer: a window and a state of fixed size.
        case recurrent
        /// A short convolution: a window of fixed size.
        case convolution
        /// Keys and values.
        case attention
        /// State-space and attention, side by side.
        case parallel
        /// Nothing: an MLP alone.
        case stateless
    }

    /// The family, as GGUF names it.
    package let family: String
    /// The layers in order.
    package let layers: [LayerKind]
    /// Names and values of the sizes that the file states, as the papers' code calls them.
    package let sizes: [(name: String, values: [Int])]
    package let vocabSize: Int
    /// Tokens of context in training, where the file says.
    package let trainedContext: Int?
    package let parameterCount: Int
    /// Bytes of a new sequence's state.
    package let stateBytes: Int
    /// Bytes that each token adds to the state.
    package let stateBytesPerToken: Int
    /// Bytes of the weights in memory, in either precision.
    package let weightBytes: [Precision: Int]

    /// Builds the model in `file` without its weights; throws what loading would throw for any shape or size.
    package init(_ file: WeightFile) throws {
        let file = try Architectures.canonical(file)
        let pool = WorkerPool(workers: 1)
        let exact = TensorLoader(file, precision: .exact, pool: pool, readsWeights: false)
        _ = try Architectures.load(exact)
        let loader = TensorLoader(file, precision: .fast, pool: pool, readsWeights: false)
        let architecture = try Architectures.load(loader)
        let state = architecture.makeState()
        let family = try file.metadata.requireString("general.architecture")
        self.family = family
        layers = state.layers.map { $0.kind }
        sizes = Self.names.compactMap { name, key in
            let key = "\(family).\(key.gguf)"
            let values = file.metadata.ints(key) ?? file.metadata.int(key).map { [$0] }
            return values.map { (name, $0) }
        }
        vocabSize = architecture.vocabSize
        trainedContext = architecture.trainedContext
        parameterCount = loader.parameterCount
        stateBytes = state.byteCount
        stateBytesPerToken = state.bytesPerToken
        weightBytes = [.fast: loader.memoryBytes, .exact: exact.memoryBytes]
    }

    private static let names: [(name: String, key: Hyperparameter)] = [
        ("d_model", .dModel), ("d_ff", .dFeedForward), ("d_inner", .dInner), ("d_state", .dState), ("d_conv", .dConv),
        ("n_groups", .nGroups), ("time_step_rank", .timeStepRank), ("n_heads", .nHeads), ("n_kv_heads", .nKVHeads),
        ("head_dim", .headDim), ("sliding_window", .slidingWindow), ("n_experts", .nExperts),
    ]
}

extension LayerState {
    /// What the layer is, by what it remembers.
    fileprivate var kind: ModelOutline.LayerKind {
        let hasScan = buffers.contains { $0.name == .ssmState }
        switch (hasScan, cache != nil) {
        case (true, true): return .parallel
        case (true, false): return .recurrent
        case (false, true): return .attention
        case (false, false): return buffers.isEmpty ? .stateless : .convolution
        }
    }
}
