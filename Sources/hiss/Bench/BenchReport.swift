import Chat
import Engine
import JSON
import Launch
import UI

/// All that `hiss bench` found.
struct BenchReport {
    var model: ModelSummary
    var instructionSet: String
    var promptTokens, decodeTokens, repetitions: Int
    /// One for each depth; at least one.
    var speeds: [DepthSpeeds]
    var loadSeconds: Double
    var peakBytes: Int
    /// Bytes that decoding a token reads of the weights.
    var weightBytesPerToken: Int
    var multiplyAdds: MultiplyAdds
    /// Bytes per second.
    var readBandwidth: Double
    /// Where time goes, where it was asked for.
    var profile: Profile?
    /// What an answer takes beside decoding, where it was asked for.
    var answer: AnswerMeasure.Outcome?
    /// Two sessions at the same time, where it was asked for.
    var sideBySide: SideBySideMeasure.Outcome?
    /// Keeping a conversation and coming back to it, where it was asked for.
    var sessions: SessionMeasure.Outcome?
    /// What the kernels do, where it was asked for, and the operations per second of a prompt that follow.
    var kernels: [KernelMeasure.Row]
    var kernelPeak: Double

    /// Bytes that decoding a token reads of the weights, and reads and writes of the state.
    func bytesPerToken(_ speeds: DepthSpeeds) -> Int { weightBytesPerToken + speeds.stateBytesPerToken }

    /// The part of the read bandwidth that decoding uses; above 1 where caches keep a part of the weights.
    func bandwidthFraction(_ speeds: DepthSpeeds) -> Double {
        Double(bytesPerToken(speeds)) * speeds.decode.median / readBandwidth
    }

    /// Operations per second while a prompt is read.
    func prefillRate(_ speeds: DepthSpeeds) -> Double {
        let products = Double(promptTokens * multiplyAdds.perToken + multiplyAdds.head)
        return 2 * products / (Double(promptTokens) / speeds.prefill.median)
    }
}

/// Multiply-adds of weights.
struct MultiplyAdds {
    /// For each token of a prompt.
    var perToken: Int
    /// For each token whose logits are wanted, in addition.
    var head: Int

    init(_ model: Model) {
        perToken = model.layerMatrices.reduce(0) { $0 + $1.value * $1.key.rows * $1.key.columns }
        head = model.headMatrix.map { $0.rows * $0.columns } ?? 0
    }
}
