import Screen

/// What can lie over the chat.
public enum OverlayName: String, Sendable, Hashable, CaseIterable {
    case help, settings, find, history, copy, theme, sessions, timeline, tokens, mind, vote, figures
}

/// How an overlay is reached, and how it is made.
struct OverlayEntry: Sendable {
    var name: OverlayName
    var keys: [Key]
    /// The key after ^X.
    var prefixKey: Character?
    /// Its name in the key bar.
    var barLabel: String?
    /// What the help says of it.
    var help: String
    var make: @Sendable (AppModel) -> any Overlay

    var binding: KeyBinding {
        KeyBinding(.window, .overlay(name), keys, help, barLabel: barLabel)
    }

    var prefixBinding: KeyBinding? {
        prefixKey.map { KeyBinding(.window, .overlay(name), [.letter($0)], help) }
    }
}

/// The overlays; each line gives one its keys, its place in the key bar and in the help.
enum Overlays {
    static let all: [OverlayEntry] = [
        OverlayEntry(
            name: .help, keys: [Key(.function(1))], prefixKey: "?", barLabel: "Help", help: "keys and commands"
        ) { HelpOverlay($0.keys) },
        OverlayEntry(
            name: .settings, keys: [Key(.function(2))], prefixKey: ",", barLabel: "Setup", help: "settings"
        ) { SettingsOverlay($0) },
        OverlayEntry(
            name: .find, keys: [Key(.function(3))], prefixKey: "/", barLabel: "Find", help: "find in the chat"
        ) { _ in FindOverlay() },
        OverlayEntry(
            name: .sessions, keys: [Key(.function(4))], prefixKey: "l", barLabel: "Sess", help: "sessions"
        ) { _ in SessionsOverlay() },
        OverlayEntry(
            name: .timeline, keys: [Key(.function(5))], prefixKey: "t", barLabel: "Time", help: "timeline of turns"
        ) { _ in TimelineOverlay() },
        OverlayEntry(
            name: .theme, keys: [Key(.function(9))], prefixKey: "T", barLabel: "Theme", help: "colours"
        ) { ThemeOverlay($0) },
        OverlayEntry(name: .history, keys: [.control("r")], help: "search the lines sent") {
            HistoryOverlay(history: $0.composer.history, draft: $0.draft)
        },
        OverlayEntry(name: .vote, keys: [], prefixKey: "v", help: "vote on two answers") { _ in VoteOverlay() },
        OverlayEntry(name: .figures, keys: [], prefixKey: "n", help: "comparison figures") { _ in
            FiguresOverlay()
        },
        OverlayEntry(name: .copy, keys: [], prefixKey: "[", help: "copy mode") { _ in CopyOverlay() },
    ]
}
