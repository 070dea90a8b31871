import Foundation

/// Rotary position embedding (RoPE, arXiv 2104.09864): the angle of each pair of values at each position.
struct RotaryEmbedding: Sendable {
    /// How many values of each head are rotated.
    let dimensions: Int
    /// Which of the workspace's rotations this one fills: a family with several embeddings numbers them.
    let slot: Int
    /// Radians a position, for each pair.
    private let frequencies: [Double]

    /// Reads `rope.*`, and `rope_freqs.weight` where the file has it; refuses scalings that we don't compute.
    init(_ loader: TensorLoader, headDim: Int) throws {
        let read = loader.hyperparameters
        let dimensions = try Self.dimensions(read, headDim: headDim)
        var factor = Double(try read.float(.ropeScaleLinear, default: 1))
        switch read.string(.ropeScalingType) ?? "none" {
        case "none": break
        case "linear": factor = Double(try read.float(.ropeScalingFactor, default: 1))
        default: throw read.wrong(.ropeScalingType, expected: "none or linear, the scalings that can be run")
        }
        guard factor > 0 else { throw read.wrong(.ropeScalingFactor, expected: "a positive number") }
        let divisors =
            loader.has("rope_freqs.weight")
            ? try loader.vector("rope_freqs.weight", count: dimensions / 2).map { Double($0) * factor }
            : Array(repeating: factor, count: dimensions / 2)
        self.init(
            dimensions: dimensions, base: try Self.base(read, .ropeBase, default: 10_000), divisors: divisors, slot: 0)
    }

    /// The embedding of layers that see a window: `rope.freq_base_swa`, never scaled, in slot 1.
    init(windowed loader: TensorLoader, headDim: Int, defaultBase: Float) throws {
        let dimensions = try Self.dimensions(loader.hyperparameters, headDim: headDim)
        self.init(
            dimensions: dimensions,
            base: try Self.base(loader.hyperparameters, .ropeBaseWindowed, default: defaultBase),
            divisors: Array(repeating: 1, count: dimensions / 2), slot: 1)
    }

    private init(dimensions: Int, base: Double, divisors: [Double], slot: Int) {
        self.dimensions = dimensions
        self.slot = slot
        frequencies = divisors.enumerated().map { pair, divisor in
            pow(base, -2 * Double(pair) / Double(dimensions)) / divisor
        }
    }

    private static func dimensions(_ read: HyperparameterReader, headDim: Int) throws -> Int {
        let dimensions = try read.optionalInt(.ropeDimensions) ?? headDim
        guard dimensions > 0, dimensions <= headDim, dimensions % 2 == 0 else {
            throw read.wrong(.ropeDimensions, expected: "an even number up to the head size \(headDim)")
        }
        return dimensions
    }

    private static func base(
        _ read: HyperparameterReader, _ key: Hyperparameter, default fallback: Float
    ) throws -> Double {
        let base = Double(try read.float(key, default: fallback))
        guard base > 1 else { throw read.wrong(key, expected: "a number above 1") }
        return base
    }

    /// Fills the workspace's rotation of this slot for positions from `start` on.
    func prepare(start: Int, tokens: Int, workspace: Workspace) {
        workspace.pool.observed(.attention) {
            workspace.prepareRotation(slot, tokens: tokens, pairs: dimensions / 2) { token, pair in
                Double(start + token) * frequencies[pair]
            }
        }
    }
}

/// Cosines and sines of all angles of a piece of tokens, `[tokens, dimensions / 2]` each.
struct Rotation: Sendable {
    var cosines: [Float] = []
    var sines: [Float] = []
}

extension Workspace {
    /// Fills one of the rotations.
    fileprivate func prepareRotation(_ slot: Int, tokens: Int, pairs: Int, angle: (Int, Int) -> Double) {
        while rotations.count <= slot { rotations.append(Rotation()) }
        rotations[slot].cosines.reserve(tokens * pairs)
        rotations[slot].sines.reserve(tokens * pairs)
        for token in 0..<tokens {
            for pair in 0..<pairs {
                let angle = angle(token, pair)
                rotations[slot].cosines[token * pairs + pair] = Float(cos(angle))
                rotations[slot].sines[token * pairs + pair] = Float(sin(angle))
            }
        }
    }
}
