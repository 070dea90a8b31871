import Chat
import Screen

/// The help, made from the tables that keys and commands are read with.
enum HelpText {
    /// Two columns of keys where there is room for them.
    static func text(columns: Int) -> String {
        let keys = rows(KeyMap.bindings.map { ($0.label, $0.help) })
        let more = rows(KeyMap.afterPrefix.map { ("^X " + $0.label, $0.help) })
        let calls = Command.all.map { command in
            ("/" + command.name.rawValue + (command.argument.map { " \($0)" } ?? ""), command.summary)
        }
        var commands = rows(calls)
        if commands.contains(where: { TextWidth.of($0) > columns }) {
            commands = calls.map { "\($0.0)\n    \($0.1)" }
        }
        let sections = [
            "Keys (^ is Ctrl, M- is Alt)", block(keys, columns: columns), "", block(more, columns: columns), "",
            "Commands (// sends a slash)", commands.joined(separator: "\n"),
        ]
        return sections.joined(separator: "\n")
    }

    private static func rows(_ pairs: [(key: String, help: String)]) -> [String] {
        let keyColumns = (pairs.map { TextWidth.of($0.key) }.max() ?? 0) + 2
        return pairs.map { pair in
            pair.key + String(repeating: " ", count: keyColumns - TextWidth.of(pair.key)) + pair.help
        }
    }

    private static func block(_ rows: [String], columns: Int) -> String {
        let widest = (rows.map { TextWidth.of($0) }.max() ?? 0) + 2
        guard columns >= 2 * widest - 2 else { return rows.joined(separator: "\n") }
        let half = (rows.count + 1) / 2
        let lines = (0..<half).map { index in
            guard index + half < rows.count else { return rows[index] }
            let gap = String(repeating: " ", count: widest - TextWidth.of(rows[index]))
            return rows[index] + gap + rows[index + half]
        }
        return lines.joined(separator: "\n")
    }
}
