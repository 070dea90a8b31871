public import Chat
public import Screen

/// All of the screen's state.
public struct AppModel: Sendable {
    /// What is known of the engine.
    public enum Engine: Sendable, Equatable {
        case loading
        case ready(ModelSummary)
        case failed(ChatFailure)
    }

    /// What the engine is doing for this screen.
    public enum Activity: Sendable, Equatable {
        case idle
        /// Asked; `done` of `total` prompt tokens are read.
        case reading(done: Int, total: Int)
        case answering
        /// Told to stop; the answer's end is still to come.
        case stopping
        case resetting
        /// Going to another turn.
        case moving
        /// Loading another model.
        case loading
        /// Measuring the model's speed.
        case measuring
    }

    /// What ^C or Enter leave for the next key.
    enum Pending: Sendable, Equatable {
        case nothing
        /// Esc with nothing to stop and nothing written; another one opens the timeline.
        case timeline
        /// ^X; the next key is looked up in `KeyMap.afterPrefix`. They are listed at a time that comes with the next
        /// tick.
        case prefix(due: Double?)
        case prefixListed
        /// ^C on an empty line; the time it ends at comes with the next tick.
        case quit(until: Double?)
    }

    public internal(set) var size: Size
    public var theme: Theme {
        didSet { if !usesColor { theme = theme.colorless } }
    }
    public var glyphs: Glyphs {
        didSet {
            let glyphs = glyphs
            changeTranscripts { $0.glyphs = glyphs }
        }
    }
    /// The chat, and behind it the two sides of a comparison while there is one.
    var panes: [Pane]
    /// The index of the conversation that the keys are for.
    var focus = 0
    /// Whether something changed since the last frame.
    public internal(set) var needsDraw = true

    /// What the two sides of a comparison share, while there is one.
    var pair: PairModel?
    /// Whether the chat has the whole width.
    var isZoomed = false
    /// What the keys do.
    public var keys = KeyMap.standard
    var composer: Composer
    /// What vi's keys have come to, where they edit the text.
    var vi = ViKeys()
    var pending = Pending.nothing
    /// What lies over the chat.
    var overlay: (any Overlay)?
    /// What the command that is being written can become.
    var completion: Completion?
    /// What was found last of words that only the program knows, and what is looked for.
    var foundWords: FoundWords?
    var soughtWords: WordSearch?
    /// What was asked for last while a command was written.
    var sought: Command.Words?
    /// Whether the terminal shows colours.
    public var usesColor = true {
        didSet { if !usesColor { theme = theme.colorless } }
    }
    public internal(set) var showsKeyBar = true
    /// Whether the mouse wheel is ours; then the terminal selects text only with Shift.
    public internal(set) var usesMouse = false
    /// Whether long lines of code break; else they are cut at the edge.
    var wrapsCode: Bool {
        get { transcript.wrapsCode }
        set { changeTranscripts { $0.wrapsCode = newValue } }
    }
    /// How the screen behaves.
    public internal(set) var options = ScreenOptions() {
        didSet {
            let showsTimes = options.showsTimes
            changeTranscripts { $0.showsTimes = showsTimes }
        }
    }
    /// Where the values of settings come from that weren't changed in this run, by their names in the configuration file.
    public var origins: [String: String] = [:]
    /// What settings were that were changed in this run, by name.
    var firstValues: [String: FirstValue] = [:]
    /// What was said beside the chat.
    public internal(set) var log = MessageLog()
    /// Whether the terminal says that the reader looks elsewhere.
    var isUnfocused = false
    /// What shapes the next answer.
    public var generation = GenerationOptions() {
        didSet { for index in panes.indices { panes[index].readings.sampling = generation.sampling } }
    }
    /// Where chats are kept, as the reader would write it; nil where they aren't.
    public var chatFolder: String?
    /// Text that the next answer begins with.
    var opening = ""
    /// The forms of the meters that don't have their usual one.
    var meters: [MeterName: MeterForm] = [:]
    /// The themes there are, once they were asked for.
    var themes: [ThemeChoice] = []
    /// The notice in one row, for what lies over the chat.
    var noticeLine: String? { notice.isEmpty ? nil : notice.joined(separator: " ") }
    /// What the session's overlays show, once it was asked for.
    var timeline: [TimelineRow] = []
    var sessions: [SessionInfo]?
    var found: [FoundTurn] = []
    var difference: StateDifference?
    /// The place inside an answer where the session stands, if it was stepped into.
    var tokenPlace: TokenPlace?
    /// What is seen of the model's inside, while somebody looks.
    var mind: Insight?
    /// In a comparison what the other model makes of the same tokens, where they are the same.
    var mindBeside: Insight?
    /// Tokens seen before a question that is asked on a copy of the state.
    var asideFrom: Int?
    /// How a time is written, from seconds since 1970: `2026-11-25 21:04`.
    public var timeText: @Sendable (Double) -> String = { _ in "" }
    /// The text is sent as soon as the model is loaded.
    var sendsWhenLoaded = false
    /// A few lines above the hints, until the next change of the text; in as many rows as they need.
    var notice: [String] = [] {
        didSet {
            if !notice.isEmpty, notice != oldValue { log.add(notice.joined(separator: " "), clock: clock) }
            notice = notice.flatMap { rows(of: $0) }
        }
    }
    var clock: String
    /// The day of the clock, such as `2026-11-25`; empty until the clock was sent.
    var day = ""

    /// An empty chat whose model is being loaded.
    ///
    /// - Parameters:
    ///   - history: Lines sent in earlier runs, oldest first.
    ///   - clock: The wall clock as headers show it, such as `21:04`.
    public init(size: Size, theme: Theme, glyphs: Glyphs = .unicode, history: [String] = [], clock: String = "") {
        self.size = size
        self.theme = theme
        self.glyphs = glyphs
        self.clock = clock
        panes = [
            Pane(transcript: Transcript(columns: ScreenLayout.chatColumns(size, hasPanel: true), glyphs: glyphs))
        ]
        composer = Composer(width: ScreenLayout.composerWidth(columns: size.columns), history: history)
    }

    /// Whether `Message.tick` is needed although nothing was pressed.
    public var wantsTicks: Bool {
        switch pending {
        case .quit, .prefix: true
        case .nothing, .prefixListed, .timeline: false
        }
    }

    /// Whether there is a panel of meters beside the chat.
    var showsPanel: Bool {
        pair == nil && !isZoomed && size.columns >= SidePanel.minimumScreenColumns
            && Meters.all.contains { Meters.form(of: $0, in: meters) != .off }
    }

    /// Wraps the chat for the room that it has.
    mutating func layOutChat() {
        panes[0].transcript.resize(columns: ScreenLayout.chatColumns(size, hasPanel: showsPanel))
        guard let pair else { return }
        for side in ChatPair.Side.allCases {
            panes[side.pane].transcript.resize(columns: PairLayout.textColumns(size, isZoomed: pair.isZoomed))
        }
    }

    /// Shows the meters in these forms.
    mutating func setMeters(_ forms: [MeterName: MeterForm]) {
        meters = forms
        layOutChat()
    }

    /// Takes out what was said beside the chat since the last time.
    public mutating func takeLog() -> [MessageLog.Line] {
        log.takeNew()
    }

    /// What shapes the answer that begins now; what is for one answer goes with it.
    public mutating func takeGeneration() -> GenerationOptions {
        var options = generation
        (options.opening, opening) = (opening, "")
        return options
    }

    /// Whether the engine is at work on an answer.
    public var isBusy: Bool {
        panes.contains { $0.activity != .idle }
    }

    /// What has been written and not sent, with pastes in full.
    public var draft: String {
        composer.text
    }
}
