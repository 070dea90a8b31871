import Chat
import Launch
import Screen
import UI

/// What a chat needs to begin, settled from options, environment and configuration.
///
/// All that can be wrong with those shows here, before a screen opens; only the model itself is read later.
struct FrontEnd: Sendable {
    let session: SessionPlan
    /// What a comparison needs, if one is asked for.
    let pair: PairPlan
    let generation: GenerationOptions
    let usesColor: Bool
    /// Whether there are to be plain lines instead of a screen, and who says so.
    let plain: Setting<Bool>
    /// Whose keys edit lines.
    let editMode: EditModeChoice
    /// Where what is worth keeping from run to run lies, such as the line history.
    let stateFolder: String

    /// Where chats lie, as the user would write it.
    let dataFolder: String

    var historyFile: String { stateFolder + "/history" }

    init(
        _ start: SessionStart, compute: ComputeOptions, conversation: ConversationOptions,
        sampling: SamplingFlags, lines: LineFlags, maxTokens: Int? = nil
    ) throws {
        let composition = start.composition
        session = try SessionPlan(start, compute, conversation)
        pair = PairPlan(session: session, compute: compute)
        var generation = try composition.generation(sampling, conversation)
        if let maxTokens { generation.maxTokens = maxTokens }
        self.generation = generation
        let settings = composition.settings
        let color = try composition.setting(SettingKeys.color, flag: lines.color, builtIn: .auto)
        usesColor = settings.usesColor(color, isTerminal: Output.standardOutput.isTerminal)
        let plain = try composition.setting(SettingKeys.plain, flag: lines.plain ? "true" : nil, builtIn: false)
        // A dumb terminal can't have a screen, whatever is asked for.
        let isDumb = settings.environment["TERM"] == "dumb"
        self.plain = isDumb && !plain.value ? Setting(value: true, origin: .environment("TERM")) : plain
        editMode = try composition.value(of: SettingKeys.editMode, flag: nil, builtIn: .emacs)
        stateFolder = composition.directories.state
        let home = settings.environment["HOME"].flatMap { $0.isEmpty ? nil : $0 + "/" }
        let data = composition.directories.data
        dataFolder = home.flatMap { data.hasPrefix($0) ? "~/" + data.dropFirst($0.count) : nil } ?? data
    }
}

/// How the whole screen is drawn.
struct ScreenLook: Sendable {
    let theme: Theme
    let themes: ThemeFiles
    let glyphs: Glyphs
    let keys: KeyMap
    /// What the settings are, by their names in the configuration file, and where from.
    let settings: [(name: String, value: String, origin: SettingOrigin)]
    /// Where changed settings are written.
    let configurationFile: String

    init(_ composition: Composition, _ flags: ScreenFlags, _ sampling: SamplingFlags) throws {
        let name = try composition.value(of: SettingKeys.theme, flag: flags.theme, builtIn: "ansi")
        themes = ThemeFiles(ThemeLocator(composition.directories))
        theme = try themes.theme(name)
        // The Linux console has no braille.
        let usual: GlyphChoice = composition.settings.environment["TERM"] == "linux" ? .block : .unicode
        let choice = try composition.value(of: SettingKeys.glyphs, flag: flags.ascii ? "ascii" : nil, builtIn: usual)
        glyphs = Glyphs.named(choice.rawValue) ?? .unicode
        keys = try KeyFiles.keys(composition.directories)
        var given = sampling.given
        given[SettingKeys.theme.name] = flags.theme
        given[SettingKeys.glyphs.name] = flags.ascii ? GlyphChoice.ascii.rawValue : nil
        settings = try composition.settings.listing(flags: given)
        configurationFile = composition.settings.configuration.path
    }
}
