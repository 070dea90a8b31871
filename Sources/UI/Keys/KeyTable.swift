public import Chat

/// The keys and commands as text, made from the tables that they are read with.
public enum KeyTable {
    /// One key or command a line, under headings; what `hiss keys` prints.
    public static func text(_ keys: KeyMap = .standard) -> String {
        let sections = sections(keys).map { title, rows in
            let columns = (rows.map { $0.key.count }.max() ?? 0) + 2
            return ([title] + rows.map { "  " + $0.key.padding(to: columns) + $0.help }).joined(separator: "\n")
        }
        return sections.joined(separator: "\n\n") + "\n"
    }

    /// What one command does, which keys do it, and when it may be given.
    public static func text(of command: Command, _ keys: KeyMap = .standard) -> String {
        let overlay = OverlayName(rawValue: overlayName(of: command.name)).map(Action.overlay)
        let actions = [.command(command.name), overlay, command.name == .stop ? .stop : nil].compactMap { $0 }
        let labels = actions.flatMap { [keys.singleLabel(of: $0), keys.prefixedLabel(of: $0)] }.compactMap { $0 }
        let when = command.whileGenerating ? "At any time." : "Between answers; Esc stops one."
        let key = labels.isEmpty ? "" : "  keys: " + labels.joined(separator: ", ") + "\n"
        return "\(command.call)\n  \(command.summary)\n\(key)  \(when)\n"
    }

    /// The overlay that does what a command without an argument does.
    private static func overlayName(of name: Command.Name) -> String {
        switch name {
        case .set: "settings"
        case .time: "timeline"
        case .keys: "help"
        case .help, .find, .theme, .sessions, .vote: name.rawValue
        default: ""
        }
    }

    /// The keys and commands as tables of Markdown, for the README.
    public static var markdown: String {
        let sections = sections(.standard)
        let keys = sections.dropLast().flatMap(\.rows).map { "`\(escaped($0.key))` | \($0.help)" }
        let half = (keys.count + 1) / 2
        let rows = (0..<half).map { row in
            "| \(keys[row]) | " + (row + half < keys.count ? keys[row + half] : " | ") + " |"
        }
        let commands = Command.all.map { "| `\(escaped($0.call))` | \($0.summary) |" }
        return "| key | | key | |\n| --- | --- | --- | --- |\n" + rows.joined(separator: "\n")
            + "\n\n| command | |\n| --- | --- |\n" + commands.joined(separator: "\n") + "\n"
    }

    private static func sections(_ map: KeyMap) -> [(title: String, rows: [(key: String, help: String)])] {
        let keys = KeyBinding.Group.allCases.map { group in
            (group.rawValue, map.bindings.filter { $0.group == group }.map { (key: $0.label, help: $0.help) })
        }
        return keys + [
            (
                "After \(map.prefixLabel)",
                map.afterPrefix.map { (key: "\(map.prefixLabel) \($0.label)", help: $0.help) }
            ),
            ("Commands", Command.all.map { (key: $0.call, help: $0.summary) }),
        ]
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("|", with: "\\|")
    }
}
