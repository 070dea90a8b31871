public import Screen

/// What a key does.
public enum Action: Sendable, Hashable, CaseIterable {
    case send, newline, stop, interrupt, deleteOrQuit
    case pageUp, pageDown, home, end, previousMessage, nextMessage
    case left, right, up, down, wordLeft, wordRight, lineStart, lineEnd
    case backspace, delete, killToEnd, killToStart, killWordBack, killWordForward, yank, transpose, undo
    case suspend, redraw, prefix
    case expandPaste, quit, help
}

/// Keys and what they do.
///
/// One table feeds dispatch, the hints and the help, so that they can't drift apart.
public struct KeyBinding: Sendable {
    public var action: Action
    /// The keys; the help shows them in this order.
    public var keys: [Key]
    public var help: String
    /// How many of the keys the help shows; the others are what some terminals send for the same key.
    var shown: Int

    init(_ action: Action, _ keys: [Key], _ help: String, shown: Int? = nil) {
        self.action = action
        self.keys = keys
        self.help = help
        self.shown = shown ?? keys.count
    }
}

/// The key tables.
public enum KeyMap {
    public static let bindings: [KeyBinding] = [
        KeyBinding(.send, [Key(.enter)], "send"),
        KeyBinding(
            .newline, [control("j"), Key(.enter, .alt), Key(.enter, .shift)], "new line", shown: 2),
        KeyBinding(.stop, [Key(.escape)], "stop the answer"),
        KeyBinding(.interrupt, [control("c")], "stop, clear, or quit"),
        KeyBinding(.deleteOrQuit, [control("d")], "delete, quit if empty"),
        KeyBinding(.suspend, [control("z")], "suspend; fg comes back"),
        KeyBinding(.redraw, [control("l")], "draw everything anew"),
        KeyBinding(.pageUp, [Key(.pageUp)], "scroll up a page"),
        KeyBinding(.pageDown, [Key(.pageDown)], "scroll down a page"),
        KeyBinding(.home, [Key(.home)], "line start, or the top"),
        KeyBinding(.end, [Key(.end)], "line end, or follow"),
        KeyBinding(.previousMessage, [Key(.up, .alt)], "message before"),
        KeyBinding(.nextMessage, [Key(.down, .alt)], "message after"),
        KeyBinding(.up, [Key(.up), control("p")], "line up, then history"),
        KeyBinding(.down, [Key(.down), control("n")], "line down, then history"),
        KeyBinding(.left, [Key(.left), control("b")], "left"),
        KeyBinding(.right, [Key(.right), control("f")], "right"),
        KeyBinding(.wordLeft, [Key(.left, .control), alt("b")], "word left"),
        KeyBinding(.wordRight, [Key(.right, .control), alt("f")], "word right"),
        KeyBinding(.lineStart, [control("a")], "line start"),
        KeyBinding(.lineEnd, [control("e")], "line end"),
        KeyBinding(.backspace, [Key(.backspace), control("h")], "delete left", shown: 1),
        KeyBinding(.delete, [Key(.delete)], "delete right"),
        KeyBinding(.killToEnd, [control("k")], "cut to the line end"),
        KeyBinding(.killToStart, [control("u")], "cut to the line start"),
        KeyBinding(.killWordBack, [control("w"), Key(.backspace, .alt)], "cut the word before", shown: 1),
        KeyBinding(.killWordForward, [alt("d")], "cut the word after"),
        KeyBinding(.yank, [control("y")], "paste what was cut"),
        KeyBinding(.transpose, [control("t")], "swap two characters"),
        KeyBinding(.undo, [control("_")], "undo typing"),
        KeyBinding(.prefix, [control("x")], "more keys, see hints"),
    ]

    /// What follows ^X.
    public static let afterPrefix: [KeyBinding] = [
        KeyBinding(.expandPaste, [Key(.character("p"))], "expand paste"),
        KeyBinding(.quit, [Key(.character("q"))], "quit"),
        KeyBinding(.help, [Key(.character("?"))], "help"),
    ]

    private static let actions = table(bindings)
    private static let prefixActions = table(afterPrefix)

    /// What a key does; nil for one that types itself or does nothing.
    public static func action(for key: Key, afterPrefix: Bool) -> Action? {
        afterPrefix ? prefixActions[key] : actions[key]
    }

    private static func table(_ bindings: [KeyBinding]) -> [Key: Action] {
        var table: [Key: Action] = [:]
        for binding in bindings {
            for key in binding.keys { table[key] = binding.action }
        }
        return table
    }

    private static func control(_ letter: Character) -> Key {
        Key(.character(letter), .control)
    }

    private static func alt(_ letter: Character) -> Key {
        Key(.character(letter), .alt)
    }
}

extension KeyBinding {
    /// Its keys as the help writes them: `^J M-Enter`.
    var label: String {
        keys.prefix(shown).map(\.label).joined(separator: " ")
    }
}

extension Key {
    /// The key as the help writes it: `^A`, `M-b`, `PgUp`.
    var label: String {
        var prefix = modifiers.contains(.alt) ? "M-" : ""
        if modifiers.contains(.shift) { prefix += "S-" }
        if case .character(let character) = code {
            return prefix + (modifiers.contains(.control) ? "^" + character.uppercased() : String(character))
        }
        if modifiers.contains(.control) { prefix += "C-" }
        return prefix + code.label
    }
}

extension Key.Code {
    fileprivate var label: String {
        switch self {
        case .character(let character): String(character)
        case .enter: "Enter"
        case .tab: "Tab"
        case .backTab: "S-Tab"
        case .backspace: "Backspace"
        case .delete: "Del"
        case .escape: "Esc"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .function(let number): "F\(number)"
        }
    }
}
