import Chat

/// The keys and commands as text, made from the tables that they are read with.
public enum KeyTable {
    /// One key or command a line, under headings; what `hiss keys` prints.
    public static var text: String {
        let sections = sections.map { title, rows in
            let columns = (rows.map { $0.key.count }.max() ?? 0) + 2
            return ([title] + rows.map { "  " + $0.key.padding(to: columns) + $0.help }).joined(separator: "\n")
        }
        return sections.joined(separator: "\n\n") + "\n"
    }

    /// The keys and commands as tables of Markdown, for the README.
    public static var markdown: String {
        let keys = sections.dropLast().flatMap(\.rows).map { "`\(escaped($0.key))` | \($0.help)" }
        let half = (keys.count + 1) / 2
        let rows = (0..<half).map { row in
            "| \(keys[row]) | " + (row + half < keys.count ? keys[row + half] : " | ") + " |"
        }
        let commands = Command.all.map { "| `\(escaped($0.call))` | \($0.summary) |" }
        return "| key | | key | |\n| --- | --- | --- | --- |\n" + rows.joined(separator: "\n")
            + "\n\n| command | |\n| --- | --- |\n" + commands.joined(separator: "\n") + "\n"
    }

    private static var sections: [(title: String, rows: [(key: String, help: String)])] {
        let keys = KeyBinding.Group.allCases.map { group in
            (group.rawValue, KeyMap.bindings.filter { $0.group == group }.map { (key: $0.label, help: $0.help) })
        }
        return keys + [
            ("After ^X", KeyMap.afterPrefix.map { (key: "^X " + $0.label, help: $0.help) }),
            ("Commands", Command.all.map { (key: $0.call, help: $0.summary) }),
        ]
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("|", with: "\\|")
    }
}
