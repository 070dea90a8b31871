import Foundation

/// How much a layer's memory differs from what it was.
package struct LayerChange: Sendable, Equatable {
    /// A head or channel, and |h₂ − h₁| / |h₁| of it alone.
    package struct Part: Sendable, Equatable {
        /// `head 7`, `channel 411`.
        package let name: String
        package let change: Double
    }

    /// |h₂ − h₁| / |h₁| of all that the layer remembers (Frobenius norms).
    ///
    /// Keys and values that only one has count against zeros. Infinite where the first is zero and the second is not.
    package let change: Double
    package let parts: [Part]
}

extension SequenceState {
    /// How each layer of `other` differs from the same layer here; the states are of the same model.
    package func changes(to other: SequenceState) -> [LayerChange] {
        zip(layers, other.layers).map { first, second in
            var whole = SquaredChange()
            var parts: [LayerChange.Part] = []
            for (a, b) in zip(first.buffers, second.buffers) {
                let changes = a.changes(to: b)
                for (_, change) in changes { whole += change }
                guard a.name == .ssmState || first.buffers.count == 1 else { continue }
                parts += changes.map { LayerChange.Part(name: $0, change: $1.relative) }
            }
            if let a = first.cache, let b = second.cache {
                for (head, change) in a.changes(to: b).enumerated() {
                    whole += change
                    parts.append(LayerChange.Part(name: "head \(head)", change: change.relative))
                }
            }
            return LayerChange(change: whole.relative, parts: parts)
        }
    }

    /// The mean of two states of the same model, `weight` of it the other's; nil where layers hold keys and values of
    /// different tokens.
    package func mean(with other: SequenceState, weight: Float) -> SequenceState? {
        var mean = self
        for index in layers.indices {
            guard layers[index].cache == other.layers[index].cache else { return nil }
            for (number, buffer) in other.layers[index].buffers.enumerated() {
                for (place, value) in buffer.values.enumerated() {
                    let own = layers[index].buffers[number].values[place]
                    mean.layers[index].buffers[number].values[place] = own + weight * (value - own)
                }
            }
        }
        return mean
    }
}

/// Sums of squares: of a difference, and of what it is relative to.
private struct SquaredChange {
    var difference = 0.0
    var before = 0.0

    mutating func add(_ a: Float, _ b: Float) {
        let delta = Double(b) - Double(a)
        difference += delta * delta
        before += Double(a) * Double(a)
    }

    static func += (sum: inout Self, change: Self) {
        sum.difference += change.difference
        sum.before += change.before
    }

    var relative: Double {
        difference == 0 ? 0 : before == 0 ? .infinity : (difference / before).squareRoot()
    }
}

extension StateBuffer {
    /// By head, where the shape has one in front, else by channel, the innermost.
    fileprivate func changes(to other: StateBuffer) -> [(name: String, change: SquaredChange)] {
        let byHead = shape.count > 2
        let count = byHead ? shape[0] : shape[shape.count - 1]
        let perHead = values.count / max(shape[0], 1)
        var changes = [SquaredChange](repeating: SquaredChange(), count: count)
        for index in values.indices {
            changes[byHead ? index / perHead : index % count].add(values[index], other.values[index])
        }
        return changes.enumerated().map { (byHead ? "head \($0)" : "channel \($0)", $1) }
    }
}

extension KeyValueCache {
    /// By key-value head.
    fileprivate func changes(to other: KeyValueCache) -> [SquaredChange] {
        var changes = [SquaredChange](repeating: SquaredChange(), count: nKVHeads)
        let zeros = [Float](repeating: 0, count: nKVHeads * headDim)
        for token in min(visible.lowerBound, other.visible.lowerBound)..<max(count, other.count) {
            let a = visible.contains(token) ? Kernels.read(token: token, of: self) : (zeros, zeros)
            let b = other.visible.contains(token) ? Kernels.read(token: token, of: other) : (zeros, zeros)
            for index in zeros.indices {
                changes[index / headDim].add(a.0[index], b.0[index])
                changes[index / headDim].add(a.1[index], b.1[index])
            }
        }
        return changes
    }
}
