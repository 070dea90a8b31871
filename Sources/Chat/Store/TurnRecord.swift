/// Names a turn in its store.
public struct TurnID: Sendable, Hashable, Codable {
    public let rawValue: Int64

    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }
}

/// Names the files of a snapshot by the SHA-256 of the main one, in hexadecimal digits.
public struct SnapshotID: Sendable, Hashable, Codable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

/// The tokens that a turn fed to the model, and in which pieces: fed again like that they give the same state to the bit.
public struct FedTokens: Sendable, Equatable {
    /// The turn's prompt, fed in pieces of `chunkSize`.
    public var prompt: [Int32]
    public var chunkSize: Int
    /// The answer, fed token by token.
    public var completion: [Int32]

    public init(prompt: [Int32] = [], chunkSize: Int, completion: [Int32] = []) {
        self.prompt = prompt
        self.chunkSize = chunkSize
        self.completion = completion
    }

    /// How many tokens that are.
    public var count: Int { prompt.count + completion.count }
}

/// All of a turn but its snapshots.
public struct TurnContent: Sendable, Equatable {
    public enum Kind: String, Sendable, Equatable {
        /// Where the session begins: nothing has been said, or what its persona or the session it was forked from has read.
        case beginning
        /// A question and its answer.
        case reply
        /// More of the answer before, which had been cut off.
        case continuation
        /// A state made of two others, which no text stands for.
        case merge
    }

    public var kind: Kind
    public var question: String
    public var answer: String
    public var reason: FinishReason
    /// What was fed, for replay.
    public var fed: FedTokens
    /// What an engine needs beside state and logits to go on, as a line of JSON that only it understands:
    /// where its sampler stands, and what it has read past the answer.
    public var resumption: String
    /// How the answer was made.
    public var options: GenerationOptions
    public var metrics: Metrics
    /// Tokens that the state has read after it.
    public var tokensSeen: Int
    /// Seconds since 1970.
    public var created: Double

    public init(
        kind: Kind, question: String, answer: String, reason: FinishReason, fed: FedTokens, resumption: String,
        options: GenerationOptions = GenerationOptions(), metrics: Metrics = Metrics(), tokensSeen: Int, created: Double
    ) {
        self.kind = kind
        self.question = question
        self.answer = answer
        self.reason = reason
        self.fed = fed
        self.resumption = resumption
        self.options = options
        self.metrics = metrics
        self.tokensSeen = tokensSeen
        self.created = created
    }
}

/// A turn as it is kept.
public struct TurnRecord: Sendable, Equatable {
    public var id: TurnID
    /// The turn before; nil for the beginning.
    public var parent: TurnID?
    public var content: TurnContent
    /// A branch's name, where one begins that has one.
    public var branch: String?
    public var bookmark: String?
    /// The place after the answer; nil once it was thinned out, or was never written.
    public var snapshot: SnapshotID?
    /// The place where the prompt had been read, to answer again from; kept for the newest turns only.
    public var promptSnapshot: SnapshotID?
    /// What is wrong with it, where it does not fit its digest: then neither its texts, tokens nor snapshots can be trusted.
    public var damage: String?

    public init(
        id: TurnID, parent: TurnID?, content: TurnContent, branch: String? = nil, bookmark: String? = nil,
        snapshot: SnapshotID? = nil, promptSnapshot: SnapshotID? = nil, damage: String? = nil
    ) {
        self.id = id
        self.parent = parent
        self.content = content
        self.branch = branch
        self.bookmark = bookmark
        self.snapshot = snapshot
        self.promptSnapshot = promptSnapshot
        self.damage = damage
    }

    /// The snapshot of one of its places.
    package subscript(place: TurnPlace) -> SnapshotID? {
        get {
            switch place {
            case .answer: snapshot
            case .prompt: promptSnapshot
            }
        }
        set {
            switch place {
            case .answer: snapshot = newValue
            case .prompt: promptSnapshot = newValue
            }
        }
    }
}

/// What a turn has a snapshot of.
public enum TurnPlace: Sendable {
    /// After its answer.
    case answer
    /// Where its prompt had been read.
    case prompt
}

/// A turn that comes with a whole session.
public struct ImportedTurn: Sendable {
    /// Makes a place's files when they are to be written.
    public typealias Snapshot = @Sendable () async throws -> EncodedSnapshot?

    /// The index of the turn before; nil for the beginning.
    public var parent: Int?
    public var content: TurnContent
    public var branch: String?
    public var bookmark: String?
    public var snapshot: Snapshot?
    public var promptSnapshot: Snapshot?

    public init(
        parent: Int?, content: TurnContent, branch: String? = nil, bookmark: String? = nil,
        snapshot: Snapshot? = nil, promptSnapshot: Snapshot? = nil
    ) {
        self.parent = parent
        self.content = content
        self.branch = branch
        self.bookmark = bookmark
        self.snapshot = snapshot
        self.promptSnapshot = promptSnapshot
    }
}

/// A turn in which words were found.
public struct FoundTurn: Sendable, Equatable {
    public var session: SessionID
    public var sessionName: String
    public var turn: TurnID
    /// Some text around the words, with the words between U+2068 and U+2069.
    public var excerpt: String

    public init(session: SessionID, sessionName: String, turn: TurnID, excerpt: String) {
        self.session = session
        self.sessionName = sessionName
        self.turn = turn
        self.excerpt = excerpt
    }
}
