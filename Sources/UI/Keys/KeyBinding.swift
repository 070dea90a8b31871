public import Screen

/// Keys and what they do.
///
/// One table feeds dispatch, the key bar, the hints and the help, so that they can't drift apart.
public struct KeyBinding: Sendable {
    /// Under which heading the help lists it.
    public enum Group: String, Sendable, CaseIterable {
        case talk = "Talk", move = "Move", edit = "Edit", state = "State", compare = "Compare", window = "Window"
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

    /// Gives it one more key, which is shown first.
    mutating func add(_ key: Key) {
        keys.insert(key, at: 0)
        shown += 1
    }

    /// Takes a key from it.
    mutating func remove(_ key: Key) {
        guard let index = keys.firstIndex(of: key) else { return }
        keys.remove(at: index)
        shown = min(keys.count, index < shown ? max(1, shown - 1) : shown)
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
}
