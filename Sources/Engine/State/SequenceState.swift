/// All that a model remembers of a sequence: a value.
///
/// A copy is a checkpoint, `==` is a test, the byte count is a gauge, and it can't be trimmed: going back is taking an
/// earlier copy. Copies share memory until one of them goes on.
package struct SequenceState: Sendable, Equatable {
    /// One entry a layer, in order.
    package var layers: [LayerState]
    /// Tokens that were read.
    package var position = 0

    package init(layers: [LayerState]) {
        self.layers = layers
    }

    /// Becomes equal to `other` in its own memory, where the two have the same shape: neither shares what the other will
    /// write next, so that neither has to be copied then.
    package mutating func copyContents(of other: SequenceState) {
        guard layers.count == other.layers.count else {
            self = other
            return
        }
        for index in layers.indices { layers[index].copyContents(of: other.layers[index]) }
        position = other.position
    }

    /// Bytes of all that is remembered: constant for recurrent layers, growing with each token for attention, up to the window.
    package var byteCount: Int {
        layers.reduce(0) { $0 + $1.byteCount }
    }

    /// Bytes that one more token adds: none where a layer's window is full.
    package var bytesPerToken: Int {
        layers.reduce(0) { $0 + ($1.cache?.growth ?? 0) }
    }

    /// Bytes of keys and values, which are what grows.
    package var growingBytes: Int {
        layers.reduce(0) { $0 + ($1.cache?.byteCount ?? 0) }
    }

    /// Whether keys and values stay within `limit` bytes with `count` more tokens; always so where nothing grows.
    package func hasRoom(for count: Int, within limit: Int) -> Bool {
        let more = growth(by: count)
        return more == 0 || (growingBytes <= limit && more <= limit - growingBytes)
    }

    /// Bytes that `count` more tokens add; the largest number if they have no place in one.
    package func growth(by count: Int) -> Int {
        layers.reduce(0) { sum, layer in
            let (total, overflow) = sum.addingReportingOverflow(layer.cache?.growth(by: count) ?? 0)
            return overflow ? .max : total
        }
    }

    /// Bytes that one step of decoding reads and writes of it.
    package var trafficPerToken: Int {
        layers.reduce(0) { sum, layer in
            sum + 2 * layer.buffers.reduce(0) { $0 + $1.byteCount } + (layer.cache?.byteCount ?? 0)
        }
    }
}

/// What one layer remembers.
package struct LayerState: Sendable, Equatable {
    /// Named, shaped values of fixed size.
    package var buffers: [StateBuffer]
    /// Keys and values, where the layer has attention.
    package var cache: KeyValueCache?

    package init(buffers: [StateBuffer] = [], cache: KeyValueCache? = nil) {
        self.buffers = buffers
        self.cache = cache
    }

    var byteCount: Int {
        buffers.reduce(cache?.byteCount ?? 0) { $0 + $1.byteCount }
    }

    fileprivate mutating func copyContents(of other: LayerState) {
        if cache != nil, let newer = other.cache {
            cache?.copyContents(of: newer)
        } else {
            cache = other.cache
        }
        guard buffers.count == other.buffers.count else {
            buffers = other.buffers
            return
        }
        for index in buffers.indices { buffers[index].copyContents(of: other.buffers[index]) }
    }
}

/// A part of a recurrent state: float32 values of a fixed shape, zero at the start of a sequence.
package struct StateBuffer: Sendable, Equatable {
    /// What the values are; the raw value is the reference's name for them.
    package enum Name: String, Sendable {
        /// The last inputs of the causal convolution, `[dConv − 1, channels]`, oldest first.
        case convState = "conv_state"
        /// h, `[nHeads, dState, headDim]`; Mamba-1's is `[dState, dInner]`.
        case ssmState = "ssm_state"
        /// Means of what a scan has selected, and of how many tokens, `[1, values + 1]`; where the model takes those.
        case selectionMean = "selection_mean"
    }

    package let name: Name
    /// `[outer, inner]`.
    package let shape: [Int]
    package var values: [Float]

    package init(name: Name, shape: [Int]) {
        self.name = name
        self.shape = shape
        values = Array(repeating: 0, count: shape.reduce(1, *))
    }

    package var byteCount: Int { values.count * MemoryLayout<Float>.size }

    fileprivate mutating func copyContents(of other: StateBuffer) {
        guard name == other.name, shape == other.shape else {
            self = other
            return
        }
        Kernels.copy(other.values, from: 0, count: values.count, to: &values, at: 0)
    }
}
