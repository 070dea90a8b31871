/// A slash command.
///
/// The table feeds parsing, help and completion of both front ends, so that they can't drift apart.
public struct Command: Sendable, Equatable {
    public enum Name: String, Sendable, CaseIterable {
        case help, regen, `continue`, stop, edit, ask, prefill, undo, redo, goto, time, fork, branch, bookmark, diff,
            step, pick, mind
        case merge, state, system, reset, save, load, sessions, rename, export, `import`, persona
        case compare, lockstep, swap, vote, blind
        case file
        case editFile = "edit-file"
        case stats, model, models, bench, set
        case resetSettings = "reset-set"
        case seed, meters, theme, find, copy, keys, wrap, ascii, mouse, info, doctor, log
        case dumpFrame = "dump-frame"
        case quit
    }

    public var name: Name
    /// Placeholder of its argument, or nil if it takes none.
    public var argument: String?
    public var summary: String
    /// Whether it may be given while an answer is being made.
    public var whileGenerating: Bool
    /// What its argument can be completed to: by place, of which the last takes the rest of the line.
    public var words: [Words] = []

    /// What can stand in an argument's place.
    public enum Words: Sendable, Equatable {
        /// One of these.
        case listed([String])
        case commands, settings, settingValues, themes, sessions, personas, models
        /// Turns, bookmarks and branches.
        case turns
        case files
    }

    /// How it is written: `/reset [SYSTEM PROMPT]`.
    public var call: String {
        "/" + name.rawValue + (argument.map { " " + $0 } ?? "")
    }

    /// What to say of a word behind a command that takes none; nil where there is none, or it takes one.
    public static func refusal(of name: Name, argument: String) -> String? {
        guard !argument.allSatisfy(\.isWhitespace), all.contains(where: { $0.name == name && $0.argument == nil })
        else { return nil }
        return "/\(name.rawValue) takes nothing, not '\(argument.prefix(24))'"
    }

    public static let all: [Command] = [
        Command(
            name: .help, argument: "[WORDS]", summary: "list keys and commands", whileGenerating: true,
            words: [.commands]),
        Command(
            name: .regen, argument: nil, summary: "answer the last question anew; both answers stay",
            whileGenerating: false),
        Command(
            name: .continue, argument: nil, summary: "go on with an answer that was cut off",
            whileGenerating: false),
        Command(name: .stop, argument: nil, summary: "stop the answer, as Esc does", whileGenerating: true),
        Command(
            name: .edit, argument: "[TURN TEXT]", summary: "ask a turn's question in other words, beside it",
            whileGenerating: false,
            words: [.turns]),
        Command(
            name: .ask, argument: "QUESTION", summary: "ask on a copy of the state; it leaves no trace",
            whileGenerating: false),
        Command(
            name: .prefill, argument: "[TEXT]", summary: "let the next answer begin with this text",
            whileGenerating: false),
        Command(
            name: .undo, argument: "[N]", summary: "go back a turn, or N; nothing is read again", whileGenerating: false
        ),
        Command(name: .redo, argument: "[N]", summary: "go forth again a turn, or N", whileGenerating: false),
        Command(
            name: .goto, argument: "TURN", summary: "go to a turn, a bookmark or a branch", whileGenerating: false,
            words: [.turns]),
        Command(name: .time, argument: nil, summary: "list all turns, branches too", whileGenerating: false),
        Command(
            name: .fork, argument: "[NAME]", summary: "begin a new session from here",
            whileGenerating: false),
        Command(
            name: .branch, argument: "[NAME]", summary: "begin a branch here, or name the one you are on",
            whileGenerating: false),
        Command(
            name: .bookmark, argument: "[NAME]",
            summary: "mark this turn, for /goto NAME",
            whileGenerating: false),
        Command(
            name: .diff, argument: "[TURN [TURN]]",
            summary: "how two turns' states and next words differ",
            whileGenerating: false,
            words: [.turns, .turns]),
        Command(
            name: .step, argument: "[N]", summary: "what else could be said, N tokens from the end",
            whileGenerating: false),
        Command(
            name: .pick, argument: "N", summary: "go on with the Nth token that was possible there",
            whileGenerating: false),
        Command(
            name: .mind, argument: "[TOKEN [LAYER [HEAD]]] [export FILE]",
            summary: "what a token reads from, by layer", whileGenerating: false),
        Command(
            name: .merge, argument: "TURN [WEIGHT]", summary: "EXPERIMENT: mix another turn's state into this",
            whileGenerating: false,
            words: [.turns]),
        Command(
            name: .state, argument: nil, summary: "what the model's memory holds, layer by layer",
            whileGenerating: false),
        Command(
            name: .system, argument: "[TEXT]", summary: "show the system prompt, or begin with another",
            whileGenerating: false),
        Command(
            name: .reset, argument: "[SYSTEM PROMPT]", summary: "forget everything and start a new conversation",
            whileGenerating: false),
        Command(
            name: .save, argument: "[NAME]", summary: "keep this session, under a name",
            whileGenerating: false),
        Command(
            name: .load, argument: "NAME", summary: "go on with another session",
            whileGenerating: false,
            words: [.sessions]),
        Command(
            name: .sessions, argument: "[WORDS]", summary: "list sessions, or find words in them",
            whileGenerating: true),
        Command(
            name: .rename, argument: "NAME", summary: "give this session another name",
            whileGenerating: false),
        Command(
            name: .export, argument: "[hiss | md | json | txt] [FILE]", summary: "write this session to a file",
            whileGenerating: false,
            words: [.listed(["hiss", "md", "json", "txt"]), .files]),
        Command(
            name: .import, argument: "FILE", summary: "take in a session from a .hiss file",
            whileGenerating: false,
            words: [.files]),
        Command(
            name: .persona, argument: "save NAME | load NAME",
            summary: "keep what was read as a start, or load it",
            whileGenerating: false,
            words: [.listed(["save", "load"]), .personas]),
        Command(
            name: .compare, argument: "[MODEL]",
            summary: "compare with another model, or back to the chat",
            whileGenerating: false),
        Command(
            name: .lockstep, argument: "[on | off]", summary: "feed both models the leading one's tokens",
            whileGenerating: false, words: [.listed(["on", "off"])]),
        Command(
            name: .swap, argument: nil, summary: "let the other model lead in lock-step", whileGenerating: false),
        Command(
            name: .vote, argument: "[a | b | tie | bad]", summary: "say which of two answers is better",
            whileGenerating: false, words: [.listed(["a", "b", "tie", "bad"])]),
        Command(
            name: .blind, argument: "[on | off]",
            summary: "begin anew, with the names hidden until a vote",
            whileGenerating: false, words: [.listed(["on", "off"])]),
        Command(
            name: .file, argument: "FILE", summary: "put a file's text into the message", whileGenerating: true,
            words: [.files]),
        Command(
            name: .editFile, argument: "[TEXT]", summary: "write the message in $VISUAL or $EDITOR",
            whileGenerating: true),
        Command(name: .stats, argument: nil, summary: "show every gauge as text", whileGenerating: true),
        Command(
            name: .model, argument: "[NAME]", summary: "show the model, or begin anew with another",
            whileGenerating: false, words: [.models]),
        Command(name: .models, argument: nil, summary: "list the models that can be named", whileGenerating: true),
        Command(
            name: .bench, argument: "[N]", summary: "measure the model's speed here, on N tokens",
            whileGenerating: false),
        Command(
            name: .set, argument: "[NAME [VALUE]]", summary: "show or change a setting for this run",
            whileGenerating: true,
            words: [.settings, .settingValues]),
        Command(
            name: .resetSettings, argument: nil, summary: "take back every setting changed in this run",
            whileGenerating: true),
        Command(
            name: .seed, argument: "[N | new]", summary: "the seed: the same one gives the same text",
            whileGenerating: true,
            words: [.listed([GenerationSetting.drawnSeed])]),
        Command(
            name: .meters, argument: "[on | off | LIST]", summary: "what the panel beside a wide chat shows",
            whileGenerating: true,
            words: [.listed(["on", "off"])]),
        Command(
            name: .theme, argument: "[NAME]", summary: "change the colours for this run", whileGenerating: true,
            words: [.themes]),
        Command(name: .find, argument: "[WORDS]", summary: "find words in the chat", whileGenerating: true),
        Command(
            name: .copy, argument: "[N | code N | all]",
            summary: "copy the last answer, the Nth, some code, or all", whileGenerating: true,
            words: [.listed(["all", "code"])]),
        Command(name: .keys, argument: nil, summary: "list keys", whileGenerating: true),
        Command(
            name: .wrap, argument: "[on | off]", summary: "break long lines of code, or cut them off",
            whileGenerating: true,
            words: [.listed(["on", "off"])]),
        Command(
            name: .ascii, argument: "[on | off]", summary: "draw with ASCII only", whileGenerating: true,
            words: [.listed(["on", "off"])]),
        Command(
            name: .mouse, argument: "[on | off]", summary: "scroll with the mouse wheel", whileGenerating: true,
            words: [.listed(["on", "off"])]),
        Command(name: .info, argument: nil, summary: "the model, and every path in use", whileGenerating: true),
        Command(
            name: .doctor, argument: nil, summary: "check the terminal, the files and the model",
            whileGenerating: true),
        Command(name: .log, argument: nil, summary: "what was said beside the chat", whileGenerating: true),
        Command(name: .dumpFrame, argument: nil, summary: "write the screen to a file", whileGenerating: true),
        Command(name: .quit, argument: nil, summary: "leave", whileGenerating: true),
    ]
}

/// What a submitted line means.
public enum SubmittedLine: Sendable, Equatable {
    /// Text for the model.
    case message(String)
    case command(Command.Name, argument: String)
    /// A slash word that is no command; never sent to the model.
    case unknown(word: String, nearest: Command.Name?)

    /// Reads a line: `/name argument` is a command, `//` sends a literal slash, all else is for the model.
    public init(_ line: String) {
        guard line.hasPrefix("/") else {
            self = .message(line)
            return
        }
        guard !line.hasPrefix("//") else {
            self = .message(String(line.dropFirst()))
            return
        }
        let body = line.dropFirst()
        let word = String(body.prefix { !$0.isWhitespace })
        let argument = body.dropFirst(word.count).drop { $0.isWhitespace }
        if let name = Command.Name(rawValue: word) {
            self = .command(name, argument: String(argument))
        } else {
            self = .unknown(word: word, nearest: Self.nearest(to: word))
        }
    }

    /// The command with the smallest edit distance, if it is at most 2 and less than the word's length.
    private static func nearest(to word: String) -> Command.Name? {
        let ranked = Command.Name.allCases.map { (name: $0, distance: word.distance(to: $0.rawValue)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= 2,
            best.distance < word.count
        else { return nil }
        return best.name
    }
}
