/// How the next token is chosen.
///
/// Which filters exist, and their order, is the engine's `Sampler`.
public struct SamplingOptions: Sendable, Equatable {
    /// 0 is greedy: the most likely token, and no randomness at all.
    ///
    /// Low by default: small models lose the thread at higher ones.
    public var temperature: Double = 0.2
    /// Only the k most likely tokens; 0 means all.
    public var topK: Int = 40
    /// Only the smallest set of tokens whose probability reaches this; 1 means all.
    public var topP: Double = 0.95
    /// Only tokens at least this fraction as likely as the most likely one; 0 means all.
    public var minP: Double = 0.05
    /// Locally typical sampling (arXiv 2202.00666): the mass to keep; 1 means all.
    public var typicalP: Double = 1
    /// Divides (or, where negative, multiplies) the logits of recent tokens (arXiv 1909.05858 §4.1); 1 means off.
    public var repeatPenalty: Double = 1.1
    /// Taken from the logit once for each recent occurrence.
    public var frequencyPenalty: Double = 0
    /// Taken from the logit of every recent token.
    public var presencePenalty: Double = 0
    /// How many of the answer's last tokens count as recent; those of earlier answers don't, or recall would suffer.
    public var penaltyWindow: Int = 64
    /// Added to the logits of these tokens.
    public var logitBias: [Int32: Float] = [:]
    /// The same seed gives the same text; nil draws one.
    public var seed: UInt64?

    public init() {}

    /// Chooses the most likely token, untouched by penalties.
    public static var greedy: SamplingOptions {
        var options = SamplingOptions()
        options.temperature = 0
        options.repeatPenalty = 1
        return options
    }
}

/// Everything that shapes one answer.
public struct GenerationOptions: Sendable, Equatable {
    /// The most tokens of one answer where nobody asks for another number: a small model may never end by itself.
    public static let defaultMaxTokens = 2048
    /// Bytes of keys and values where nobody asks for another number: 2 GiB.
    public static let defaultMaxKeyValueBytes = 2048 << 20

    public var sampling = SamplingOptions()
    /// The most tokens of one answer; nil goes on until the model ends it.
    public var maxTokens: Int? = Self.defaultMaxTokens
    /// Text that the answer begins with, as if the model had chosen it; it is for one answer, and isn't kept.
    public var opening = ""
    /// Texts that end the answer; they are not part of it.
    public var stopTexts: [String] = []
    /// The most bytes that attention layers may hold; a turn that needs more is refused before anything is read.
    public var maxKeyValueBytes = Self.defaultMaxKeyValueBytes
    /// Whether the conversation is read again, as the template renders it with this turn.
    public var rereadsHistory = false
    /// Whether what the layers do with the last tokens is kept, for gauges of layers and for `ChatEngine.insight`.
    ///
    /// It takes memory and some time; without it there is nothing of that.
    public var traces = false
    /// Whether the last places inside the answer are kept, so that stepping back to them reads nothing again.
    ///
    /// It takes two copies of the state; without it the answer is read again as far as such a place.
    public var keepsPlaces = true

    public init() {}
}
