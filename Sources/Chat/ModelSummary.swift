/// What a front end shows of a loaded model.
public struct ModelSummary: Sendable, Equatable {
    /// A short name: `smolmamba2`.
    public var name: String
    /// The name inside the file: `SmolMamba2 158M Instruct`.
    public var title: String
    /// The family, as files name it: `granitehybrid`.
    public var family: String
    /// Number of weights.
    public var parameters: Int
    /// `fast` or `exact`.
    public var precision: String
    public var threads: Int
    /// Tokens of context the model was trained with, if the file says.
    public var trainedContext: Int?
    /// Bytes of a new session's state.
    public var stateBytes: Int
    /// Bytes by which the state grows with each token; 0 for a purely recurrent model.
    public var stateBytesPerToken: Int
    /// Whether the state is keys and values alone.
    public var isAttentionAlone: Bool { stateBytes == 0 && stateBytesPerToken > 0 }
    /// The attention model that the memory gauge compares with.
    public var attentionBaseline: AttentionBaseline
    /// Whether the model has no chat template, so that turns are laid out as a plain transcript.
    public var isBaseModel: Bool
    /// Whether the template renders earlier turns differently once a turn is added.
    public var rewritesHistory: Bool

    public init(
        name: String, title: String, family: String, parameters: Int, precision: String, threads: Int,
        trainedContext: Int?, stateBytes: Int, stateBytesPerToken: Int, attentionBaseline: AttentionBaseline,
        isBaseModel: Bool = false, rewritesHistory: Bool = false
    ) {
        self.name = name
        self.title = title
        self.family = family
        self.parameters = parameters
        self.precision = precision
        self.threads = threads
        self.trainedContext = trainedContext
        self.stateBytes = stateBytes
        self.stateBytesPerToken = stateBytesPerToken
        self.attentionBaseline = attentionBaseline
        self.isBaseModel = isBaseModel
        self.rewritesHistory = rewritesHistory
    }

    /// What readers should know once, before the first turn.
    ///
    /// - Parameter rereadsHistory: whether each turn reads the conversation again
    public func notes(rereadsHistory: Bool) -> [String] {
        var notes: [String] = []
        if isBaseModel {
            notes.append(
                "a base model, without a chat template: turns are written as User: … and Assistant: …, and the next User: "
                    + "ends an answer; --template has other forms")
        }
        if rewritesHistory, !rereadsHistory {
            notes.append(
                "the model's template renders earlier turns differently once a turn is added; the state keeps them as "
                    + "they were read, and nothing is read again (--rerender would)")
        }
        return notes
    }
}

/// What an attention model of the same size would hold for the same tokens.
public struct AttentionBaseline: Sendable, Equatable {
    /// Who is compared with: `SmolLM2-135M`, or `same-size attention`.
    public var name: String
    /// 2 · attention layers · key-value heads · head size · 2 bytes (keys and values in 16 bits).
    public var bytesPerToken: Int

    public init(name: String, bytesPerToken: Int) {
        self.name = name
        self.bytesPerToken = bytesPerToken
    }
}
