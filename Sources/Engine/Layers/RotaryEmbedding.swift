import Foundation

/// Rotary position embedding (RoPE, arXiv 2104.09864): the angle of each pair of values at each position.
struct RotaryEmbedding: Sendable {
    /// How many values of each head are rotated.
    let dimensions: Int
    /// Radians a position, for each pair.
    private let frequencies: [Double]

    /// Reads `rope.*`, and `rope_freqs.weight` where the file has it; refuses scalings that we don't compute.
    init(_ loader: TensorLoader, headDim: Int) throws {
        let read = loader.hyperparameters
        dimensions = try read.optionalInt(.ropeDimensions) ?? headDim
        guard dimensions > 0, dimensions <= headDim, dimensions % 2 == 0 else {
            throw read.wrong(.ropeDimensions, expected: "an even number up to the head size \(headDim)")
        }
        let base = Double(try read.float(.ropeBase, default: 10_000))
        guard base > 1 else { throw read.wrong(.ropeBase, expected: "a number above 1") }
        var factor = 1.0
        switch read.string(.ropeScalingType) ?? "none" {
        case "none": break
        case "linear": factor = Double(try read.float(.ropeScalingFactor, default: 1))
        default: throw read.wrong(.ropeScalingType, expected: "none or linear, the scalings that can be run")
        }
        guard factor > 0 else { throw read.wrong(.ropeScalingFactor, expected: "a positive number") }
        let perPair =
            loader.has("rope_freqs.weight")
            ? try loader.vector("rope_freqs.weight", count: dimensions / 2)
            : Array(repeating: 1, count: dimensions / 2)
        let width = Double(dimensions)
        frequencies = perPair.enumerated().map { pair, divisor in
            pow(base, -2 * Double(pair) / width) / Double(divisor) / factor
        }
    }

    /// Fills `workspace.cosines` and `.sines`, `[tokens, dimensions / 2]`, for positions from `start` on.
    func prepare(start: Int, tokens: Int, workspace: Workspace) {
        let pairs = dimensions / 2
        workspace.cosines.reserve(tokens * pairs)
        workspace.sines.reserve(tokens * pairs)
        for token in 0..<tokens {
            for pair in 0..<pairs {
                let angle = Double(start + token) * frequencies[pair]
                workspace.cosines[token * pairs + pair] = Float(cos(angle))
                workspace.sines[token * pairs + pair] = Float(sin(angle))
            }
        }
    }
}
