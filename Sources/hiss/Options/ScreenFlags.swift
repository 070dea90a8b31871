import ArgumentParser

/// How a chat's lines look.
struct LineFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Whether to use colour (default: auto).", valueName: "auto|always|never"))
    var color: String?

    @Flag(help: "Plain lines instead of a screen, for screen readers.")
    var plain = false
}

/// How the whole screen looks.
struct ScreenFlags: ParsableArguments {
    @Option(help: ArgumentHelp("A theme's name or file (default: ansi).", valueName: "name|file"))
    var theme: String?

    @Flag(help: "Draw with ASCII characters only.")
    var ascii = false
}
