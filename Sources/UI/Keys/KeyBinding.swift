public import Screen

/// Keys and what they do.
///
/// One table feeds dispatch, the key bar, the hints and the help, so that they can't drift apart.
public struct KeyBinding: Sendable {
    /// Under which heading the help lists it.
    public enum Group: String, Sendable, CaseIterable {
        case talk = "Talk", move = "Move", edit = "Edit", state = "State", window = "Window"
    }

    public var group: Group
    public var action: Action
    /// The keys; the help shows them in this order.
    public var keys: [Key]
    public var help: String
    /// How many of the keys the help shows; the others are what some terminals send for the same key.
    var shown: Int
    /// Its name in the key bar, if one of the keys is a function key.
    var barLabel: String?

    init(
        _ group: Group, _ action: Action, _ keys: [Key], _ help: String, shown: Int? = nil, barLabel: String? = nil
    ) {
        self.group = group
        self.action = action
        self.keys = keys
        self.help = help
        self.shown = shown ?? keys.count
        self.barLabel = barLabel
    }

    /// The number of its function key.
    var functionNumber: Int? {
        keys.lazy.compactMap { if case .function(let number) = $0.code { number } else { nil } }.first
    }

    /// Its keys as the help writes them: `^J M-Enter`.
    var label: String {
        keys.prefix(shown).map(\.label).joined(separator: " ")
    }
}

extension Key {
    static func control(_ letter: Character) -> Key {
        Key(.character(letter), .control)
    }

    static func alt(_ letter: Character) -> Key {
        Key(.character(letter), .alt)
    }

    static func letter(_ letter: Character) -> Key {
        Key(.character(letter))
    }

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
        case .wheelUp: "Wheel up"
        case .wheelDown: "Wheel down"
        case .function(let number): "F\(number)"
        }
    }
}
