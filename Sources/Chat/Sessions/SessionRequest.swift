/// Something that a reader asks of the session, besides an answer.
public enum SessionRequest: Sendable, Equatable {
    case go(ChatSession.Move)
    /// Asks for all turns.
    case timeline
    /// Begins a new session from a turn, or from where this one stands.
    case fork(name: String?, turn: String?)
    /// Begins a branch where the session stands, or names the one it is on.
    case branch(name: String?)
    /// Names the branch that begins with a turn; nil takes the name away.
    case nameBranch(String?, turn: String)
    /// Marks a turn, or the current one; without a name it gets one.
    case bookmark(name: String?, turn: String?)
    case removeBookmark(turn: String)
    /// Deletes a turn and all after it.
    case removeBranch(turn: String)
    /// Compares two turns; a missing one is the current turn, or the one before it.
    case difference(from: String?, to: String?)
    /// Mixes another turn's state into the current one: an experiment.
    case merge(turn: String, weight: Double)
    /// Looks at the place so many tokens before the end of the current answer, or of a turn that it goes to.
    case step(back: Int, turn: String?)
    /// Asks what the model's memory holds.
    case state
    /// Measures the model's speed on so many tokens.
    case measureSpeed(tokens: Int)
    /// Shows or replaces the system prompt.
    case system(String?)
    /// Keeps the session, under a name if there is one.
    case save(name: String?)
    case load(name: String)
    /// Asks for all sessions, or those with some words.
    case sessions(matching: String?)
    case rename(to: String, session: String?)
    case removeSession(String)
    case export(TranscriptFormat, file: String?, session: String?)
    case importFile(String)
    case savePersona(String)
    case loadPersona(String)
    /// Looks inside the model.
    case mind(MindRequest)
}

/// What a reader asks who looks inside the model.
public enum MindRequest: Sendable, Equatable {
    case look(InsightQuery)
    /// Writes what there is to see to a file: JSON, or a drawing where its name ends with `.svg`.
    case export(InsightQuery, file: String)
    /// Nobody looks any more: what was read again for it can go.
    case close
}

/// Something that is answered as a message is, with a stream of events.
public enum AnswerRequest: Sendable, Equatable {
    /// The last question again.
    case again
    /// More of an answer that was cut off.
    case continuation
    /// A turn's question in other words, beside it.
    case edit(turn: String, text: String)
    /// A question on a copy of the state, which leaves no trace.
    case aside(String)
    /// A token by its place among those that are shown, from 1: what readers type.
    case pick(Int)
    /// Another token so far back in the answer.
    case take(Int32, back: Int)
}

extension SessionRequest {
    /// Reads what a command says; nil for commands that ask nothing of the session.
    ///
    /// - Throws: `ChatFailure` that says what the command takes.
    public init?(_ command: Command.Name, argument: String) throws {
        let words = argument.split(whereSeparator: \.isWhitespace).map(String.init)
        let line = words.joined(separator: " ")
        let name = line.isEmpty ? nil : line
        let usage = Self.usage(of: command, argument: line)
        switch command {
        case .undo, .redo, .goto:
            guard let move = ChatSession.Move(command, argument: argument) else { throw usage }
            self = .go(move)
        case .time: self = .timeline
        case .fork: self = .fork(name: name, turn: nil)
        case .branch: self = .branch(name: name)
        case .bookmark: self = .bookmark(name: name, turn: nil)
        case .diff:
            guard words.count <= 2 else { throw usage }
            self = .difference(from: words.first, to: words.dropFirst().first)
        case .merge:
            let weight = words.count == 2 ? Double(words[1]) : 0.5
            guard (1...2).contains(words.count) else { throw usage }
            guard let weight, (0...1).contains(weight) else {
                throw ChatFailure(what: "/merge takes a weight from 0 to 1, not '\(words[1].prefix(24))'")
            }
            self = .merge(turn: words[0], weight: weight)
        case .step:
            guard words.count <= 1, let back = words.isEmpty ? 0 : Int(line), back >= 0 else { throw usage }
            self = .step(back: back, turn: nil)
        case .state:
            guard words.isEmpty else { throw usage }
            self = .state
        case .bench:
            let tokens = words.isEmpty ? Self.measuredTokens : Int(line)
            guard let tokens, Self.measurableTokens.contains(tokens) else {
                throw ChatFailure(
                    what: "/bench takes a number from \(Self.measurableTokens.lowerBound) to "
                        + "\(Self.measurableTokens.upperBound), not '\(line.prefix(24))'")
            }
            self = .measureSpeed(tokens: tokens)
        case .system: self = .system(argument.isEmpty ? nil : argument)
        case .save: self = .save(name: name)
        case .sessions: self = .sessions(matching: name)
        case .load, .rename, .import:
            guard let name else { throw usage }
            self =
                command == .load
                ? .load(name: name) : command == .rename ? .rename(to: name, session: nil) : .importFile(name)
        case .export:
            guard let format = words.first.map({ TranscriptFormat(rawValue: $0) }) ?? .hiss else { throw usage }
            let file = words.dropFirst().joined(separator: " ")
            self = .export(format, file: file.isEmpty ? nil : file, session: nil)
        case .persona:
            let rest = words.dropFirst().joined(separator: " ")
            guard let verb = words.first, ["save", "load"].contains(verb), !rest.isEmpty else { throw usage }
            self = verb == "save" ? .savePersona(rest) : .loadPersona(rest)
        case .mind:
            guard let request = MindRequest(words) else { throw usage }
            self = .mind(request)
        default: return nil
        }
    }

    /// Tokens that a speed is measured on where nobody says how many, and how many there may be.
    private static let measuredTokens = 64
    private static let measurableTokens = 8...2048

    /// What to say of an argument that a command doesn't take.
    fileprivate static func usage(of command: Command.Name, argument: String) -> ChatFailure {
        let form = Command.all.first { $0.name == command }?.argument ?? "nothing"
        return ChatFailure(
            what: argument.isEmpty
                ? "/\(command.rawValue) takes \(form)"
                : "/\(command.rawValue) takes \(form), not '\(argument.prefix(24))'")
    }
}

extension AnswerRequest {
    /// Reads what a command says; nil for commands that aren't answered.
    ///
    /// - Throws: `ChatFailure` that says what the command takes.
    public init?(_ command: Command.Name, argument: String) throws {
        let words = argument.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
        let usage = SessionRequest.usage(of: command, argument: argument)
        switch command {
        case .regen: self = .again
        case .continue: self = .continuation
        case .edit:
            if words.count == 1 {
                throw ChatFailure(what: "/edit \(words[0].prefix(24)) needs the question's new text behind it")
            }
            guard words.count == 2 else { throw usage }
            self = .edit(turn: words[0], text: words[1])
        case .ask:
            guard !words.isEmpty else { throw usage }
            self = .aside(argument)
        case .pick:
            guard words.count == 1, let rank = Int(words[0]), rank > 0 else { throw usage }
            self = .pick(rank)
        default: return nil
        }
    }
}

extension MindRequest {
    /// Reads `[TOKEN [LAYER [HEAD]]] [export FILE]`; nil where the words are something else.
    init?(_ words: [String]) {
        let numbers = words.prefix { $0 != "export" }
        let rest = words.dropFirst(numbers.count)
        let values = numbers.compactMap { Int($0) }
        guard values.count == numbers.count, values.count <= 3, values.allSatisfy({ $0 >= 0 }), rest.count != 1 else {
            return nil
        }
        func value(_ index: Int) -> Int? { values.indices.contains(index) ? values[index] : nil }
        let query = InsightQuery(position: value(0), layer: value(1), head: value(2))
        self = rest.isEmpty ? .look(query) : .export(query, file: rest.dropFirst().joined(separator: " "))
    }
}
