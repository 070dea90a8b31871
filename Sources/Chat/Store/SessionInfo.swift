/// Names a session for good, whatever it is called.
public struct SessionID: Sendable, Hashable, Codable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

/// What lists show of a session.
public struct SessionInfo: Sendable, Equatable {
    public var id: SessionID
    /// What the user calls it; no two sessions have the same.
    public var name: String
    /// The model that its turns were made with.
    public var model: ModelIdentity
    /// What the model was loaded from, for `-m`: a path or a name.
    public var modelSource: String
    /// The system prompt that it began with; nil is the model's own.
    public var systemPrompt: String?
    /// Whether it is a persona: a place to begin new sessions from.
    public var isPersona: Bool
    /// Seconds since 1970.
    public var created: Double
    /// Seconds since 1970.
    public var changed: Double
    /// Turns on all branches, but for the beginning.
    public var turns: Int
    /// The turn where it stands.
    public var current: TurnID?
    /// Tokens that the state has read there.
    public var tokensSeen: Int
    /// Bytes of its snapshots on disk; what it shares with others counts in full.
    public var snapshotBytes: Int
    /// The first line of its first question.
    public var firstWords: String

    public init(
        id: SessionID, name: String, model: ModelIdentity, modelSource: String, systemPrompt: String? = nil,
        isPersona: Bool = false, created: Double, changed: Double, turns: Int = 0, current: TurnID? = nil,
        tokensSeen: Int = 0, snapshotBytes: Int = 0, firstWords: String = ""
    ) {
        self.id = id
        self.name = name
        self.model = model
        self.modelSource = modelSource
        self.systemPrompt = systemPrompt
        self.isPersona = isPersona
        self.created = created
        self.changed = changed
        self.turns = turns
        self.current = current
        self.tokensSeen = tokensSeen
        self.snapshotBytes = snapshotBytes
        self.firstWords = firstWords
    }
}

/// A session that is to be made.
public struct NewSession: Sendable, Equatable {
    /// Nil makes a name of the date: `2026-11-25`, `2026-11-25-2` ….
    public var name: String?
    public var model: ModelIdentity
    public var modelSource: String
    public var systemPrompt: String?
    public var isPersona: Bool
    /// Settings that go with it, by name.
    public var settings: [String: String]

    public init(
        name: String? = nil, model: ModelIdentity, modelSource: String, systemPrompt: String? = nil,
        isPersona: Bool = false, settings: [String: String] = [:]
    ) {
        self.name = name
        self.model = model
        self.modelSource = modelSource
        self.systemPrompt = systemPrompt
        self.isPersona = isPersona
        self.settings = settings
    }
}
