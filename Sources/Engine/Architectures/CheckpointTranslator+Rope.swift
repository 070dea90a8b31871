import Foundation
import Weights

extension CheckpointTranslator {
    /// Sets the rotary position embedding of heads of `headDim` values.
    ///
    /// Since `transformers` 5 one object says all of it, before that `rope_theta`, `rope_scaling` and names of the
    /// families' own did. Queries and keys stay in the reference's order: a rotated pair is half of what is rotated apart.
    ///
    /// - Parameters:
    ///   - section: the object of `transformers` 5
    ///   - bases: the older names of θ
    ///   - dimensions: how many values are rotated, where an older name says so
    ///   - defaultBase, defaultFraction: what the reference takes where the configuration doesn't say
    mutating func translateRope(
        headDim: Int, section: String = "rope_parameters", bases: [String] = ["rope_theta", "rotary_emb_base"],
        dimensions: Int? = nil, defaultBase: Double = 10_000, defaultFraction: Double = 1
    ) throws {
        let spellings = ["\(section).rope_theta"] + bases
        let base = try config.float(spellings) ?? defaultBase
        set(.ropeBase, .double(base), from: config.value(spellings)?.spelling)
        let fraction = ["\(section).partial_rotary_factor", "partial_rotary_factor", "rotary_pct"]
        let share = try config.float(fraction) ?? defaultFraction
        guard share > 0, share <= 1 else { throw config.wrong(fraction, expected: "a fraction up to 1") }
        let rotated = dimensions ?? Int(Double(headDim) * share)
        set(.ropeDimensions, .integer(Int64(rotated)), from: config.value(fraction)?.spelling)
        set(.ropePairOrder, .string(KeyOrder.halves.rawValue))
        try translateRopeScaling(section, base: base, rotated: rotated)
    }

    private mutating func translateRopeScaling(_ section: String, base: Double, rotated: Int) throws {
        let type = ["\(section).rope_type", "\(section).type", "rope_scaling.rope_type", "rope_scaling.type"]
        switch try config.string(type) ?? "default" {
        case "default": return
        case "linear":
            set(.ropeScalingType, .string("linear"), from: config.value(type)?.spelling)
            try set(.ropeScalingFactor, .double(scaling("factor", section)), from: "factor")
        case "llama3":
            let context = try scaling("original_max_position_embeddings", section)
            let scale = Llama3Scaling(
                factor: try scaling("factor", section), low: try scaling("low_freq_factor", section),
                high: try scaling("high_freq_factor", section), context: context)
            guard let divisors = scale.divisors(base: base, rotated: rotated) else {
                throw config.wrong(type, expected: "one whose factors are positive and in order")
            }
            add(divisors, as: "rope_freqs.weight", from: "rope_scaling")
        default: throw config.wrong(type, expected: "default, linear or llama3, the scalings that can be run")
        }
    }

    private func scaling(_ name: String, _ section: String) throws -> Double {
        let spellings = ["\(section).\(name)", "rope_scaling.\(name)"]
        guard let value = try config.float(spellings) else { throw config.missing(spellings) }
        return value
    }
}

/// The scaling of RoPE that Llama 3.1 came with: low frequencies are divided by a factor, high ones kept.
///
/// Follows Hugging Face `transformers` `modeling_rope_utils.py`, `_compute_llama3_parameters`; GGUF's converter writes
/// the same divisors as `rope_freqs.weight`.
struct Llama3Scaling {
    let factor: Double
    /// Wavelengths longer than `context / low` are divided by the whole factor.
    let low: Double
    /// Wavelengths shorter than `context / high` are kept.
    let high: Double
    /// Tokens of context before the scaling.
    let context: Double

    /// Returns what the frequency of each pair is divided by, or nil where the parameters make no sense.
    func divisors(base: Double, rotated: Int) -> [Float]? {
        guard factor > 0, low > 0, high > low, context > 0, base > 1 else { return nil }
        return (0..<rotated / 2).map { pair in
            let wavelength = 2 * Double.pi * pow(base, 2 * Double(pair) / Double(rotated))
            if wavelength < context / high { return 1 }
            if wavelength > context / low { return Float(factor) }
            let smooth = (context / wavelength - low) / (high - low)
            return Float(1 / ((1 - smooth) / factor + smooth))
        }
    }
}
