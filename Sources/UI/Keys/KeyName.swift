public import Screen

/// How keys are written, in the help and in `keys.conf` alike: `^A`, `M-b`, `S-Tab`, `C-Left`, `PgUp`, `F5`.
extension Key {
    /// Names of keys that type nothing, with other names that are understood.
    private static let names: [(name: String, code: Code)] =
        [
            ("Enter", .enter), ("Tab", .tab), ("Backspace", .backspace), ("Del", .delete), ("Esc", .escape),
            ("Up", .up), ("Down", .down), ("Left", .left), ("Right", .right), ("Home", .home), ("End", .end),
            ("PgUp", .pageUp), ("PgDn", .pageDown), ("WheelUp", .wheelUp), ("WheelDown", .wheelDown),
            ("Space", .character(" ")), ("Return", .enter), ("Delete", .delete), ("Escape", .escape),
            ("PageUp", .pageUp), ("PageDown", .pageDown),
        ] + (1...24).map { ("F\($0)", .function($0)) }

    /// The key as it is written.
    public var label: String {
        var prefix = modifiers.contains(.alt) ? "M-" : ""
        // A terminal tells Shift-Tab as a key of its own.
        if modifiers.contains(.shift) || code == .backTab { prefix += "S-" }
        let isControl = modifiers.contains(.control)
        if case .character(let character) = code, character != " " {
            return prefix + (isControl ? "^" + character.uppercased() : String(character))
        }
        let code = code == .backTab ? .tab : code
        let name = Self.names.first { $0.code == code }?.name ?? ""
        return prefix + (isControl ? "C-" : "") + name
    }

    /// Reads a key as it is written; nil where there is no such key.
    public init?(label: String) {
        var rest = label[...]
        var modifiers: Modifiers = []
        let prefixes: [(String, Modifiers)] = [
            ("M-", .alt), ("Alt-", .alt), ("S-", .shift), ("Shift-", .shift), ("C-", .control), ("Ctrl-", .control),
        ]
        while let found = prefixes.first(where: {
            rest.count > $0.0.count && rest.lowercased().hasPrefix($0.0.lowercased())
        }) {
            modifiers.insert(found.1)
            rest = rest.dropFirst(found.0.count)
        }
        if rest.count == 2, rest.first == "^" {
            modifiers.insert(.control)
            rest = rest.dropFirst()
        }
        let lowered = rest.lowercased()
        if rest.count == 1, let character = rest.first {
            // Terminals can't tell Ctrl-a from Ctrl-A.
            let letter = modifiers.contains(.control) ? Character(character.lowercased()) : character
            self.init(.character(letter), modifiers)
        } else if let named = Self.names.first(where: { $0.name.lowercased() == lowered }) {
            let isBackTab = named.code == .tab && modifiers.contains(.shift)
            if isBackTab { modifiers.remove(.shift) }
            self.init(isBackTab ? .backTab : named.code, modifiers)
        } else {
            return nil
        }
    }

    /// Whether the key puts a character into the text.
    var typesItself: Bool {
        if case .character = code { modifiers.isDisjoint(with: [.control, .alt]) } else { false }
    }
}
