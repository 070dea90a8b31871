import Chat
import Launch
import Screen

/// What a chat needs to begin, settled from options, environment and configuration.
///
/// All that can be wrong with those shows here, before a screen opens; only the model itself is read later.
struct FrontEnd: Sendable {
    let conversation: ConversationPlan
    let generation: GenerationOptions
    let usesColor: Bool
    /// Whether there are to be plain lines instead of a screen, and who says so.
    let plain: Setting<Bool>
    /// Where what is worth keeping from run to run lies, such as the line history.
    let stateFolder: String

    var historyFile: String { stateFolder + "/history" }

    init(
        _ composition: Composition, compute: ComputeOptions, conversation: ConversationOptions,
        sampling: SamplingFlags, lines: LineFlags
    ) throws {
        self.conversation = try composition.planConversation(compute, conversation)
        generation = try composition.generation(sampling, conversation)
        let settings = composition.settings
        let color = try composition.setting(SettingKeys.color, flag: lines.color, builtIn: .auto)
        usesColor = settings.usesColor(color, isTerminal: Output.standardOutput.isTerminal)
        let plain = try composition.setting(SettingKeys.plain, flag: lines.plain ? "true" : nil, builtIn: false)
        // A dumb terminal can't have a screen, whatever is asked for.
        let isDumb = settings.environment["TERM"] == "dumb"
        self.plain = isDumb && !plain.value ? Setting(value: true, origin: .environment("TERM")) : plain
        stateFolder = composition.directories.state
    }
}

/// How the whole screen is drawn.
struct ScreenLook: Sendable {
    let theme: Theme
    let glyphs: GlyphChoice

    init(_ composition: Composition, _ flags: ScreenFlags) throws {
        let name = try composition.value(of: SettingKeys.theme, flag: flags.theme, builtIn: "ansi")
        let locator = ThemeLocator(composition.directories)
        do {
            // A theme may build on another one, which is found in the same places.
            let loader = ThemeLoader { try Self.source(of: $0, locator) }
            theme = try loader.load(Self.source(of: name, locator))
        } catch let error as ThemeError {
            throw LaunchError(.usage, "the theme '\(name)' is wrong", why: error.description)
        }
        glyphs = try composition.value(of: SettingKeys.glyphs, flag: flags.ascii ? "ascii" : nil, builtIn: .unicode)
    }

    private static func source(of name: String, _ locator: ThemeLocator) throws -> ThemeLoader.Source {
        let path = try locator.locate(name)
        return ThemeLoader.Source(text: try TextInput.text(TextInput.file(path), from: "'\(path)'"), file: path)
    }
}
